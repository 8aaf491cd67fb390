"""An opening: one need for one or more people, from the draft to the archive."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency, Office
from agencies.models.position import (
    AdvertisedPosition,
    DesignatedPosition,
    DisclosureFiler,
    Duties,
    ImportedPosition,
    PaidPosition,
)
from agencies.querysets import OpeningQuerySet
from agencies.workflow import OPENING, FillMethod, OpeningStatus
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.indexes import trigram_index
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import Cohort, Discipline
from techforce.program.workflow import Track

HIGHEST_PAY = 999_999  # catches a slipped digit; also refuses NaN, which PostgreSQL sorts above every number
HIGHEST_GRADE = 15

is_draft = Q(status=OpeningStatus.DRAFT)
has_any_duty = Q(*[(name, True) for name in Duties.DUTY_FLAGS], _connector=Q.OR)


@track(
    "status",
    "cohort",
    "agency",
    "office",
    "discipline",
    "series",
    "track",
    "fill_method",
    "pay_plan",
    "grade_low",
    "grade_high",
    "pay_low",
    "pay_high",
    "band_exception",
    "seats",
    "seats_filled",
    "term_months",
    "opens_at",
    "closes_at",
    "vetting_tier",
    "sensitivity",
    "designated_on",
    "disclosure_filer",
    "is_citizenship_required",
    "is_remote",
    "is_telework_eligible",
    *Duties.DUTY_FLAGS,
    "has_no_vendor_duties",
)
@record(
    "An opening of an agency in a cohort.",
    keep="GRS 2.1/050, 2 years after it closes",
    columns=dict.fromkeys(
        ("title", "summary", "duties", "requirements", "evaluation", "pay_low", "pay_high", "closes_at"),
        Sensitivity.PUBLIC,
    ),
)
class Opening(PaidPosition, Duties, DesignatedPosition, AdvertisedPosition, ImportedPosition, Row, Versioned):
    status = models.CharField(
        _("status"), max_length=10, choices=OpeningStatus, default=OpeningStatus.DRAFT, editable=False
    )
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="openings", verbose_name=_("cohort"))
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="openings", verbose_name=_("agency"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="openings", verbose_name=_("office"))
    title = models.CharField(_("title"), max_length=160)
    discipline = models.ForeignKey(
        Discipline,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="openings",
        verbose_name=_("discipline"),
    )
    track = models.CharField(_("track"), max_length=12, choices=Track, default=Track.EARLY_CAREER)
    fill_method = models.CharField(
        _("filled by"), max_length=6, choices=FillMethod, default=FillMethod.DIRECT
    )
    band_exception = models.OneToOneField(
        "agencies.PayBandException",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("exception from the pay band"),
    )
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    seats_filled = models.PositiveSmallIntegerField(_("seats filled"), default=0, editable=False)
    term_months = models.PositiveSmallIntegerField(_("term in months"), default=24)
    cohort_term_months = models.PositiveSmallIntegerField(_("cohort's term in months"), editable=False)
    cohort_limit_months = models.PositiveSmallIntegerField(_("limit of all terms in months"), editable=False)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes at"), null=True, blank=True, help_text=_("The first moment that is too late")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="America/New_York",
        help_text=_("The zone in which the deadline is announced"),
    )
    hiring_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hiring manager"),
    )
    comments = models.TextField(
        _("comments of OPM"), blank=True, help_text=_("Why it came back, and what to change")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        indexes = [
            models.Index(
                fields=["closes_at", "id"], name="opening_published", condition=Q(status="published")
            ),
            models.Index(fields=["agency", "status", "-id"], name="opening_of_agency"),
            trigram_index("title", name="opening_title_words"),
        ]
        triggers = [OPENING.trigger()]
        constraints = [
            OPENING.constraint(),
            models.CheckConstraint(condition=~Q(title=""), name="opening_has_a_title"),
            models.CheckConstraint(condition=Q(track__in=Track.values), name="opening_track_known"),
            models.CheckConstraint(
                condition=Q(fill_method__in=FillMethod.values), name="opening_fill_method_known"
            ),
            # Seats (I4): an agency's later cut closes open seats and never un-fills one.
            models.CheckConstraint(
                condition=Q(seats_filled__gte=0, seats_filled__lte=F("seats")),
                name="opening_never_over_its_seats",
            ),
            # Pay (I5).
            models.CheckConstraint(
                condition=Q(pay_low__isnull=True) | Q(pay_low__gt=0, pay_low__lte=HIGHEST_PAY),
                name="opening_pay_low_is_money",
            ),
            models.CheckConstraint(
                condition=Q(pay_high__isnull=True) | Q(pay_high__gt=0, pay_high__lte=HIGHEST_PAY),
                name="opening_pay_high_is_money",
            ),
            models.CheckConstraint(
                condition=is_draft
                | Q(pay_low__isnull=False, pay_high__isnull=False, pay_high__gte=F("pay_low")),
                name="opening_pay_filled_past_draft",
            ),
            models.CheckConstraint(
                condition=is_draft
                | Q(band_exception__isnull=False)
                | Q(pay_low__lte=F("cohort_pay_max"), pay_high__gte=F("cohort_pay_min")),
                name="opening_pay_overlaps_band",
            ),
            CompositeForeignKey(
                name="opening_copies_pay_band",
                fields=["cohort", "cohort_pay_min", "cohort_pay_max"],
                to="program.Cohort",
                to_fields=["id", "pay_min", "pay_max"],
            ),
            # An exception is this opening's own, and for exactly this range.
            CompositeForeignKey(
                name="opening_exception_fits",
                fields=["band_exception", "id", "pay_low", "pay_high"],
                to="agencies.PayBandException",
                to_fields=["id", "opening", "pay_low", "pay_high"],
            ),
            models.CheckConstraint(
                condition=Q(grade_low__isnull=True, grade_high__isnull=True)
                | Q(
                    grade_low__isnull=False,
                    grade_high__isnull=False,
                    grade_low__gte=1,
                    grade_high__gte=F("grade_low"),
                    grade_high__lte=HIGHEST_GRADE,
                ),
                name="opening_grades_in_order",
            ),
            models.CheckConstraint(
                condition=Q(pay_plan__regex=r"^[A-Z]{2}$") | (is_draft & Q(pay_plan="")),
                name="opening_pay_plan_form",
            ),
            # Term.
            models.CheckConstraint(
                condition=Q(term_months__gte=1, term_months__lte=F("cohort_term_months")),
                name="opening_term_within_cohort",
            ),
            CompositeForeignKey(
                name="opening_copies_term",
                fields=["cohort", "cohort_term_months", "cohort_limit_months"],
                to="program.Cohort",
                to_fields=["id", "term_months", "mechanism_limit_months"],
            ),
            CompositeForeignKey(
                name="opening_office_in_agency",
                fields=["office", "agency"],
                to="agencies.Office",
                to_fields=["id", "agency"],
            ),
            # Target of the composite foreign key by which an application marks only openings of its own
            # cohort.
            models.UniqueConstraint(fields=["id", "cohort"], name="opening_of_cohort"),
            # An announcement that is read in twice makes one draft.
            models.UniqueConstraint(
                fields=["cohort", "control_number"],
                condition=~Q(control_number=""),
                name="opening_one_a_control_number",
            ),
            # Words and dates.
            models.CheckConstraint(
                condition=is_draft
                | (
                    Q(
                        discipline__isnull=False,
                        series__isnull=False,
                        opens_at__isnull=False,
                        closes_at__isnull=False,
                    )
                    & Q(closes_at__gt=F("opens_at"))
                    & ~Q(summary="")
                    & ~Q(duties="")
                    & ~Q(requirements="")
                    & ~Q(evaluation="")
                ),
                name="opening_complete_past_draft",
            ),
            models.CheckConstraint(
                condition=is_draft | Q(submitted_at__isnull=False), name="opening_submitted_past_draft"
            ),
            models.CheckConstraint(condition=Q(travel_percent__lte=100), name="opening_travel_percent"),
            # Duties: either some, or "none of these"; unanswered only in a draft.
            models.CheckConstraint(
                condition=~(has_any_duty & Q(has_no_vendor_duties=True)),
                name="opening_duties_not_contradictory",
            ),
            models.CheckConstraint(
                condition=is_draft | has_any_duty | Q(has_no_vendor_duties=True),
                name="opening_duties_answered",
            ),
            # Designation (5 CFR 731, 5 CFR 1400.201).
            models.CheckConstraint(
                condition=Q(disclosure_filer__in=["", *DisclosureFiler.values]),
                name="opening_disclosure_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[OpeningStatus.DRAFT, OpeningStatus.SUBMITTED, OpeningStatus.CANCELLED]
                )
                | (
                    Q(vetting_tier__isnull=False, sensitivity__isnull=False)
                    & Q(designated_on__isnull=False, published_at__isnull=False)
                    & ~Q(designation_record="")
                    & ~Q(disclosure_filer="")
                ),
                name="opening_designated_when_published",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self._copy_bounds()
        super().save(*args, **kwargs)

    def _copy_bounds(self) -> None:
        """A new row takes the cohort's bounds along; from then on the database carries changes over."""
        self.cohort_pay_min, self.cohort_pay_max = self.cohort.pay_min, self.cohort.pay_max
        self.cohort_term_months = self.cohort.term_months
        self.cohort_limit_months = self.cohort.mechanism_limit_months

    @property
    def seats_open(self) -> int:
        return self.seats - self.seats_filled
