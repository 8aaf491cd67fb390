"""Rights follow from memberships: who, in which role, for which scope, from when to when."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from techforce.core.calendar import today
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.core.querysets import RowQuerySet, is_known


class MembershipQuerySet(RowQuerySet):
    def live(self, on: datetime.date | None = None) -> Self:
        """Accepted, started and not ended on the day `on` (Eastern time; default today)."""
        on = on or today()
        return self.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            user__isnull=False,
            accepted_at__isnull=False,
            starts_on__lte=on,
        )

    def held_by(self, user: Any) -> Self:
        """What counts for `user` today: one's own, and what the people hold whose duties one carries."""
        return self.live().filter(Q(user=user) | Q(user__in=user.live_givers()))

    def invited(self) -> Self:
        """Invitations that nobody has accepted yet."""
        return self.filter(accepted_at__isnull=True, ends_on__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """One's own; OPM staff see all."""
        if not is_known(user):
            return self.none()
        return self.all() if user.is_staff else self.filter(user=user)


class Membership(Row, Versioned):
    """A role held by a user. An invitation is such a row with an address and without acceptance; it is
    accepted by the signed-in account that opens its link, never by matching addresses."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        related_query_name="%(class)s",
        verbose_name=_("user"),
    )
    invited_email = models.EmailField(_("invited address"), blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"), default=today)
    ends_on = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Last day, in Eastern time"))

    objects = MembershipQuerySet.as_manager()

    if TYPE_CHECKING:  # each kind of membership has a `role` with its own choices
        role: models.CharField[str, str]

        def get_role_display(self) -> str: ...

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, accepted_at__isnull=False)
                | (Q(user__isnull=True, accepted_at__isnull=True) & ~Q(invited_email="")),
                name="%(app_label)s_%(class)s_accepted_or_invited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.invited_email}: {self.get_role_display()}"


class OpmRole(models.TextChoices):
    """The groups of OPM staff (architecture §5)."""

    REVIEWER = "reviewer", _("Reviewer")
    HR_DECIDER = "hr_decider", _("HR decider")
    PROGRAM_MANAGER = "program_manager", _("Program manager")
    CASE_MANAGER = "case_manager", _("Case manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    RECORDS_OFFICER = "records_officer", _("Records officer")
    AUDITOR = "auditor", _("Auditor")


KNOWS_PEOPLE = frozenset(OpmRole.values) - {OpmRole.REVIEWER.value}
"""Roles that may know who is who. A reviewer rates people without knowing them, so a list of accounts in the order of
their making would help to guess."""


@track("user", "role", "starts_on", "ends_on", "accepted_at")
@record(
    "A role in the OPM program office.",
    keep="6 years after it ends (GRS 3.2/030)",
    columns={"invited_email": Sensitivity.PERSONAL},
)
class OpmMembership(Membership):
    role = models.CharField(_("role"), max_length=20, choices=OpmRole)

    class Meta(Membership.Meta):
        verbose_name = _("OPM membership")
        verbose_name_plural = _("OPM memberships")
        constraints = [
            *Membership.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=OpmRole.values), name="opm_role_known"),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends_on__isnull=True),
                name="one_open_opm_membership_a_role",
            ),
        ]


class DelegationQuerySet(RowQuerySet):
    def live(self, on: datetime.date | None = None) -> Self:
        on = on or today()
        return self.filter(revoked_at__isnull=True, starts_on__lte=on, ends_on__gte=on)

    def visible_to(self, user: Any) -> Self:
        """Both parties, and OPM staff."""
        if not is_known(user):
            return self.none()
        return self.all() if user.is_staff else self.filter(Q(giver=user) | Q(taker=user))


@track("giver", "taker", "starts_on", "ends_on", "revoked_at")
@record("A dated hand-over of someone's duties; acts under it show both names.", keep="6 years after it ends")
class Delegation(Row):
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given", verbose_name=_("from")
    )
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_taken", verbose_name=_("to")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegation_to_someone_else"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"
