"""A company that lends staff: its onboarding, its people in this system, its agreements with the program."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from partners.querysets import AgreementQuerySet, PartnerMembershipQuerySet, PartnerQuerySet
from partners.workflow import PARTNER, PartnerStatus
from techforce.accounts.models import Membership
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import Company


@track("status", "company")
@record("A company that takes part, or may take part, by lending staff.", keep="6 years after it withdraws")
class Partner(Row, Versioned):
    company = models.OneToOneField(Company, models.PROTECT, related_name="partner", verbose_name=_("company"))
    status = models.CharField(
        _("status"), max_length=20, choices=PartnerStatus, default=PartnerStatus.PROSPECTIVE, editable=False
    )
    work_email_domains = models.CharField(
        _("work address domains"),
        max_length=300,
        blank=True,
        help_text=_("Separated by spaces. Nobody may confirm a nomination from such an address"),
    )

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner company")
        verbose_name_plural = _("partner companies")
        ordering = ("company__name",)
        constraints = [PARTNER.constraint()]
        triggers = [PARTNER.trigger()]

    def __str__(self) -> str:
        return self.company.name

    def is_work_address(self, email: str) -> bool:
        """Whether the address dies with the job: it is in one of the company's domains or below one."""
        domain = email.rpartition("@")[2].lower()
        return any(
            domain == own or domain.endswith(f".{own}") for own in self.work_email_domains.lower().split()
        )


class PartnerRole(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    SIGNATORY = "signatory", _("Signatory")


@track("user", "partner", "role", "starts_on", "ends_on", "accepted_at")
@record(
    "A role at a partner company.",
    keep="6 years after it ends (GRS 3.2/030)",
    columns={"invited_email": Sensitivity.PERSONAL},
)
class PartnerMembership(Membership):
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="memberships", verbose_name=_("partner company")
    )
    role = models.CharField(_("role"), max_length=12, choices=PartnerRole)

    objects = PartnerMembershipQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Membership.Meta):
        verbose_name = _("partner membership")
        verbose_name_plural = _("partner memberships")
        constraints = [
            *Membership.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=PartnerRole.values), name="partner_role_known"),
            models.UniqueConstraint(
                fields=["user", "partner", "role"],
                condition=Q(ends_on__isnull=True),
                name="one_open_partner_membership_a_role",
            ),
        ]


@track("partner", "starts_on", "ends_on", "signed_on")
@record(
    "The agreement by which a company takes part: no pay for those who serve, no protected information.",
    keep="6 years after it ends (GRS 1.1/010)",
)
class PartnerAgreement(Row, Versioned):
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="agreements", verbose_name=_("partner company"), db_index=False
    )
    reference = models.CharField(
        _("reference"),
        max_length=60,
        unique=True,
        help_text=_("Number in the system that holds the signed text"),
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), help_text=_("Last day, in Eastern time"))
    signed_on = models.DateField(
        _("signed on"), null=True, blank=True, help_text=_("Empty while it is a draft")
    )
    conflict_contact_email = models.EmailField(
        _("conflict contact"), blank=True, help_text=_("Who answers for organizational conflicts of interest")
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner agreement")
        verbose_name_plural = _("partner agreements")
        ordering = ("partner", "starts_on")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_start"
            ),
            ExclusionConstraint(
                name="one_agreement_a_day",
                expressions=[
                    ("partner", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(signed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
