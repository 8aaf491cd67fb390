"""On what terms a company lends a person, and what ties to companies the person keeps."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.nomination import Nomination
from partners.querysets import EquityDeclarationQuerySet, LoanTermsQuerySet
from partners.workflow import LoanKind
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import Company


class LeaveType(models.TextChoices):
    """Always unpaid: 18 U.S.C. 209 forbids pay for government service from anyone else."""

    PERSONAL = "personal", _("Unpaid personal leave")
    PUBLIC_SERVICE = "public_service", _("Unpaid leave for public service")
    OTHER_UNPAID = "other_unpaid", _("Another unpaid leave")


@track(
    "nomination",
    "kind",
    "has_return_right",
    "leave_type",
    "leave_starts_on",
    "expected_return_on",
    "last_day_on",
    "executed_on",
    "superseded_at",
)
@record(
    "The terms on which a company lets a person go to serve: a leave of absence or a separation.",
    keep="GRS 2.8/010, 6 years",
    sensitivity=Sensitivity.PERSONAL,
)
class LoanTerms(Row, Versioned):
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="loan_terms", verbose_name=_("nomination")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=LoanKind)
    has_return_right = models.BooleanField(
        _("may return"),
        help_text=_("A right to come back is an arrangement for future employment (18 U.S.C. 208(a))"),
    )
    leave_type = models.CharField(_("leave type"), max_length=16, choices=LeaveType, blank=True)
    leave_starts_on = models.DateField(_("leave starts on"), null=True, blank=True)
    expected_return_on = models.DateField(
        _("expected return on"), null=True, blank=True, help_text=_("The one date that the company may know")
    )
    last_day_on = models.DateField(
        _("last day"),
        null=True,
        blank=True,
        help_text=_("Last day of work at the company; starts the ethics clocks"),
    )
    executed_on = models.DateField(
        _("executed on"), null=True, blank=True, help_text=_("When all had signed")
    )
    document_reference = models.CharField(
        _("document reference"), max_length=120, blank=True, help_text=_("Where the signed text is kept")
    )
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)

    objects = LoanTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan terms")
        verbose_name_plural = _("loan terms")
        ordering = ("nomination", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    Q(last_day_on__isnull=True) & ~Q(leave_type=""),
                    kind=LoanKind.LEAVE,
                    leave_starts_on__isnull=False,
                )
                | Q(
                    kind=LoanKind.SEPARATION,
                    has_return_right=False,
                    last_day_on__isnull=False,
                    leave_type="",
                    leave_starts_on__isnull=True,
                    expected_return_on__isnull=True,
                ),
                name="leave_or_separation_never_both",
            ),
            models.CheckConstraint(
                condition=Q(leave_type="") | Q(leave_type__in=LeaveType.values), name="leave_type_known"
            ),
            models.CheckConstraint(
                condition=Q(expected_return_on__isnull=True)
                | Q(has_return_right=True, expected_return_on__gt=F("leave_starts_on")),
                name="return_after_leave_begins",
            ),
            models.CheckConstraint(
                condition=Q(executed_on__isnull=True)
                | Q(leave_starts_on__isnull=True)
                | Q(leave_starts_on__gte=F("executed_on")),
                name="leave_begins_once_executed",
            ),
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(superseded_at__isnull=True),
                name="one_terms_in_force_a_nomination",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@track(
    "nomination",
    "company",
    "is_private_company",
    "holds_vested_stock",
    "holds_unvested_units",
    "holds_options",
    "holds_private_equity",
    "keeps_vesting",
    "expects_return",
    "has_family_tie",
    "next_vest_on",
    "superseded_at",
)
@record(
    "What ties a nominee keeps to a company: yes or no, never amounts.",
    keep="GRS 2.8/010, 6 years",
    sensitivity=Sensitivity.RESTRICTED,
)
class EquityDeclaration(Row, Versioned):
    nomination = models.ForeignKey(
        Nomination,
        models.PROTECT,
        related_name="equity_declarations",
        verbose_name=_("nomination"),
        db_index=False,
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        related_name="+",
        verbose_name=_("company"),
        help_text=_("Whose equity it is"),
    )
    is_private_company = models.BooleanField(
        _("private company"),
        help_text=_("The exemptions for small holdings cover publicly traded securities only"),
    )
    holds_vested_stock = models.BooleanField(_("vested stock"), default=False)
    holds_unvested_units = models.BooleanField(_("unvested stock units"), default=False)
    holds_options = models.BooleanField(_("options"), default=False)
    holds_private_equity = models.BooleanField(_("private equity"), default=False)
    keeps_vesting = models.BooleanField(
        _("keeps vesting during service"),
        default=False,
        help_text=_("Allowed only under conditions, with a document"),
    )
    expects_return = models.BooleanField(
        _("expects to return"),
        default=False,
        help_text=_("The nominee says that there is a right, or an understanding, to come back"),
    )
    has_family_tie = models.BooleanField(
        _("family tie"),
        default=False,
        help_text=_("Spouse or minor child works for the company or holds equity in it"),
    )
    conditions = models.TextField(
        _("conditions"),
        blank=True,
        help_text=_("Under which the equity is kept, in words and without amounts"),
    )
    document_reference = models.CharField(
        _("document reference"),
        max_length=120,
        blank=True,
        help_text=_("Where the statement or memo is kept"),
    )
    next_vest_on = models.DateField(_("next vesting date"), null=True, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)

    objects = EquityDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("equity declaration")
        verbose_name_plural = _("equity declarations")
        ordering = ("nomination", "company")
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "company"],
                condition=Q(superseded_at__isnull=True),
                name="one_equity_declaration_a_company",
            ),
            models.CheckConstraint(
                condition=Q(keeps_vesting=False)
                | (Q(holds_unvested_units=True) & ~Q(conditions="") & ~Q(document_reference="")),
                name="vesting_in_service_has_conditions",
            ),
            models.CheckConstraint(
                condition=Q(next_vest_on__isnull=True) | Q(holds_unvested_units=True),
                name="vesting_date_has_units",
            ),
        ]

    def __str__(self) -> str:
        return str(self.company)
