"""How a discipline is assessed in a cohort (plan and stages), and where one application stands in it
(steps)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models.application import KEEP, Application
from applicants.querysets import OfApplicationQuerySet, OfStepQuerySet
from applicants.workflow import ASSESSMENT_STEP, StepStatus
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models import Row, Versioned
from techforce.core.querysets import StaffQuerySet
from techforce.program.models import Cohort, Discipline


class StageKind(models.TextChoices):
    RESUME_REVIEW = "resume_review", _("Résumé review")
    TECHNICAL_ASSESSMENT = "technical_assessment", _("Technical assessment")
    SCREENING_INTERVIEW = "screening_interview", _("Screening interview")
    TECHNICAL_INTERVIEW = "technical_interview", _("Technical interview")


INTERVIEW_STAGES = (StageKind.SCREENING_INTERVIEW, StageKind.TECHNICAL_INTERVIEW)


@track("cohort", "discipline", "is_active")
@record("How a discipline is assessed in a cohort.", keep="GRS 2.1/050, 2 years after the cohort ends")
class AssessmentPlan(Row, Versioned):
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="assessment_plans", verbose_name=_("cohort"), db_index=False
    )
    discipline = models.ForeignKey(
        Discipline, models.PROTECT, related_name="assessment_plans", verbose_name=_("discipline")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment plan")
        verbose_name_plural = _("assessment plans")
        ordering = ("cohort", "discipline")
        constraints = [
            models.UniqueConstraint(fields=["cohort", "discipline"], name="one_plan_a_discipline"),
            models.UniqueConstraint(fields=["id", "cohort"], name="plan_of_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.discipline}"


@track("plan", "position", "kind", "days_open")
@record("One stage of an assessment plan.", keep="with its plan")
class AssessmentStage(Row):
    plan = models.ForeignKey(
        AssessmentPlan, models.PROTECT, related_name="stages", verbose_name=_("plan"), db_index=False
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="+", verbose_name=_("cohort"), editable=False, db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("Counts the stages from 1"))
    kind = models.CharField(_("kind"), max_length=20, choices=StageKind)
    title = models.CharField(_("title"), max_length=120)
    days_open = models.PositiveSmallIntegerField(
        _("days open"), default=7, help_text=_("Calendar days to take it")
    )

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment stage")
        verbose_name_plural = _("assessment stages")
        ordering = ("plan", "position")
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="one_stage_a_position"),
            models.UniqueConstraint(fields=["id", "cohort"], name="stage_of_cohort"),
            models.CheckConstraint(condition=Q(position__gte=1), name="stage_position_from_one"),
            models.CheckConstraint(condition=Q(kind__in=StageKind.values), name="stage_kind_known"),
            models.CheckConstraint(condition=Q(days_open__gte=1, days_open__lte=365), name="stage_days_open"),
            CompositeForeignKey(
                name="stage_in_plans_cohort",
                fields=["plan", "cohort"],
                to="applicants.AssessmentPlan",
                to_fields=["id", "cohort"],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.cohort_id = self.plan.cohort_id
        super().save(*args, **kwargs)


@track("status", "application", "stage", "completed_at")
@record("Where an application stands in a stage.", keep=KEEP)
class AssessmentStep(Row, Versioned):
    status = models.CharField(
        _("status"), max_length=8, choices=StepStatus, default=StepStatus.PLANNED, editable=False
    )
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        related_name="assessment_steps",
        verbose_name=_("application"),
        db_index=False,
    )
    stage = models.ForeignKey(AssessmentStage, models.PROTECT, related_name="steps", verbose_name=_("stage"))
    # Held equal on both sides, so that a step never mixes two cohorts.
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="+", verbose_name=_("cohort"), editable=False, db_index=False
    )
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True, editable=False)

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment step")
        verbose_name_plural = _("assessment steps")
        ordering = ("application", "stage")
        triggers = [ASSESSMENT_STEP.trigger()]
        constraints = [
            ASSESSMENT_STEP.constraint(),
            models.UniqueConstraint(fields=["application", "stage"], name="one_step_a_stage"),
            models.UniqueConstraint(fields=["id", "application"], name="step_of_application"),
            models.CheckConstraint(
                condition=Q(status="done", completed_at__isnull=False)
                | (~Q(status="done") & Q(completed_at__isnull=True)),
                name="step_completed_at_iff_done",
            ),
            CompositeForeignKey(
                name="step_in_applications_cohort",
                fields=["application", "cohort"],
                to="applicants.Application",
                to_fields=["id", "cohort"],
            ),
            CompositeForeignKey(
                name="step_in_stages_cohort",
                fields=["stage", "cohort"],
                to="applicants.AssessmentStage",
                to_fields=["id", "cohort"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.stage}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.cohort_id = self.application.cohort_id
        super().save(*args, **kwargs)


@track("step", "attempt", "expires_at", "closed_at")
@record("One invitation to an assessment step.", keep=KEEP)
class AssessmentInvitation(Row):
    step = models.ForeignKey(
        AssessmentStep, models.PROTECT, related_name="invitations", verbose_name=_("step"), db_index=False
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    invited_at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("expires at"), help_text=_("The first moment that is too late"))
    provider_reference = models.CharField(
        _("provider's reference"),
        max_length=80,
        blank=True,
        help_text=_("Where the assessment system knows it"),
    )
    closed_at = models.DateTimeField(
        _("closed at"), null=True, blank=True, help_text=_("Taken, expired, or replaced by another")
    )

    objects = OfStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment invitation")
        verbose_name_plural = _("assessment invitations")
        ordering = ("step", "-attempt")
        indexes = [
            models.Index(fields=["expires_at"], name="invitation_open", condition=Q(closed_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(fields=["step", "attempt"], name="one_invitation_an_attempt"),
            models.UniqueConstraint(
                fields=["step"], condition=Q(closed_at__isnull=True), name="one_open_invitation_a_step"
            ),
            models.CheckConstraint(condition=Q(attempt__gte=1), name="invitation_attempt_from_one"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} · {self.attempt}"
