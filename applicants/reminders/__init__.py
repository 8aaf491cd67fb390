"""Reminders to people whose draft is not submitted: seven days and two days before the deadline, and on its last
morning. Reminders of cases and of assessments and interviews are beside it; the ladders are in
applicants/seed/reminders.toml."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse

from applicants.models import Application, ApplicationStatus
from applicants.reminders import talks  # registers its rules
from applicants.reminders.cases import CASE, case_ladder, case_staff
from applicants.reminders.talks import booked_interviews
from techforce.core.calendar import EASTERN
from techforce.core.ladders import declare
from techforce.core.mail.notifications import template
from techforce.core.models import MessageClass, OutboxMessage
from techforce.core.reminders import ReminderRule, Rung, register
from techforce.core.reminders.current_ladders import thresholds_of

__all__ = [
    "CASE",
    "DRAFT",
    "booked_interviews",
    "case_ladder",
    "case_staff",
    "is_dated",
    "last_morning",
    "open_drafts",
    "talks",
]

declare(Path(__file__).resolve().parent.parent / "seed" / "reminders.toml")

DRAFT_LADDER = "draft_application"

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
        thresholds=lambda draft: thresholds_of(DRAFT_LADDER),
        ladders=(DRAFT_LADDER,),
        running=lambda key: Q(status=ApplicationStatus.DRAFT),
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
