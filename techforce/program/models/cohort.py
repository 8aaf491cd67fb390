"""A cohort: about a thousand people who apply together, and the window in which they may."""

import zoneinfo

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from techforce.core.fences import append_only
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.core.querysets import PublicQuerySet, StaffQuerySet
from techforce.program.models.reference import Discipline
from techforce.program.querysets import CohortQuerySet
from techforce.program.workflow import COHORT, OUTAGE_REASONS, CohortStatus, ExtensionReason

HIGHEST_PAY = 999_999  # catches a slipped digit; also refuses NaN, which PostgreSQL sorts above every number
LONGEST_TERM_MONTHS = 120


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name}, code="time_zone")


class PayPeriod(models.TextChoices):
    """The unit of a pay band. Federal salaries of the program are stated by the year."""

    YEAR = "year", _("a year")


@track(
    "status",
    "opens_at",
    "closes_at",
    "time_zone",
    "seats",
    "pay_min",
    "pay_max",
    "term_months",
    "mechanism_limit_months",
)
@record(
    "A round of the program, from its application window to the end of its terms.",
    keep="permanent",
    sensitivity=Sensitivity.PUBLIC,
)
class Cohort(Row, Versioned):
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    status = models.CharField(
        _("status"), max_length=12, choices=CohortStatus, default=CohortStatus.PLANNED, editable=False
    )
    opens_at = models.DateTimeField(_("opens at"), help_text=_("When applications may first be submitted"))
    closes_at = models.DateTimeField(
        _("closes at"), help_text=_("The first moment that is too late to submit; it only ever moves later")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        default="America/New_York",
        validators=[validate_time_zone],
        help_text=_("The zone in which the deadline is announced"),
    )
    seats = models.PositiveIntegerField(
        _("seats"), help_text=_("The planned total. Offers beyond it bring a warning and are allowed")
    )
    # Whole dollars. Children copy these bounds through a composite foreign key, so the types must match.
    pay_min = models.DecimalField(
        _("lowest pay"), max_digits=9, decimal_places=0, help_text=_("In whole dollars")
    )
    pay_max = models.DecimalField(
        _("highest pay"), max_digits=9, decimal_places=0, help_text=_("In whole dollars")
    )
    pay_period = models.CharField(_("pay period"), max_length=8, choices=PayPeriod, default=PayPeriod.YEAR)
    term_months = models.PositiveSmallIntegerField(_("term in months"), default=24)
    mechanism_limit_months = models.PositiveSmallIntegerField(
        _("limit of all terms in months"),
        default=48,
        help_text=_("Four years under 5 CFR 213.3102(r), all appointments of a person together"),
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ("-opens_at", "-id")
        triggers = [
            COHORT.trigger(),
            pgtrigger.Trigger(
                name="closing_moves_later",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("closes_at"),
                condition=pgtrigger.Condition("OLD.status <> 'planned' AND NEW.closes_at < OLD.closes_at"),
                func="""
                    RAISE EXCEPTION 'the deadline of an opened cohort may only move later'
                        USING ERRCODE = 'integrity_constraint_violation';
                """,
            ),
        ]
        constraints = [
            COHORT.constraint(),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="cohort_closes_after_opening"
            ),
            models.CheckConstraint(condition=Q(seats__gt=0), name="cohort_has_seats"),
            models.CheckConstraint(
                condition=Q(pay_min__gt=0, pay_max__gte=F("pay_min"), pay_max__lte=HIGHEST_PAY),
                name="cohort_pay_band",
            ),
            models.CheckConstraint(
                condition=Q(pay_period__in=PayPeriod.values), name="cohort_pay_period_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    term_months__gt=0,
                    mechanism_limit_months__gte=F("term_months"),
                    mechanism_limit_months__lte=LONGEST_TERM_MONTHS,
                ),
                name="cohort_term_within_limit",
            ),
            # Targets of the composite foreign keys by which later apps copy these bounds.
            models.UniqueConstraint(fields=["id", "pay_min", "pay_max"], name="cohort_pay_bounds"),
            models.UniqueConstraint(
                fields=["id", "term_months", "mechanism_limit_months"], name="cohort_term_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_accepting(self) -> bool:
        """Whether an application submitted now is in time."""
        return self.status == CohortStatus.OPEN and self.opens_at <= timezone.now() < self.closes_at


@record(
    "A discipline in which people may apply to a cohort.", keep="permanent", sensitivity=Sensitivity.PUBLIC
)
class CohortDiscipline(models.Model):
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="cohort_disciplines", verbose_name=_("cohort"), db_index=False
    )
    discipline = models.ForeignKey(
        Discipline, models.PROTECT, related_name="cohort_disciplines", verbose_name=_("discipline")
    )

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("discipline of a cohort")
        verbose_name_plural = _("disciplines of a cohort")
        ordering = ("cohort", "discipline")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "discipline"], name="one_row_a_cohort_and_discipline")
        ]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.discipline}"


class ExtensionKind(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OUTAGE = "outage", _("Because of an outage")


@record("One extension of a cohort's window: from when to when, why, by whom.", keep="GRS 3.2, 30 months")
class WindowExtension(Row):
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="extensions", verbose_name=_("cohort"))
    kind = models.CharField(_("kind"), max_length=8, choices=ExtensionKind)
    reason_code = models.CharField(_("reason"), max_length=20, choices=ExtensionReason)
    old_closes_at = models.DateTimeField(_("closed at before"))
    new_closes_at = models.DateTimeField(_("closes at now"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension of the window")
        verbose_name_plural = _("extensions of the window")
        ordering = ("-id",)
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(new_closes_at__gt=F("old_closes_at")), name="extension_is_later"
            ),
            models.CheckConstraint(
                condition=Q(reason_code__in=ExtensionReason.values), name="extension_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="outage", reason_code__in=list(OUTAGE_REASONS))
                | (Q(kind="planned") & ~Q(reason_code__in=list(OUTAGE_REASONS))),
                name="extension_kind_fits_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}: {self.old_closes_at:%Y-%m-%d %H:%M} → {self.new_closes_at:%Y-%m-%d %H:%M}"
