"""The dates on which people are reminded of their drafts follow the deadline of the cohort."""

import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Greatest

from applicants.models import Application, ApplicationStatus
from applicants.reminders import DRAFT, last_morning
from techforce.core import reminders
from techforce.core.services import service

CHUNK = 500


def keep_draft_dates(*, by: Any) -> int:
    """Date the drafts anew whose window was extended, or whose author moved to another time zone; returns how many.

    Beat calls it. Until then nothing stale leaves, because each reminder is checked against the deadline when it is
    sent (`applicants.reminders.is_dated`).
    """
    return sum(_date_anew(closes_at, zone, by=by) for closes_at, zone in _stale())


def _stale() -> list[tuple[datetime.datetime, str]]:
    """Deadlines and time zones for which some draft has another date."""
    groups = (
        _drafts()
        .order_by("until", "applicant__user__time_zone", "due_on")
        .values_list("until", "applicant__user__time_zone", "due_on")
        .distinct()
    )
    found = {(closes, zone): None for closes, zone, due_on in groups if due_on != last_morning(closes, zone)}
    return list(found)


def _drafts() -> Any:
    drafts = Application.objects.in_time().filter(status=ApplicationStatus.DRAFT)
    return drafts.annotate(until=Greatest("cohort__closes_at", "extended_until"))


def _date_anew(closes_at: datetime.datetime, zone: str, *, by: Any) -> int:
    due_on = last_morning(closes_at, zone)
    group = _drafts().filter(
        ~Q(due_on=due_on) | Q(due_on=None), until=closes_at, applicant__user__time_zone=zone
    )
    moved = 0
    while keys := list(group.order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        moved += _move(keys=keys, due_on=due_on, by=by)
    return moved


def redate_draft(draft: Application, *, by: Any) -> None:
    """Date one draft anew, whose own deadline moved; those of all others stay for beat."""
    due_on = last_morning(draft.closes_at, draft.applicant.user.time_zone)
    _move(keys=[draft.pk], due_on=due_on, by=by)


@service
def _move(*, keys: list[int], due_on: datetime.date, by: Any) -> int:
    rows = list(Application.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",)))
    for row in rows:
        row.due_on = due_on
    reminders.move_due_dates(rows, DRAFT)
    return len(rows)


def date_draft(draft: Application, now: datetime.datetime) -> None:
    """Begin to watch a new draft; the caller saves it. Who begins on the last day knows that it is the last."""
    due_on = last_morning(draft.closes_at, draft.applicant.user.time_zone)
    for column, value in reminders.first_columns(DRAFT.thresholds(draft), due_on, now=now).items():
        setattr(draft, column, value)
    if draft.next_reminder_at == now:
        draft.next_reminder_at = None
