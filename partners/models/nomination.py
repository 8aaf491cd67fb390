"""A person whom a company proposes to lend. Nothing of them reaches an agency before they confirm."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from partners.models.partner import Partner
from partners.querysets import NominationQuerySet
from partners.workflow import CONFIRMED_NOMINATIONS, NOMINATION, LoanKind, NominationStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import Cohort

INVITATION_LASTS = datetime.timedelta(days=30)


@track(
    "status",
    "partner",
    "cohort",
    "nominee",
    "application",
    "invited_at",
    "expires_at",
    "confirmed_at",
    "closed_at",
)
@record(
    "A company's proposal to lend one person to a cohort.",
    keep="GRS 2.1/060, 1 year",
    columns={
        "nominee": Sensitivity.PERSONAL,
        "full_name": Sensitivity.PERSONAL,
        "invited_email": Sensitivity.PERSONAL,
        "present_role": Sensitivity.PERSONAL,
        "division": Sensitivity.PERSONAL,
        "token_digest": Sensitivity.RESTRICTED,
        "federal_accounts": Sensitivity.RESTRICTED,
        "federal_bids": Sensitivity.RESTRICTED,
    },
)
class Nomination(Row, Versioned):
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="nominations", verbose_name=_("partner company")
    )
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="nominations", verbose_name=_("cohort"))
    status = models.CharField(
        _("status"), max_length=12, choices=NominationStatus, default=NominationStatus.DRAFT, editable=False
    )
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("nominated by")
    )
    full_name = models.CharField(_("name"), max_length=200, help_text=_("As the company wrote it"))
    invited_email = models.EmailField(_("invited address"), help_text=_("Where the invitation goes"))
    present_role = models.CharField(
        _("present role"), max_length=120, help_text=_("What they do at the company now")
    )
    division = models.CharField(_("division"), max_length=120, blank=True)
    federal_accounts = models.TextField(
        _("federal accounts"), blank=True, help_text=_("Agencies that they served in the last 24 months")
    )
    federal_bids = models.TextField(
        _("federal bids"), blank=True, help_text=_("Federal bids that they worked on in the last 24 months")
    )
    planned_kind = models.CharField(
        _("planned terms"),
        max_length=16,
        choices=LoanKind,
        blank=True,
        help_text=_("What the company has in mind. The terms on file are what counts"),
    )
    nominee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="nominations",
        verbose_name=_("nominee"),
        help_text=_("The account that confirmed; empty until then"),
    )
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="nominations",
        verbose_name=_("application"),
        help_text=_("The nominee's own application in the same cohort; the company is told nothing of it"),
    )
    token_digest = models.CharField(
        _("token digest"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the invitation's token"),
    )
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["expires_at"], name="nomination_lapsing", condition=Q(status="invited")),
        ]
        constraints = [
            NOMINATION.constraint(),
            models.CheckConstraint(
                condition=Q(nominee__isnull=True, confirmed_at__isnull=True)
                | Q(nominee__isnull=False, confirmed_at__isnull=False),
                name="nominee_known_by_confirming",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=CONFIRMED_NOMINATIONS) | Q(nominee__isnull=False),
                name="confirmed_nomination_has_nominee",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["draft", "invited", "declined", "expired"])
                | Q(nominee__isnull=True),
                name="unconfirmed_nomination_has_no_nominee",
            ),
            models.CheckConstraint(
                condition=~Q(status="invited")
                | (Q(invited_at__isnull=False, expires_at__isnull=False) & ~Q(token_digest="")),
                name="invited_nomination_has_token",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True)
                | Q(
                    invited_at__isnull=False,
                    expires_at__gt=F("invited_at"),
                    expires_at__lte=F("invited_at") + INVITATION_LASTS,
                ),
                name="invitation_lasts_30_days_at_most",
            ),
            models.CheckConstraint(
                condition=~Q(status="active") | Q(application__isnull=False),
                name="active_nomination_has_application",
            ),
            models.CheckConstraint(
                condition=Q(application__isnull=True) | Q(nominee__isnull=False),
                name="application_after_confirming",
            ),
            models.CheckConstraint(
                condition=Q(planned_kind="") | Q(planned_kind__in=LoanKind.values),
                name="nomination_planned_kind_known",
            ),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="one_nomination_a_token"
            ),
            models.UniqueConstraint(
                Lower("invited_email"),
                "partner",
                "cohort",
                condition=Q(status__in=["draft", "invited", "confirmed", "active"]),
                name="one_open_nomination_an_address",
            ),
            models.UniqueConstraint(
                fields=["cohort", "nominee"],
                condition=Q(status__in=["confirmed", "active"]),
                name="one_confirmed_nomination_a_person",
            ),
        ]
        triggers = [NOMINATION.trigger()]

    def __str__(self) -> str:
        return f"{self.partner}: {self.full_name}"
