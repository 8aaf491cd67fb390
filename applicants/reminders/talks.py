"""Reminders of assessments and interviews: to the person in time, afterwards to whoever has to go on with them."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.models import AgencyRole, OpeningStatus
from agencies.permissions import Members
from applicants.models import (
    ApplicationStatus,
    AssessmentInvitation,
    AssessmentStep,
    Interview,
    InterviewStatus,
    StepStatus,
)
from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.core.models import AuditEvent, MessageClass
from techforce.core.reminders import Manner, Rung
from techforce.core.reminders.watching import watch

Due = Sequence[tuple[Any, Rung]]

SET_UP = "applicants.interview:offer"
LOOKED_BACK = datetime.timedelta(days=60)
"""How long somebody is asked what became of an interview or of an assessment that ran out."""


# ── Assessments ───────────────────────────────────────────────────────────────────────────────────
def open_invitations(rows: QuerySet[AssessmentInvitation]) -> Iterable[tuple[int, datetime.datetime]]:
    waiting = rows.filter(
        closed_at__isnull=True,
        step__status=StepStatus.INVITED,
        step__application__withdrawn_at__isnull=True,
        step__application__applicant__user__is_active=True,
    )
    return waiting.values_list("pk", "expires_at")


def expired_steps(steps: QuerySet[AssessmentStep]) -> Iterable[tuple[int, datetime.datetime]]:
    """Nobody took the assessment in time: the office invites again, excuses, or lets it be."""
    waiting = steps.filter(
        status=StepStatus.EXPIRED,
        application__status__in=(ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW),
        application__withdrawn_at__isnull=True,
        application__applicant__user__is_active=True,
    )
    ran_out = waiting.annotate(ran_out_at=Max("invitations__expires_at"))
    return ran_out.filter(ran_out_at__gt=timezone.now() - LOOKED_BACK).values_list("pk", "ran_out_at")


def who_invites(due: Due) -> Mapping[int, Iterable[Any]]:
    """Case managers who may decide about the person."""
    staff = _holders(OpmRole.CASE_MANAGER)
    return {
        step.pk: [one for one in staff if one.has_perm("applicants.run_assessment", step)]
        for step, _rung in due
    }


def _holders(role: str) -> list[User]:
    live = OpmMembership.objects.live().filter(role=role, user__is_active=True)
    return list(dict.fromkeys(row.user for row in live.select_related("user").order_by("user", "pk")))


# ── Interviews ────────────────────────────────────────────────────────────────────────────────────
def booked(interviews: QuerySet[Interview]) -> QuerySet[Interview]:
    """Those that lead somewhere: beat cancels the others (`placements.services.cancel_idle_interviews`)."""
    found = interviews.filter(
        status=InterviewStatus.BOOKED,
        application__withdrawn_at__isnull=True,
        application__applicant__user__is_active=True,
    ).exclude(application__status=ApplicationStatus.LAPSED)
    return found.filter(Q(opening__isnull=True) | ~Q(opening__status=OpeningStatus.CANCELLED))


def booked_interviews(rows: QuerySet[Interview]) -> Iterable[tuple[int, datetime.datetime | None]]:
    return booked(rows).filter(starts_at__gt=timezone.now()).values_list("pk", "starts_at")


def unrecorded_interviews(rows: QuerySet[Interview]) -> Iterable[tuple[int, datetime.datetime | None]]:
    """Their time is over, and nobody said whether they took place."""
    now = timezone.now()
    over = booked(rows).filter(ends_at__lt=now, ends_at__gt=now - LOOKED_BACK)
    return over.values_list("pk", "starts_at")


def who_records(due: Due) -> Mapping[int, Iterable[Any]]:
    """Whoever set it up leads the panel. Behind them, and where they may not any more, stand the opening's hiring
    managers, or case managers for an interview of the program office."""
    rows = [interview for interview, _rung in due]
    chairs, managers = _chairs(rows), _hiring_managers(rows)
    return {
        interview.pk: _recorders(interview, rung, chairs.get(interview.pk), managers[interview.pk])
        for interview, rung in due
    }


def _recorders(interview: Interview, rung: Rung, chair: Any, managers: Sequence[Any]) -> list[Any]:
    able = [one for one in (chair, *managers) if one and one.has_perm("applicants.run_interview", interview)]
    words = rung.threshold.audience
    found = [chair] if chair in able and "chair" in words else []
    if not found or "hiring_manager" in words:
        found += [one for one in able if one != chair]
    return found


def _chairs(rows: Sequence[Interview]) -> Mapping[int, Any]:
    events = AuditEvent.objects.filter(
        action=SET_UP, subject_type=Interview._meta.label_lower, subject_id__in=[row.pk for row in rows]
    )
    return {
        event.subject_id: event.actor
        for event in events.select_related("actor").order_by("-pk")
        if event.actor.is_active
    }


def _hiring_managers(rows: Sequence[Interview]) -> Mapping[int, Sequence[Any]]:
    """For each interview of an agency; case managers for the others."""
    role = AgencyRole.HIRING_MANAGER
    members = Members({row.opening.agency_id for row in rows if row.opening}, role)
    staff = _holders(OpmRole.CASE_MANAGER) if any(row.opening is None for row in rows) else []
    return {row.pk: members.holding(row.opening, role) if row.opening else staff for row in rows}


def where_it_is_recorded(interview: Interview, person: Any) -> str:
    if interview.opening_id:
        return reverse("agency_interview_act", args=[interview.public_id, "hold"])
    return reverse("admin:applicants_interview_change", args=[interview.pk])


# ── Rules ─────────────────────────────────────────────────────────────────────────────────────────
# A deadline to submit and an appointment: no caps (trust.md §2).
ASSESSMENT = watch(
    "assessment_invitation",
    AssessmentInvitation,
    dates=open_invitations,
    recipients=lambda due: {row.pk: [row.step.application.applicant.user] for row, _rung in due},
    path=lambda invitation, person: reverse("my_application"),
    manner=lambda invitation, rung, person: Manner.SINGLE,
    related=("step__application__applicant__user",),
    message_class=MessageClass.TRANSACTIONAL,
)
EXPIRED = watch(
    "assessment_expired",
    AssessmentStep,
    dates=expired_steps,
    recipients=who_invites,
    path=lambda step, person: reverse("admin:applicants_assessmentstep_change", args=[step.pk]),
    related=("application__applicant", "stage"),
)
INTERVIEW = watch(
    "interview",
    Interview,
    dates=booked_interviews,
    recipients=lambda due: {row.pk: [row.application.applicant.user] for row, _rung in due},
    path=lambda interview, person: reverse("my_application"),
    manner=lambda interview, rung, person: Manner.SINGLE,
    related=("application__applicant__user",),
    message_class=MessageClass.TRANSACTIONAL,
)
UNRECORDED = watch(
    "interview_unrecorded",
    Interview,
    dates=unrecorded_interviews,
    recipients=who_records,
    path=where_it_is_recorded,
    related=("application__applicant", "opening__agency", "assessment_step"),
)
