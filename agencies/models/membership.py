"""Who acts for an agency."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency, Office
from agencies.querysets import AgencyMembershipQuerySet
from agencies.workflow import AgencyRole
from techforce.accounts.models import Membership
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record


@track("user", "role", "agency", "office", "starts_on", "ends_on", "accepted_at")
@record(
    "A role in an agency, or in one office of it.",
    keep="6 years after it ends (GRS 3.2/030)",
    columns={"invited_email": Sensitivity.PERSONAL},
)
class AgencyMembership(Membership):
    role = models.CharField(_("role"), max_length=20, choices=AgencyRole)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships", verbose_name=_("agency"))
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("office"),
        help_text=_("Empty: the whole agency, without its components"),
    )

    objects = AgencyMembershipQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Membership.Meta):
        verbose_name = _("agency membership")
        verbose_name_plural = _("agency memberships")
        constraints = [
            *Membership.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=AgencyRole.values), name="agency_role_known"),
            models.UniqueConstraint(
                fields=["user", "role", "agency", "office"],
                condition=Q(ends_on__isnull=True, user__isnull=False),
                nulls_distinct=False,
                name="one_open_agency_membership_a_role",
            ),
            CompositeForeignKey(
                name="membership_office_in_agency",
                fields=["office", "agency"],
                to="agencies.Office",
                to_fields=["id", "agency"],
            ),
        ]

    def covers(self, agency_id: int | None, office_id: int | None) -> bool:
        """Whether this membership reaches rows of that agency and office."""
        return self.agency_id == agency_id and self.office_id in (None, office_id)
