"""The weekly report for those who run the program: what is overdue at the upper levels of the ladders, by agency, in
numbers (domain.md §6.3 rule 1, level 4)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from placements.reminders.overdue import overdue_by_agency
from techforce.accounts.models import OpmRole, User
from techforce.accounts.reminders import holders_of, to_each_once
from techforce.core.calendar import ONE_DAY, next_business_day, today
from techforce.core.closures import closures
from techforce.core.ladders import declare
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage
from techforce.core.reminders import Manner, Rung
from techforce.core.reminders.watching import watch

declare(Path(__file__).resolve().parent.parent / "seed" / "weekly.toml")

WEEKLY_OVERDUE = "weekly_overdue"
FRIDAY = timedelta(days=4)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def report_day(day: date) -> date | None:
    """The first work day of that week, mostly its Monday; a week without work has none."""
    monday = monday_of(day)
    first = next_business_day(monday - ONE_DAY, closures())
    return first if first <= monday + FRIDAY else None


def weekly(users: QuerySet[User]) -> Iterator[tuple[int, date]]:
    """A new week is a new date, so each week has a report of its own; weeks that an outage swallowed have none."""
    if day := report_day(today()):
        for key in holders_of(OpmRole.PROGRAM_MANAGER, users).values_list("pk", flat=True):
            yield key, day


def to_each_once_a_week(due: Sequence[tuple[Any, Rung]]) -> Mapping[int, Sequence[Any]]:
    return to_each_once(due, rule=WEEKLY_OVERDUE, since=monday_of(today()))


@template(WEEKLY_OVERDUE)
def load_weekly_overdue(message: OutboxMessage) -> dict[str, Any] | None:
    """As it stands when it leaves; nothing in a week in which nothing is that late."""
    lines = overdue_by_agency()
    total = sum(line.count for line in lines)
    return {"lines": lines, "total": total, "path": reverse("admin:overdue")} if lines else None


WEEKLY = watch(
    WEEKLY_OVERDUE,
    User,
    dates=weekly,
    recipients=to_each_once_a_week,
    path=lambda person, reader: reverse("admin:overdue"),
    manner=lambda person, rung, reader: Manner.SINGLE,
    template_key=WEEKLY_OVERDUE,
    is_note=True,
)
