"""An application: one person, one cohort, one to three disciplines."""

import datetime

import pgtrigger
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models.applicant import Applicant
from applicants.querysets import ApplicationQuerySet
from applicants.workflow import APPLICATION, WITHDRAWABLE_STATES, ApplicationStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Deadline, Row, Versioned
from techforce.program.models import Cohort
from techforce.program.workflow import Track

MOST_DISCIPLINES = 3
KEEP = "GRS 2.1/060, 1 year after the cohort's final action"

is_draft = Q(status=ApplicationStatus.DRAFT)

# A submitted application keeps at least one discipline; both sides lock the application first, so that a
# removal and a submission at the same moment cannot pass each other.
STILL_CHOSEN = """
    PERFORM 1 FROM applicants_application WHERE id = {application} FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM applicants_application WHERE id = {application} AND status <> 'draft')
        AND NOT EXISTS (SELECT 1 FROM applicants_applicationdiscipline WHERE application_id = {application})
    THEN
        RAISE EXCEPTION 'a submitted application names at least one discipline'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
"""


class VeteransPreference(models.TextChoices):
    """What the person claims. The claim is adjudicated before a certificate (5 U.S.C. 2108)."""

    NONE = "none", _("Not claimed")
    SOLE_SURVIVOR = "ssp", _("Sole survivorship, no points")
    TP = "tp", _("5 points (TP)")
    XP = "xp", _("10 points (XP)")
    CP = "cp", _("10 points, compensable disability of 10 to 29 percent (CP)")
    CPS = "cps", _("10 points, compensable disability of 30 percent or more (CPS)")


