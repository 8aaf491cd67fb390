"""A reminder before it leaves: the whole ladder of a row, who would hear of each rung, and how the mail would read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from django.core.mail import EmailMultiAlternatives

from techforce.core.calendar import today
from techforce.core.closures import closures
from techforce.core.ladders.thresholds import Rung, Threshold, first_rung
from techforce.core.ladders.words import rung_in_words
from techforce.core.mail import notifications, outbox
from techforce.core.reminders.current_ladders import tried
from techforce.core.reminders.registry import ReminderRule, rule_named, rules


@dataclass(frozen=True, slots=True)
class PlannedRung:
    code: str
    on: date
    repeat_days: int
    people: list[Any]

    @property
    def words(self) -> str:
        return rung_in_words(self.code)


def ladder_for(rule: ReminderRule, row: Any) -> list[PlannedRung]:
    """First to last, as they stand today; a rung that repeats is named once."""
    return ladders_for(rule, [row])[row.pk] if row.due_on else []


def ladders_for(rule: ReminderRule, rows: Sequence[Any]) -> Mapping[int, list[PlannedRung]]:
    """The same for rows with a date, by their keys. Who hears is asked once a rung, for all rows together."""
    found: dict[int, list[PlannedRung]] = {row.pk: [] for row in rows}
    for pairs in zip_longest(*(_rungs(rule, row) for row in rows)):
        asked = [pair for pair in pairs if pair]
        people = rule.recipients(asked)
        for row, rung in asked:
            threshold = rung.threshold
            heard = list(people.get(row.pk, ()))
            found[row.pk].append(PlannedRung(threshold.code, rung.on, threshold.repeat_days, heard))
    return {key: sorted(planned, key=lambda one: one.on) for key, planned in found.items()}


def _rungs(rule: ReminderRule, row: Any) -> list[tuple[Any, Rung]]:
    return [(row, first_rung(threshold, row.due_on, closures())) for threshold in rule.thresholds(row)]


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
    return list(_effects([(rule, row) for _moment, rule, row in soonest[:SHOWN_ROWS]], key, rungs))


def _next_to_hear(rule: ReminderRule, key: str) -> list[Any]:
    waiting = rule.rows().filter(rule.running(key), due_on__isnull=False, next_reminder_at__isnull=False)
    rows = rule.loaded(waiting.order_by("next_reminder_at", "pk")[:SHOWN_ROWS])
    open_keys = rule.open_rows(rows)
    return [row for row in rows if row.pk in open_keys]


def _effects(
    found: Sequence[tuple[ReminderRule, Any]], key: str, rungs: Sequence[Threshold]
) -> Iterator[Effect]:
    before = _of_all(found)
    with tried(key, rungs):
        after = _of_all(found)
    for rule, row in found:
        yield _effect(rule, row, before[rule.key][row.pk], after[rule.key][row.pk])


def _of_all(found: Sequence[tuple[ReminderRule, Any]]) -> Mapping[str, Mapping[int, list[PlannedRung]]]:
    rows: dict[str, list[Any]] = defaultdict(list)
    for rule, row in found:
        rows[rule.key].append(row)
    return {key: _to_come(rule_named(key), mine) for key, mine in rows.items()}


def _effect(
    rule: ReminderRule, row: Any, before: Sequence[PlannedRung], after: Sequence[PlannedRung]
) -> Effect:
    lines = [
        EffectOnRung(rung, is_new=_heard(rung) not in map(_heard, before), is_gone=False) for rung in after
    ]
    kept = {_heard(rung) for rung in after}
    lines += [EffectOnRung(rung, is_new=False, is_gone=True) for rung in before if _heard(rung) not in kept]
    return Effect(rule.describe(row), row.due_on, sorted(lines, key=lambda line: line.planned.on))


def _to_come(rule: ReminderRule, rows: Sequence[Any]) -> Mapping[int, list[PlannedRung]]:
    return {
        key: [rung for rung in planned if rung.on > today() or rung.repeat_days]
        for key, planned in ladders_for(rule, rows).items()
    }


def _heard(rung: PlannedRung) -> tuple[str, date, tuple[int, ...]]:
    return rung.code, rung.on, tuple(person.pk for person in rung.people)
