"""An interview: of OPM, for an assessment step, or of an agency, for an opening. `placements` finds the
latter."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Opening
from applicants.models.application import Application
from applicants.models.assessment import AssessmentStep
from applicants.querysets import InterviewQuerySet
from applicants.workflow import INTERVIEW, InterviewStatus
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned

HAS_A_TIME = (InterviewStatus.BOOKED, InterviewStatus.HELD, InterviewStatus.MISSED)
IS_PENDING = (InterviewStatus.SLOTS_OFFERED, InterviewStatus.BOOKED)


class InterviewMode(models.TextChoices):
    VIDEO = "video", _("Video")
    PHONE = "phone", _("Telephone")
    IN_PERSON = "in_person", _("In person")


@track("status", "application", "assessment_step", "opening", "starts_at", "ends_at", "mode")
@record(
    "An interview.",
    keep="GRS 2.1/090, 2 years after the case is closed",
    columns={"place": Sensitivity.PERSONAL},
)
class Interview(Row, Versioned):
    status = models.CharField(
        _("status"),
        max_length=13,
        choices=InterviewStatus,
        default=InterviewStatus.SLOTS_OFFERED,
        editable=False,
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="interviews", verbose_name=_("application")
    )
    assessment_step = models.ForeignKey(
        AssessmentStep,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("assessment step"),
    )
    opening = models.ForeignKey(
        Opening, models.PROTECT, null=True, blank=True, related_name="interviews", verbose_name=_("opening")
    )
    mode = models.CharField(_("mode"), max_length=9, choices=InterviewMode, default=InterviewMode.VIDEO)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="America/New_York")
    place = models.CharField(_("place or link"), max_length=300, blank=True)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ("application", "-id")
        indexes = [models.Index(fields=["starts_at"], name="interview_booked", condition=Q(status="booked"))]
        triggers = [INTERVIEW.trigger()]
        constraints = [
            INTERVIEW.constraint(),
            models.CheckConstraint(
                condition=Q(assessment_step__isnull=True, opening__isnull=False)
                | Q(assessment_step__isnull=False, opening__isnull=True),
                name="interview_for_step_or_opening",
            ),
            models.CheckConstraint(condition=Q(mode__in=InterviewMode.values), name="interview_mode_known"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="interview_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=HAS_A_TIME) | Q(starts_at__isnull=False),
                name="interview_booked_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["assessment_step"],
                condition=Q(status__in=IS_PENDING),
                name="one_pending_interview_a_step",
            ),
            models.UniqueConstraint(
                fields=["application", "opening"],
                condition=Q(status__in=IS_PENDING),
                name="one_pending_interview_an_opening",
            ),
            CompositeForeignKey(
                name="interview_step_of_application",
                fields=["assessment_step", "application"],
                to="applicants.AssessmentStep",
                to_fields=["id", "application"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.get_status_display()}"
