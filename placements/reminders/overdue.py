"""What is so late that the program office has heard of it, counted by agency: level 3 of the ladder and above
(domain.md §6.3 rule 1). Numbers only; no person, no step."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Agency, Opening
from placements.models import StepRole
from techforce.core.calendar import today
from techforce.core.closures import closures
from techforce.core.ladders.thresholds import Threshold, largest_due
from techforce.core.reminders.current_ladders import thresholds_of
from techforce.core.reminders.registry import ReminderRule, rules

BATCH = 500


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many rows of one agency are overdue at that level, and since when the oldest."""

    agency: Agency
    count: int
    oldest_on: date


def overdue_by_agency() -> list[Overdue]:
    """Agencies with the most first."""
    counts: Counter[int] = Counter()
    oldest: dict[int, date] = {}
    for agency, due_on in _overdue():
        counts[agency] += 1
        oldest[agency] = min(due_on, oldest.get(agency, due_on))
    agencies = Agency.objects.in_bulk(counts)
    found = [Overdue(agencies[key], count, oldest[key]) for key, count in counts.items()]
    return sorted(found, key=lambda line: (-line.count, line.agency.name))


def _overdue() -> Iterator[tuple[int, date]]:
    """The agency and the date of each such row."""
    for rule in rules():
        for key in rule.ladders:
            if any(_is_escalation(rung) for rung in thresholds_of(key)):
                late = rule.rows().filter(rule.running(key), due_on__lt=today())
                yield from _escalated(rule, late)


def _is_escalation(rung: Threshold) -> bool:
    """After the due date, and the program office hears of it."""
    return rung.is_late and StepRole.OPM in rung.audience


def _escalated(rule: ReminderRule, late: QuerySet[Any]) -> Iterator[tuple[int, date]]:
    now, days_closed, last = timezone.now(), closures(), 0
    while rows := rule.loaded(late.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = rows[-1].pk
        open_keys = rule.open_rows(rows)
        for row in rows:
            rungs = [rung for rung in rule.thresholds(row) if _is_escalation(rung)]
            opening = _opening_of(getattr(row, "subject", row))
            if row.pk in open_keys and opening and largest_due(rungs, row.due_on, now, days_closed):
                yield opening.agency_id, row.due_on


def _opening_of(row: Any) -> Opening | None:
    """Where the work is to be done; rows that concern no agency have none."""
    for name in ("opening", "placement", "checklist", "item", "selection"):
        if found := getattr(row, name, None):
            return found if isinstance(found, Opening) else _opening_of(found)
    return None
