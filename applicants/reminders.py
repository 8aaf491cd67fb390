"""Reminders to people whose draft is not submitted: seven days and two days before the deadline, and on its last
morning. Reminders of cases: to whoever in the program office answers, or to the person whom it asked something."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.models import OpeningStatus
from applicants.models import (
    Application,
    ApplicationStatus,
    AssessmentInvitation,
    CaseStatus,
    CaseThread,
    Interview,
    InterviewStatus,
    StepStatus,
)
from applicants.querysets import CASE_WORKERS
from techforce.accounts.models import OpmMembership
from techforce.core.calendar import EASTERN
from techforce.core.ladders import ladder
from techforce.core.models import MessageClass, OutboxMessage
from techforce.core.notifications import template
from techforce.core.reminders import Manner, ReminderRule, Rung, Threshold, register
from techforce.core.watching import watch

LADDER = (
    Threshold("due-7d", -7, is_any_day=True),
    Threshold("due-2d", -2, is_any_day=True),
    Threshold("last-morning", 0, is_any_day=True),
)

MORNING = datetime.timedelta(hours=9)
"""When a reminder leaves, on its recipient's clock."""

TIME_LEFT = datetime.timedelta(hours=1)
"""A last morning leaves at least so much time to submit."""


def last_morning(closes_at: datetime.datetime, time_zone: str) -> datetime.date:
    """The last day with a morning on which a person of this zone can still submit.

    The engine looks at a day from its midnight in Washington on, so the day must have begun there too.
    """
    theirs = (closes_at - TIME_LEFT).astimezone(ZoneInfo(time_zone)).replace(tzinfo=None) - MORNING
    ours = (closes_at - TIME_LEFT).astimezone(EASTERN)
    return min(theirs.date(), ours.date())


def is_dated(draft: Application) -> bool:
    """Whether its date is that of the deadline as it stands now, which may have moved."""
    return draft.due_on == last_morning(draft.closes_at, draft.applicant.user.time_zone)


def open_drafts(rows: Sequence[Application]) -> set[int]:
    """Those that can still be submitted, of people with an account in use."""
    drafts = Application.objects.in_time().filter(
        pk__in=[row.pk for row in rows],
        status=ApplicationStatus.DRAFT,
        applicant__user__is_active=True,
    )
    return {draft.pk for draft in drafts.select_related("cohort", "applicant__user") if is_dated(draft)}


def their_authors(due: Sequence[tuple[Application, Rung]]) -> Mapping[int, Iterable[Any]]:
    return {draft.pk: [draft.applicant.user] for draft, _rung in due}


def review_page(draft: Application, person: Any) -> str:
    return reverse("apply_review", args=[draft.public_id])


DRAFT = register(
    ReminderRule(
        key="draft_application",
        model=Application,
        thresholds=lambda draft: LADDER,
        open_rows=open_drafts,
        recipients=their_authors,
        path=review_page,
        related=("cohort", "applicant__user"),
        template_key="draft_reminder",
        message_class=MessageClass.TRANSACTIONAL,  # a deadline to submit: no caps (trust.md §2)
    )
)


@template("draft_reminder")
def load_draft_reminder(message: OutboxMessage) -> Mapping[str, Any] | None:
    """The deadline in the zone in which it is announced; nothing once it was submitted, or the deadline moved."""
    draft = Application.objects.filter(pk=message.subject_id).select_related(*DRAFT.related).first()
    if draft is None or draft.reminder_cycle != message.context["cycle"] or not open_drafts([draft]):
        return None
    return {
        "closes_at": draft.closes_at,
        "time_zone": draft.cohort.time_zone,
        "path": DRAFT.path(draft, message.recipient),
    }


# ── Cases ─────────────────────────────────────────────────────────────────────────────────────────
OFFICE_LADDER = (
    Threshold("due-1bd", -1, "business"),
    Threshold("due", 0),
    Threshold("late", 1, "business", repeat_days=7),
)
PERSON_LADDER = (Threshold("due-2d", -2, is_any_day=True), Threshold("due", 0, is_any_day=True))


def case_ladder(thread: CaseThread) -> Sequence[Threshold]:
    return PERSON_LADDER if thread.status == CaseStatus.ASKED else OFFICE_LADDER


def moving_cases(rows: Sequence[CaseThread]) -> set[int]:
    moving = CaseThread.objects.moving().filter(pk__in=[row.pk for row in rows])
    return set(moving.values_list("pk", flat=True))


