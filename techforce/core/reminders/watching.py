"""Dates that stand in tables without a place for reminders: a rule says which are open, a `Watch` row carries the rest.

Nobody has to remember to tell the engine. Every few minutes the watches are compared with the rows as they stand: what
is new is watched, what moved begins a new cycle, what is settled sleeps.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import models, transaction

from techforce.core.calendar import EASTERN
from techforce.core.ladders.thresholds import Rung, Threshold
from techforce.core.models import MessageClass, Watch
from techforce.core.reminders.current_ladders import thresholds_of
from techforce.core.reminders.engine import move_due_dates
from techforce.core.reminders.registry import Manner, ReminderRule, register

Dates = Callable[[models.QuerySet[Any]], Iterable[tuple[int, date | datetime | None]]]
"""From rows of the subject to the keys and dates of those for which the ladder holds now."""


def watch(
    key: str,
    subject: type[models.Model],
    *,
    dates: Dates,
    recipients: Callable[[Sequence[tuple[Any, Rung]]], Mapping[int, Iterable[Any]]],
    path: Callable[[Any, Any], str],
    manner: Callable[[Any, Rung, Any], Manner] = lambda subject, rung, person: Manner.DIGEST,
    related: tuple[str, ...] = (),
    is_legal: bool = False,
    message_class: str = MessageClass.REMINDER,
    template_key: str = "deadline_reminder",
    is_note: bool = False,
    event: Any = "",
    note: Callable[[Any, Threshold, Any], str] = lambda subject, threshold, person: "",
) -> ReminderRule:
    """Register a rule about a date of `subject`, by the ladder of the same key. All its functions are asked about rows
    of `subject`."""

    return register(
        ReminderRule(
            key=key,
            model=Watch,
            limit={"rule": key},
            thresholds=lambda row: thresholds_of(key),
            ladders=(key,),
            prepare=partial(_load_subjects, subject, related),
            refresh=lambda rule: compare(rule, subject, dates),
            open_rows=lambda rows: _open(rows, _days(dates(_subjects(subject, rows)))),
            recipients=lambda due: _by_watch(due, recipients([(row.subject, rung) for row, rung in due])),
            path=lambda row, person: path(row.subject, person),
            manner=lambda row, rung, person: manner(row.subject, rung, person),
            describe=lambda row: f"{row.subject_type} {row.subject_id}",
            is_legal=lambda row: is_legal,
            message_class=message_class,
            template_key=template_key,
            is_note=is_note,
            event=event,
            note=lambda row, threshold, person: note(row.subject, threshold, person),
        )
    )


def compare(rule: ReminderRule, subject: type[models.Model], dates: Dates) -> None:
    """Bring the watches of one rule up to the rows as they stand."""
    wanted = _days(dates(subject._base_manager.all()))
    known = dict(rule.rows().exclude(due_on=None).values_list("subject_id", "due_on"))
    changed = [key for key in {*wanted, *known} if wanted.get(key) != known.get(key)]
    if changed:
        _begin(rule, subject, [key for key in changed if key in wanted])
        _correct(rule, subject, dates, changed)


def _begin(rule: ReminderRule, subject: type[models.Model], new: Collection[int]) -> None:
    subject_type = subject._meta.label_lower
    Watch.objects.bulk_create(
        [Watch(rule=rule.key, subject_type=subject_type, subject_id=key) for key in new],
        ignore_conflicts=True,
        batch_size=1000,
    )


@transaction.atomic
def _correct(rule: ReminderRule, subject: type[models.Model], dates: Dates, keys: Collection[int]) -> None:
    """Under lock, so that two comparisons do not both begin a new cycle; with the dates as they are by then, so that
    the slower one does not write what the other has corrected."""
    rows = list(rule.rows().filter(subject_id__in=keys).order_by("pk").select_for_update())
    wanted = _days(dates(subject._base_manager.filter(pk__in=keys)))
    moved = [row for row in rows if row.due_on != wanted.get(row.subject_id)]
    for row in moved:
        row.due_on = wanted.get(row.subject_id)
    move_due_dates(moved, rule)


def _days(pairs: Iterable[tuple[int, date | datetime | None]]) -> dict[int, date]:
    """Instants become the day in Washington on which they fall."""
    return {key: _day(moment) for key, moment in pairs if moment is not None}


def _day(moment: date | datetime) -> date:
    return moment.astimezone(EASTERN).date() if isinstance(moment, datetime) else moment


def _subjects(subject: type[models.Model], rows: Sequence[Watch]) -> models.QuerySet[Any]:
    return subject._base_manager.filter(pk__in=[row.subject_id for row in rows])


def _load_subjects(subject: type[models.Model], related: Sequence[str], rows: Sequence[Any]) -> None:
    found = _subjects(subject, rows).select_related(*related).in_bulk()
    for row in rows:
        row.subject = found.get(row.subject_id)


def _open(rows: Sequence[Watch], days: Mapping[int, date]) -> set[int]:
    return {row.pk for row in rows if row.due_on and days.get(row.subject_id) == row.due_on}


def _by_watch(
    due: Sequence[tuple[Any, Rung]], found: Mapping[int, Iterable[Any]]
) -> Mapping[int, Iterable[Any]]:
    return {row.pk: found.get(row.subject_id, ()) for row, _rung in due}
