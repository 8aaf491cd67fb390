"""Conflicts of interest: the determination, and what removes or limits a conflict."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.models.placement import Placement
from placements.models.selection import Selection
from placements.querysets import ConflictQuerySet, DeterminationQuerySet, WaiverQuerySet
from placements.workflow import DETERMINATION, DeterminationStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import Company

KEEP = "GRS 2.8/010, 6 years"


class ConflictResult(models.TextChoices):
    """From the least to the most restrictive; when several rules match, the last wins (domain.md §4.4)."""

    CLEAR = "clear", _("Clear")
    RECUSAL = "recusal", _("Only with recusal and a screening arrangement")
    REMEDY = "remedy", _("Recuse, divest or get a waiver before entry on duty")
    REVIEW = "review", _("Ethics review")
    BLOCK = "block", _("Blocked")


SIGNABLE_RESULTS = ("clear", "recusal", "remedy", "block")


@track(
    "status",
    "selection",
    "placement",
    "proposed_result",
    "signed_result",
    "is_restricted",
    "signed_by",
    "signed_at",
)
@record(
    "Whether a person may serve in an office in spite of ties to companies: proposed by rule, signed by an official.",
    keep=KEEP,
    sensitivity=Sensitivity.RESTRICTED,
)
class Determination(Row, Versioned):
    selection = models.ForeignKey(
        Selection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="determinations",
        verbose_name=_("selection"),
        help_text=_("What was screened before service"),
    )
    placement = models.ForeignKey(
        Placement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="determinations",
        verbose_name=_("placement"),
        help_text=_("What was screened again during service"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=DeterminationStatus,
        default=DeterminationStatus.PROPOSED,
        editable=False,
    )
    proposed_result = models.CharField(_("proposed result"), max_length=8, choices=ConflictResult)
    rule_codes = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("rules"),
        help_text=_("That matched"),
    )
    is_restricted = models.BooleanField(
        _("restricted"),
        default=False,
        help_text=_(
            "Rests on a relationship that only the ethics official and named contracting staff may know"
        ),
    )
    signed_result = models.CharField(
        _("signed result"), max_length=8, choices=ConflictResult, blank=True, editable=False
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True, editable=False)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)

    objects = DeterminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("determination")
        verbose_name_plural = _("determinations")
        ordering = ("-id",)
        constraints = [
            DETERMINATION.constraint(),
            models.CheckConstraint(
                condition=Q(selection__isnull=False, placement__isnull=True)
                | Q(selection__isnull=True, placement__isnull=False),
                name="determination_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["selection"],
                condition=Q(status__in=["proposed", "signed"]),
                name="one_determination_a_selection",
            ),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(status__in=["proposed", "signed"]),
                name="one_determination_a_placement",
            ),
            models.CheckConstraint(
                condition=Q(proposed_result__in=ConflictResult.values), name="determination_proposal_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="signed") | Q(signed_by__isnull=False),
                name="determination_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True, signed_at__isnull=True, signed_result="")
                | Q(signed_by__isnull=False, signed_at__isnull=False, signed_result__in=SIGNABLE_RESULTS),
                name="determination_signature_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="superseded", superseded_at__isnull=False)
                | (~Q(status="superseded") & Q(superseded_at__isnull=True)),
                name="determination_superseded_with_time",
            ),
        ]
        triggers = [DETERMINATION.trigger()]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.case}"

    @property
    def standing_result(self) -> str:
        """What was signed, or proposed until then."""
        return self.signed_result or self.proposed_result

    @property
    def case(self) -> Selection | Placement:
        """What was screened: exactly one of the two is there."""
        return self.selection or self.placement  # type: ignore[return-value]


class WaiverAuthority(models.TextChoices):
    FINANCIAL = "208_b1", _("Waiver of a financial conflict, 18 U.S.C. 208(b)(1)")
    IMPARTIALITY = "502_d", _("Authorization, 5 CFR 2635.502(d)")
    PAYMENT = "503_c", _("Waiver after an extraordinary payment, 5 CFR 2635.503(c)")


@track("selection", "company", "authority", "issued_on", "expires_on", "oge_copied_on", "revoked_on")
@record("A waiver or authorization of an appointing official.", keep=KEEP, sensitivity=Sensitivity.RESTRICTED)
class EthicsWaiver(Row, Versioned):
    selection = models.ForeignKey(
        Selection, models.PROTECT, related_name="ethics_waivers", verbose_name=_("selection")
    )
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    authority = models.CharField(_("authority"), max_length=8, choices=WaiverAuthority)
    scope = models.TextField(_("scope and limits"))
    issued_by = models.CharField(
        _("issued by"), max_length=120, help_text=_("Title of the appointing official")
    )
    issued_on = models.DateField(_("issued on"), help_text=_("Before the person first acts"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True, help_text=_("Last day"))
    oge_consulted_on = models.DateField(
        _("OGE consulted on"), null=True, blank=True, help_text=_("Where practicable (5 CFR 2640.303)")
    )
    oge_copied_on = models.DateField(_("copy to OGE on"), null=True, blank=True)
    document_reference = models.CharField(
        _("document reference"), max_length=120, help_text=_("Where the signed text is kept")
    )
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = _("ethics waiver")
        verbose_name_plural = _("ethics waivers")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(authority__in=WaiverAuthority.values), name="ethics_waiver_known"
            ),
            models.CheckConstraint(
                condition=(Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")))
                & (Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("issued_on")))
                & (Q(oge_copied_on__isnull=True) | Q(oge_copied_on__gte=F("issued_on"))),
                name="ethics_waiver_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(scope="") & ~Q(document_reference="") & ~Q(issued_by=""),
                name="ethics_waiver_says_what_and_where",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_authority_display()}: {self.company}"


@track("placement", "company", "signed_on", "ends_on", "confirmed_on", "superseded_at")
@record("Matters from which a person stays away.", keep=KEEP, sensitivity=Sensitivity.RESTRICTED)
class RecusalStatement(Row, Versioned):
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="recusal_statements", verbose_name=_("placement")
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        related_name="+",
        verbose_name=_("company"),
        help_text=_("And all of its family"),
    )
    scope = models.TextField(_("scope"), help_text=_("Matters, in words and without holdings"))
    signed_on = models.DateField(_("signed on"))
    ends_on = models.DateField(
        _("ends on"), null=True, blank=True, help_text=_("Last day; empty while the tie lasts")
    )
    confirmed_on = models.DateField(_("last confirmed on"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal statement")
        verbose_name_plural = _("recusal statements")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(condition=~Q(scope=""), name="recusal_statement_has_scope"),
            models.CheckConstraint(
                condition=(Q(ends_on__isnull=True) | Q(ends_on__gte=F("signed_on")))
                & (Q(confirmed_on__isnull=True) | Q(confirmed_on__gte=F("signed_on"))),
                name="recusal_statement_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["placement", "company"],
                condition=Q(superseded_at__isnull=True),
                name="one_recusal_statement_a_company",
            ),
        ]

    def __str__(self) -> str:
        return str(self.company)


@track("placement", "gatekeeper", "signed_on", "confirmed_on", "ended_on")
@record("Who refers a company's matters elsewhere.", keep=KEEP, sensitivity=Sensitivity.RESTRICTED)
class ScreeningArrangement(Row, Versioned):
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="screening_arrangements", verbose_name=_("placement")
    )
    gatekeeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("gatekeeper"),
        help_text=_("Usually the supervisor"),
    )
    signed_on = models.DateField(_("signed on"))
    confirmed_on = models.DateField(
        _("last confirmed on"), null=True, blank=True, help_text=_("Yearly, and when duties change")
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("screening arrangement")
        verbose_name_plural = _("screening arrangements")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=(Q(ended_on__isnull=True) | Q(ended_on__gte=F("signed_on")))
                & (Q(confirmed_on__isnull=True) | Q(confirmed_on__gte=F("signed_on"))),
                name="screening_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(ended_on__isnull=True),
                name="one_screening_arrangement_a_placement",
            ),
        ]

    def __str__(self) -> str:
        return str(self.placement)


@track("placement", "company", "requested_on", "issued_on", "sold_on", "reinvested_on")
@record(
    "A certificate under which conflicting property is sold with tax deferred (26 U.S.C. 1043). No amounts.",
    keep=KEEP,
    sensitivity=Sensitivity.RESTRICTED,
)
class DivestitureCertificate(Row, Versioned):
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="divestiture_certificates", verbose_name=_("placement")
    )
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name=_("company"))
    number = models.CharField(_("number"), max_length=40, blank=True)
    requested_on = models.DateField(_("requested on"))
    issued_on = models.DateField(
        _("issued on"), null=True, blank=True, help_text=_("OGE issues it before the sale")
    )
    sold_on = models.DateField(_("sold on"), null=True, blank=True)
    reinvested_on = models.DateField(
        _("reinvested on"), null=True, blank=True, help_text=_("Within 60 days of the sale")
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of divestiture")
        verbose_name_plural = _("certificates of divestiture")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(issued_on__isnull=True, number="")
                    | (Q(issued_on__isnull=False, issued_on__gte=F("requested_on")) & ~Q(number=""))
                )
                & (Q(sold_on__isnull=True) | Q(sold_on__gte=F("issued_on"), issued_on__isnull=False))
                & (Q(reinvested_on__isnull=True) | Q(reinvested_on__gte=F("sold_on"), sold_on__isnull=False)),
                name="divestiture_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="one_divestiture_number"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.company)
