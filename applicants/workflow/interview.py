"""The life of an interview."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class InterviewStatus(models.TextChoices):
    SLOTS_OFFERED = "slots_offered", _("Times offered")
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


class InterviewCancelReason(models.TextChoices):
    CANDIDATE_ASKED = "candidate_asked", _("The candidate asked")
    PANEL_UNAVAILABLE = "panel_unavailable", _("The panel cannot come")
    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")


INTERVIEW = Workflow(
    model="applicants.Interview",
    states=InterviewStatus,
    initial=("slots_offered",),
    transitions=(
        Transition(
            name="book",
            sources=("slots_offered",),
            target="booked",
            label=_("Book"),
            permission="applicants.book_interview",
            offered=False,
        ),
        Transition(
            name="hold",
            sources=("booked",),
            target="held",
            label=_("Record as held"),
            permission="applicants.run_interview",
            guards=("applicants.interview_has_begun",),
        ),
        Transition(
            name="miss",
            sources=("booked",),
            target="missed",
            label=_("Record as missed"),
            permission="applicants.run_interview",
            guards=("applicants.interview_has_begun",),
        ),
        Transition(
            name="cancel",
            sources=("slots_offered", "booked"),
            target="cancelled",
            label=_("Cancel"),
            permission="applicants.book_interview",
            reasons=tuple(InterviewCancelReason.values),
        ),
    ),
)
