"""A reminder before it leaves: the whole ladder of a row, who would hear of each rung, and how the mail would read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.mail import EmailMultiAlternatives

from techforce.core import notifications, outbox
from techforce.core.calendar import today
from techforce.core.closures import closures
from techforce.core.reminder_rules import ReminderRule
from techforce.core.thresholds import first_rung


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