def whose_case(due: Sequence[tuple[CaseThread, Rung]]) -> Mapping[int, Iterable[Any]]:
    """The person whom we asked; otherwise the owner, and where there is none, all who may answer."""
    rows = [thread for thread, _rung in due]
    found = {row.pk: [row.application.applicant.user] for row in rows if row.status == CaseStatus.ASKED}
    ours = [row for row in rows if row.pk not in found]
    # One object a person, because each remembers what it may.
    owners = {row.owner_id: row.owner for row in ours}
    found |= {row.pk: _able([owners[row.owner_id]], row) for row in ours if row.owner_id}
    unowned = [row for row in ours if not found.get(row.pk)]
    staff = case_staff() if unowned else []
    return found | {row.pk: _able(staff, row) for row in unowned}


def _able(people: Sequence[Any], thread: CaseThread) -> list[Any]:
    return [person for person in people if person.has_perm("applicants.work_case", thread)]


def case_staff() -> list[Any]:
    """Everybody with a role in which cases are answered."""
    roles = frozenset().union(*CASE_WORKERS.values())
    live = OpmMembership.objects.live().filter(role__in=roles, user__is_active=True)
    return list(
        dict.fromkeys(membership.user for membership in live.select_related("user").order_by("user", "pk"))
    )


def manner_of_case(thread: CaseThread, rung: Rung, person: Any) -> Manner:
    return Manner.CAPPED if person == thread.application.applicant.user else Manner.DIGEST


def path_to_case(thread: CaseThread, person: Any) -> str:
    if person == thread.application.applicant.user:
        return reverse("my_question", args=[thread.public_id])
    return reverse("admin:applicants_casethread_change", args=[thread.pk])


# What is said about a case never tells its topic: the lists of reminders are read by people who may not know it.
CASE = register(
    ReminderRule(
        key="case",
        model=CaseThread,
        thresholds=case_ladder,
        open_rows=moving_cases,
        recipients=whose_case,
        manner=manner_of_case,
        path=path_to_case,
        describe=lambda thread: str(thread.application),
        related=("application__applicant__user", "owner"),
    )
)


# ── Assessments and interviews ────────────────────────────────────────────────────────────────────
def open_invitations(rows: QuerySet[AssessmentInvitation]) -> Iterable[tuple[int, datetime.datetime]]:
    waiting = rows.filter(
        closed_at__isnull=True,
        step__status=StepStatus.INVITED,
        step__application__withdrawn_at__isnull=True,
        step__application__applicant__user__is_active=True,
    )
    return waiting.values_list("pk", "expires_at")


def booked_interviews(rows: QuerySet[Interview]) -> Iterable[tuple[int, datetime.datetime | None]]:
    """Those that lead somewhere: beat cancels the others (`placements.services.cancel_idle_interviews`)."""
    booked = rows.filter(
        status=InterviewStatus.BOOKED,
        starts_at__gt=timezone.now(),
        application__withdrawn_at__isnull=True,
        application__applicant__user__is_active=True,
    ).exclude(application__status=ApplicationStatus.LAPSED)
    booked = booked.filter(Q(opening__isnull=True) | ~Q(opening__status=OpeningStatus.CANCELLED))
    return booked.values_list("pk", "starts_at")


# A deadline to submit and an appointment: no caps (trust.md §2).
ASSESSMENT = watch(
    "assessment_invitation",
    AssessmentInvitation,
    ladder=ladder("-5d", "-3d", "-1d", is_any_day=True),
    dates=open_invitations,
    recipients=lambda due: {row.pk: [row.step.application.applicant.user] for row, _rung in due},
    path=lambda invitation, person: reverse("my_application"),
    manner=lambda invitation, rung, person: Manner.SINGLE,
    related=("step__application__applicant__user",),
    message_class=MessageClass.TRANSACTIONAL,
)
INTERVIEW = watch(
    "interview",
    Interview,
    ladder=ladder("-2bd"),
    dates=booked_interviews,
    recipients=lambda due: {row.pk: [row.application.applicant.user] for row, _rung in due},
    path=lambda interview, person: reverse("my_application"),
    manner=lambda interview, rung, person: Manner.SINGLE,
    related=("application__applicant__user",),
    message_class=MessageClass.TRANSACTIONAL,
)
