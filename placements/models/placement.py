"""A person's service in an agency."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agencies.models import Opening
from applicants.models import Applicant
from partners.models import LoanTerms, Nomination
from placements.models import fences
from placements.models.selection import Selection
from placements.querysets import PlacementQuerySet
from placements.workflow import ENDED_STATES, LIVE_STATES, PLACEMENT, PlacementStatus
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Deadline, Row, Versioned
from techforce.program.models import Cohort


class PlacementKind(models.TextChoices):
    """How the person comes: lent in one of two ways, or from outside. Names the ethics checklist."""

    LEAVE = "leave_of_absence", _("On leave of absence from a partner company")
    SEPARATION = "separation", _("Separated from a partner company")
    OUTSIDE = "outside", _("Without a tie to a partner company")


class AppointmentMechanism(models.TextChoices):
    SCHEDULE_A_R = "schedule_a_r", _("Schedule A, 5 CFR 213.3102(r)")
    DOD_PPTE = "dod_ppte", _("Public-private talent exchange, 10 U.S.C. 1599g")
    OTHER = "other", _("Another authority")


class Outcome(models.TextChoices):
    RETURNED = "returned_to_partner", _("Returned to the partner company")
    STAYED = "stayed_in_government", _("Stayed in government")
    LEFT = "left", _("Left")


service_days = Func(
    F("starts_on"), Coalesce("ended_on", "ends_on"), RangeBoundary(inclusive_upper=True), function="daterange"
)
# The day after the last possible one: 24 months from November 30 end on November 29 (domain.md §2.4).
term_is_over_on = Func(
    F("starts_on"),
    F("term_months"),
    arg_joiner=" + make_interval(months => ",
    template="(%(expressions)s))::date",
    output_field=models.DateField(),
)


@track(
    "status",
    "applicant",
    "cohort",
    "opening",
    "selection",
    "nomination",
    "kind",
    "appointment_mechanism",
    "starts_on",
    "initial_ends_on",
    "ends_on",
    "ended_on",
    "outcome",
    "supervisor",
    "entry_recorded_at",
    "end_recorded_at",
    "closed_at",
)
@record(
    "A person's service in an agency: planned from the accepted tentative offer on, then as it happened.",
    keep="GRS 2.2/010, 4 years",
    columns={"applicant": Sensitivity.PERSONAL, "nomination": Sensitivity.PERSONAL},
)
class Placement(Row, Versioned, Deadline):
    """Dates before entry on duty are planned; `*_recorded_at` says when a date became a fact.

    What is due is first the entry on duty and then the end of the term: `services.dates` keeps `due_on`."""

    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="placements", verbose_name=_("applicant")
    )
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="placements", verbose_name=_("opening"))
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="placements", verbose_name=_("cohort"))
    selection = models.ForeignKey(
        Selection,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("selection"),
        help_text=_("Empty after a transfer without a new selection"),
    )
    transferred_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="transferred_to",
        verbose_name=_("transferred from"),
    )
    nomination = models.ForeignKey(
        Nomination,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="placements",
        verbose_name=_("nomination"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=PlacementKind, default=PlacementKind.OUTSIDE)
    appointment_mechanism = models.CharField(
        _("appointment mechanism"),
        max_length=12,
        choices=AppointmentMechanism,
        default=AppointmentMechanism.SCHEDULE_A_R,
    )
    status = models.CharField(
        _("status"),
        max_length=14,
        choices=PlacementStatus,
        default=PlacementStatus.PENDING_CHECKS,
        editable=False,
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("supervisor"),
    )
    starts_on = models.DateField(_("starts on"), help_text=_("Entry on duty: planned, then as it happened"))
    initial_ends_on = models.DateField(_("first end"), help_text=_("Last day of the first term"))
    ends_on = models.DateField(_("ends on"), help_text=_("Not-to-exceed date with all extensions"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True, help_text=_("Last day, as it happened"))
    # Copies of the cohort's bounds, kept equal by a composite foreign key, so that a CHECK and a trigger may use them.
    term_months = models.PositiveSmallIntegerField(_("cohort's term in months"), editable=False)
    mechanism_limit_months = models.PositiveSmallIntegerField(
        _("limit of all terms in months"), editable=False
    )
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True, editable=False)
    entry_recorded_at = models.DateTimeField(_("entry recorded at"), null=True, blank=True, editable=False)
    end_recorded_at = models.DateTimeField(_("end recorded at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["opening", "status"], name="placement_of_opening"),
            models.Index(
                fields=["ends_on"], name="placement_ending", condition=Q(status__in=["active", "suspended"])
            ),
            models.Index(
                fields=["next_reminder_at"],
                name="placement_reminders",
                condition=Q(next_reminder_at__isnull=False),
            ),
        ]
        constraints = [
            PLACEMENT.constraint(),
            models.CheckConstraint(condition=Q(kind__in=PlacementKind.values), name="placement_kind_known"),
            models.CheckConstraint(
                condition=Q(appointment_mechanism__in=AppointmentMechanism.values),
                name="placement_mechanism_known",
            ),
            # I3: one live placement a person, and never two on the same day.
            models.UniqueConstraint(
                fields=["applicant"], condition=Q(status__in=LIVE_STATES), name="one_live_placement_a_person"
            ),
            ExclusionConstraint(
                name="one_placement_a_person_and_day",
                expressions=[("applicant", RangeOperators.EQUAL), (service_days, RangeOperators.OVERLAPS)],
                condition=~Q(status="fell_through"),
            ),
            # I5: terms.
            models.CheckConstraint(
                condition=Q(initial_ends_on__gte=F("starts_on"), ends_on__gte=F("initial_ends_on")),
                name="placement_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(initial_ends_on__lt=term_is_over_on), name="placement_first_end_within_term"
            ),
            CompositeForeignKey(
                name="placement_copies_term",
                fields=["cohort", "term_months", "mechanism_limit_months"],
                to="program.Cohort",
                to_fields=["id", "term_months", "mechanism_limit_months"],
            ),
            CompositeForeignKey(
                name="placement_copies_selection",
                fields=["selection", "applicant", "opening", "cohort"],
                to="placements.Selection",
                to_fields=["id", "applicant", "opening", "cohort"],
            ),
            CompositeForeignKey(
                name="placement_opening_in_cohort",
                fields=["opening", "cohort"],
                to="agencies.Opening",
                to_fields=["id", "cohort"],
            ),
            models.CheckConstraint(
                condition=Q(kind="outside", nomination__isnull=True)
                | (~Q(kind="outside") & Q(nomination__isnull=False)),
                name="placement_lent_has_nomination",
            ),
            models.CheckConstraint(
                condition=Q(selection__isnull=False) | Q(transferred_from__isnull=False),
                name="placement_comes_from_somewhere",
            ),
            # Facts.
            models.CheckConstraint(
                condition=Q(
                    status__in=ENDED_STATES,
                    ended_on__isnull=False,
                    ended_on__gte=F("starts_on"),
                    end_recorded_at__isnull=False,
                )
                | (~Q(status__in=ENDED_STATES) & Q(ended_on__isnull=True, end_recorded_at__isnull=True)),
                name="placement_ended_with_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["pending_checks", "ready", "fell_through"], entry_recorded_at__isnull=True
                )
                | (
                    ~Q(status__in=["pending_checks", "ready", "fell_through"])
                    & Q(entry_recorded_at__isnull=False)
                ),
                name="placement_entered_with_record",
            ),
            models.CheckConstraint(
                condition=(Q(status="closed") & Q(outcome__in=Outcome.values))
                | (~Q(status="closed") & Q(outcome="")),
                name="placement_closed_with_outcome",
            ),
        ]
        triggers = [
            PLACEMENT.trigger(),
            pgtrigger.Trigger(
                name="terms_within_limit",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("starts_on", "ends_on", "appointment_mechanism", "applicant_id"),
                condition=pgtrigger.Condition(
                    "NEW.appointment_mechanism <> 'other' AND NEW.status <> 'fell_through'"
                ),
                declare=fences.TERMS_DECLARE,
                func=fences.TERMS_WITHIN_LIMIT,
            ),
            pgtrigger.Trigger(
                name="loan_terms_on_file",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "kind", "nomination_id"),
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("NEW.nomination_id IS NOT NULL"),
                declare=fences.LENT_DECLARE,
                func=fences.TERMS_OF_PLACEMENT,
            ),
            # INSERT stays free for loads.
            pgtrigger.Trigger(
                name="gates_are_open",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status"),
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition(
                    "NEW.status IN ('ready', 'active') AND OLD.status <> 'suspended'"
                ),
                declare=fences.SUBJECT_DECLARE,
                func=fences.GATES_OF_PLACEMENT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant}: {self.opening}"

    @property
    def is_lent(self) -> bool:
        return self.kind != PlacementKind.OUTSIDE


class TermsOfPlacement(LoanTerms):
    """The other side of `loan_terms_on_file`. A proxy, because `partners` knows nothing of placements."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="loan_terms_stay_on_file",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf("kind", "nomination_id", "superseded_at"),
                timing=pgtrigger.Deferred,
                declare=fences.LENT_DECLARE,
                func=fences.TERMS_OF_LOAN,
            )
        ]
