"""Steps of an assessment: invite, record, let run out, excuse."""

import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from applicants.models import AssessmentInvitation, AssessmentStep, StepStatus
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many


@service
def invite_to_step(*, step: AssessmentStep, by: Any, provider_reference: str = "") -> AssessmentInvitation:
    """Invite, for the first time or again after it ran out; open for as many days as the stage says."""
    transition(step, "invite", by=by)
    now = timezone.now()
    AssessmentInvitation.objects.filter(step=step, closed_at__isnull=True).update(closed_at=now)
    last = step.invitations.aggregate(last=Max("attempt"))["last"] or 0
    return AssessmentInvitation.objects.create(
        step=step,
        attempt=last + 1,
        invited_at=now,
        expires_at=now + datetime.timedelta(days=step.stage.days_open),
        provider_reference=provider_reference,
    )


@service
def complete_step(*, step: AssessmentStep, by: Any) -> AssessmentStep:
    completed: AssessmentStep = transition(step, "complete", by=by)
    _close_invitations([completed])
    return completed


@service
def excuse_step(*, step: AssessmentStep, reason_code: str, by: Any) -> AssessmentStep:
    excused: AssessmentStep = transition(step, "excuse", by=by, reason_code=reason_code)
    _close_invitations([excused])
    return excused


@service
def expire_invitations(*, by: Any) -> int:
    """Let steps whose invitation ran out expire and say how many; beat calls it."""
    due = AssessmentStep.objects.filter(
        status=StepStatus.INVITED,
        pk__in=AssessmentInvitation.objects.filter(
            closed_at__isnull=True, expires_at__lte=timezone.now()
        ).values("step"),
    )
    moved = transition_many(due, "expire", by=by, is_partial_allowed=True).rows
    _close_invitations(moved)
    return len(moved)


def _close_invitations(steps: list[AssessmentStep]) -> None:
    running = AssessmentInvitation.objects.filter(
        step__in=[step.pk for step in steps], closed_at__isnull=True
    )
    running.update(closed_at=timezone.now())
