"""A person's place in a course."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class EnrollmentStatus(models.TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    COMPLETED = "completed", _("Completed")
    EXCUSED = "excused", _("Excused")
    CANCELLED = "cancelled", _("Cancelled")


ENROLLMENT = Workflow(
    model="placements.TrainingEnrollment",
    states=EnrollmentStatus,
    initial=("assigned",),
    transitions=(
        Transition(
            name="complete",
            sources=("assigned",),
            target="completed",
            label=_("Record completion"),
            permission="placements.record_training",
            offered=False,  # the day of completion comes with it
        ),
        Transition(
            name="excuse",
            sources=("assigned",),
            target="excused",
            label=_("Excuse"),
            permission="placements.excuse_training",
            guards=("placements.not_about_oneself",),
            reasons=("equivalent_course", "accommodation", "position_changed"),
        ),
        Transition(
            name="cancel",
            sources=("assigned",),
            target="cancelled",
            label=_("Cancel"),
            permission="placements.record_training",
            reasons=("service_ended", "error_corrected"),
        ),
    ),
)
