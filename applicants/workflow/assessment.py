"""The life of an assessment step."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class StepStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    INVITED = "invited", _("Invited")
    DONE = "done", _("Done")
    EXPIRED = "expired", _("Expired")
    EXCUSED = "excused", _("Excused")


class ExcuseReason(models.TextChoices):
    ACCOMMODATION = "accommodation", _("Replaced as a reasonable accommodation")
    EARLIER_RESULT = "earlier_result", _("An earlier result counts")
    TECHNICAL_FAILURE = "technical_failure", _("The assessment system failed")


ASSESSMENT_STEP = Workflow(
    model="applicants.AssessmentStep",
    states=StepStatus,
    initial=("planned",),
    transitions=(
        # Inviting makes an invitation, so only its service may take this arrow.
        Transition(
            name="invite",
            sources=("planned", "expired"),
            target="invited",
            label=_("Invite"),
            permission="applicants.run_assessment",
            offered=False,
        ),
        Transition(
            name="complete",
            sources=("invited",),
            target="done",
            label=_("Record as done"),
            permission="applicants.run_assessment",
            stamp="completed_at",
        ),
        Transition(
            name="expire",
            sources=("invited",),
            target="expired",
            label=_("Expired"),
            permission="applicants.run_assessment",
            guards=("applicants.invitation_has_expired",),
        ),
        Transition(
            name="excuse",
            sources=("planned", "invited", "expired"),
            target="excused",
            label=_("Excuse"),
            permission="applicants.excuse_step",
            reasons=tuple(ExcuseReason.values),
        ),
    ),
)
