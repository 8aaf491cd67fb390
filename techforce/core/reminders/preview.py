"""A reminder before it leaves: the whole ladder of a row, who would hear of each rung, and how the mail would read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.mail import EmailMultiAlternatives

from techforce.core.calendar import today
from techforce.core.closures import closures
from techforce.core.ladders.thresholds import Threshold, first_rung
from techforce.core.mail import notifications, outbox
from techforce.core.reminders.current_ladders import tried
from techforce.core.reminders.registry import ReminderRule, rules


@dataclass(frozen=True, slots=True)
class PlannedRung:
    code: str
    on: date
    repeat_days: int
    people: list[Any]


def ladder_for(rule: ReminderRule, row: Any) -> list[PlannedRung]:
    """First to last, as they stand today; a rung that repeats is named once."""
    return sorted(_planned(rule, row), key=lambda planned: planned.on) if row.due_on else []


def _planned(rule: ReminderRule, row: Any) -> Iterator[PlannedRung]:
    for threshold in rule.thresholds(row):
        rung = first_rung(threshold, row.due_on, closures())
        people = rule.recipients([(row, rung)]).get(row.pk, ())
        yield PlannedRung(threshold.code, rung.on, threshold.repeat_days, list(people))


def mail_for(rule: ReminderRule, row: Any) -> EmailMultiAlternatives | None:
    """The single mail as it would read today to the first who would hear; None when there is nothing to say."""
    person = next((person for planned in ladder_for(rule, row) for person in planned.people), None)
    if person is None:
        return None
    message = outbox.draft(
        rule.template_key,
        subject=row,
        message_class=rule.message_class,
        dedupe_key="preview",
        recipient=person,
        context={
            "rule": rule.key,
            "due_on": (row.nudge_on or row.due_on or today()).isoformat(),
            "threshold": "",
            "cycle": row.reminder_cycle,
        },
    )
    try:
        return notifications.render(message)
    except notifications.NothingToSay:
        return None


# ── What another ladder would send ────────────────────────────────────────────────────────────────
SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """A row that climbs the ladder, and its rungs to come: those that stay, those that go and those that are new."""

    about: str
    due_on: date
    rungs: list["EffectOnRung"]


@dataclass(frozen=True, slots=True)
class EffectOnRung:
    planned: PlannedRung
    is_new: bool
    is_gone: bool


def effects_of(key: str, rungs: Sequence[Threshold]) -> list[Effect]:
    """The rows whose next reminder comes first, as they would be with `rungs`."""
    soonest = [
        (row.next_reminder_at, rule, row)
        for rule in rules()
        if key in rule.ladders
        for row in _next_to_hear(rule, key)
    ]
    soonest.sort(key=lambda found: found[0])
    return [_effect(rule, row, key, rungs) for _moment, rule, row in soonest[:SHOWN_ROWS]]


def _next_to_hear(rule: ReminderRule, key: str) -> list[Any]:
    waiting = rule.rows().filter(rule.running(key), due_on__isnull=False, next_reminder_at__isnull=False)
    rows = rule.loaded(waiting.order_by("next_reminder_at", "pk")[:SHOWN_ROWS])
    open_keys = rule.open_rows(rows)
    return [row for row in rows if row.pk in open_keys]


def _effect(rule: ReminderRule, row: Any, key: str, rungs: Sequence[Threshold]) -> Effect:
    before = _to_come(rule, row)
    with tried(key, rungs):
        after = _to_come(rule, row)
    lines = [
        EffectOnRung(rung, is_new=_heard(rung) not in map(_heard, before), is_gone=False) for rung in after
    ]
    kept = {_heard(rung) for rung in after}
    lines += [EffectOnRung(rung, is_new=False, is_gone=True) for rung in before if _heard(rung) not in kept]
    return Effect(rule.describe(row), row.due_on, sorted(lines, key=lambda line: line.planned.on))


def _to_come(rule: ReminderRule, row: Any) -> list[PlannedRung]:
    return [rung for rung in ladder_for(rule, row) if rung.on > today() or rung.repeat_days]


def _heard(rung: PlannedRung) -> tuple[str, date, tuple[int, ...]]:
    return rung.code, rung.on, tuple(person.pk for person in rung.people)