@track(
    "status",
    "applicant",
    "cohort",
    "track",
    "submitted_at",
    "decided_at",
    "withdraws_at",
    "withdrawn_at",
    "extended_until",
    "certified_at",
    "is_us_citizen",
    "is_adult",
    "is_shareable",
    "is_shareable_later",
    "veterans_preference",
)
@record(
    "An application of a person to a cohort.",
    keep=KEEP,
    columns=dict.fromkeys(
        ("answers", "is_us_citizen", "is_adult", "veterans_preference", "has_accommodation_request"),
        Sensitivity.PERSONAL,
    ),
)
class Application(Row, Versioned, Deadline):
    """As a draft it is watched (`applicants.reminders`): due on the last morning on which it can be submitted."""

    status = models.CharField(
        _("status"), max_length=17, choices=ApplicationStatus, default=ApplicationStatus.DRAFT, editable=False
    )
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="applications", verbose_name=_("cohort"))
    reference_number = models.GeneratedField(
        expression=Concat(Value("TF-"), LPad(Cast("id", models.TextField()), 8, Value("0"))),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        unique=True,
        verbose_name=_("reference number"),
        help_text=_("Printed on the receipt"),
    )
    track = models.CharField(_("track"), max_length=12, choices=Track, default=Track.EARLY_CAREER)
    answers = models.JSONField(
        _("answers"),
        default=dict,
        blank=True,
        help_text=_("What the form holds now; a submission freezes it"),
    )
    # Self-attested. Citizenship refuses nothing here: openings say what they need.
    is_us_citizen = models.BooleanField(_("U.S. citizen"), null=True, blank=True)
    is_adult = models.BooleanField(_("18 or older"), null=True, blank=True)
    veterans_preference = models.CharField(
        _("veterans' preference claimed"), max_length=4, choices=VeteransPreference, blank=True
    )
    has_accommodation_request = models.BooleanField(
        _("asks for an accommodation"),
        default=False,
        help_text=_("Only that one was asked for; details stay elsewhere"),
    )
    is_shareable = models.BooleanField(_("agrees that agencies see the application"), default=False)
    is_shareable_later = models.BooleanField(_("agrees to be considered by later cohorts"), default=False)
    extended_until = models.DateTimeField(
        _("may be submitted until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("More time for this person alone after an outage; empty for the cohort's deadline"),
    )
    certified_at = models.DateTimeField(
        _("certified at"),
        null=True,
        blank=True,
        help_text=_("When the person certified that all is true (18 U.S.C. 1001)"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    withdraws_at = models.DateTimeField(
        _("withdrawal takes effect at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Set when the person withdraws; undone until then"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    destroyed_at = models.DateTimeField(
        _("destroyed at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Content destroyed at its disposition date; what is left names nobody"),
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=["cohort", "status", "id"], name="application_queue"),
            # Raters take the longest wait first, however many are decided.
            models.Index(
                fields=["submitted_at", "id"],
                name="application_to_rate",
                condition=Q(status__in=["submitted", "in_review"]),
            ),
            models.Index(
                fields=["withdraws_at"],
                name="application_withdrawing",
                condition=Q(withdraws_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.Index(
                fields=["next_reminder_at"],
                name="application_reminders",
                condition=Q(next_reminder_at__isnull=False),
            ),
        ]
        constraints = [
            APPLICATION.constraint(),
            # I2: a person applies once to a cohort; only after withdrawing may they apply again.
            models.UniqueConstraint(
                fields=["applicant", "cohort"],
                condition=~Q(status="withdrawn"),
                name="one_live_application_a_cohort",
            ),
            models.UniqueConstraint(fields=["id", "cohort"], name="application_of_cohort"),
            models.UniqueConstraint(fields=["id", "applicant"], name="application_of_person"),
            models.CheckConstraint(condition=Q(track__in=Track.values), name="application_track_known"),
            models.CheckConstraint(
                condition=Q(veterans_preference__in=["", *VeteransPreference.values]),
                name="application_preference_known",
            ),
            models.CheckConstraint(
                condition=(is_draft & Q(submitted_at__isnull=True))
                | (~is_draft & Q(submitted_at__isnull=False)),
                name="application_submitted_at_iff_submitted",
            ),
            models.CheckConstraint(
                condition=is_draft
                | Q(destroyed_at__isnull=False)
                | Q(
                    certified_at__isnull=False,
                    is_shareable=True,
                    is_adult__isnull=False,
                    is_us_citizen__isnull=False,
                ),
                name="application_certified_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True) | Q(answers={}, is_us_citizen__isnull=True),
                name="application_empty_when_destroyed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["qualified", "not_qualified", "placed", "lapsed"])
                | Q(decided_at__isnull=False),
                name="application_decided_at_when_decided",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False, withdraws_at__isnull=False)
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="application_withdrawn_at_iff_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(withdraws_at__isnull=True) | Q(status__in=[*WITHDRAWABLE_STATES, "withdrawn"]),
                name="application_only_live_ones_withdraw",
            ),
        ]
        triggers = [
            APPLICATION.trigger(),
            pgtrigger.Trigger(
                name="names_a_discipline",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("NEW.status <> 'draft'"),
                func=STILL_CHOSEN.replace("{application}", "NEW.id"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference_number

    @property
    def is_withdrawing(self) -> bool:
        """Asked to withdraw, and may still undo it."""
        return self.withdraws_at is not None and self.withdrawn_at is None

    @property
    def closes_at(self) -> datetime.datetime:
        """The first moment that is too late for this person."""
        cohort_closes: datetime.datetime = self.cohort.closes_at
        return max(cohort_closes, self.extended_until or cohort_closes)

    @property
    def is_in_time(self) -> bool:
        """Whether it may be submitted now, in the cohort's window or in the person's own; see `in_time`."""
        has_own = self.extended_until is not None and self.extended_until > timezone.now()
        return self.cohort.is_accepting or (has_own and self.cohort.status in ("open", "closed"))

    @property
    def is_too_late(self) -> bool:
        """A draft whose window is over: shown as "Not submitted"."""
        return self.status == ApplicationStatus.DRAFT and self.closes_at <= timezone.now()
