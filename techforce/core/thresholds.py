"""When reminders are due: pure arithmetic over dates, without a database."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from techforce.core.calendar import EASTERN, add_business_days

OFFICE_OPENS = datetime.time(9, 0)

NO_CLOSURES: frozenset[datetime.date] = frozenset()


@dataclass(frozen=True, slots=True)
class Threshold:
    """A rung of a reminder's ladder: `days` before (negative) or after the due date, in calendar or business days.

    `repeat_days` makes the rung come again every so many calendar days.
    """

    code: str
    days: int
    unit: Literal["calendar", "business"] = "calendar"
    repeat_days: int = 0


@dataclass(frozen=True, slots=True)
class Rung:
    """A threshold at an instant; `occurrence` counts the repetitions from 1."""

    threshold: Threshold
    occurrence: int
    at: datetime.datetime


def first_instant(
    threshold: Threshold, due_on: datetime.date, closures: Collection[datetime.date] = NO_CLOSURES
) -> datetime.datetime:
    """09:00 Eastern on the day of the threshold."""
    if threshold.unit == "business":
        day = add_business_days(due_on, threshold.days, closures=frozenset(closures))
    else:
        day = due_on + datetime.timedelta(days=threshold.days)
    return _opening(day)


def largest_due(
    thresholds: Sequence[Threshold],
    due_on: datetime.date,
    now: datetime.datetime,
    closures: Collection[datetime.date] = NO_CLOSURES,
) -> Rung | None:
    """The latest rung whose instant has come: after an outage one reminder goes, not four."""
    rungs = [_latest_rung(threshold, due_on, now, closures) for threshold in thresholds]
    return max((rung for rung in rungs if rung), key=lambda rung: rung.at, default=None)


def next_after(
    thresholds: Sequence[Threshold],
    due_on: datetime.date,
    now: datetime.datetime,
    closures: Collection[datetime.date] = NO_CLOSURES,
) -> datetime.datetime | None:
    """The instant of the next rung after `now`; None when none is left."""
    instants = [_next_instant(threshold, due_on, now, closures) for threshold in thresholds]
    return min((at for at in instants if at), default=None)


def _latest_rung(
    threshold: Threshold, due_on: datetime.date, now: datetime.datetime, closures: Collection[datetime.date]
) -> Rung | None:
    first = first_instant(threshold, due_on, closures)
    if first > now:
        return None
    repeats = _repeats_until(threshold, first, now)
    return Rung(threshold, repeats + 1, _repeated(threshold, first, repeats))


def _next_instant(
    threshold: Threshold, due_on: datetime.date, now: datetime.datetime, closures: Collection[datetime.date]
) -> datetime.datetime | None:
    first = first_instant(threshold, due_on, closures)
    if first > now:
        return first
    if not threshold.repeat_days:
        return None
    return _repeated(threshold, first, _repeats_until(threshold, first, now) + 1)


def _repeats_until(threshold: Threshold, first: datetime.datetime, now: datetime.datetime) -> int:
    if not threshold.repeat_days:
        return 0
    repeats = (now.astimezone(EASTERN).date() - first.date()).days // threshold.repeat_days
    return repeats if _repeated(threshold, first, repeats) <= now else repeats - 1


def _repeated(threshold: Threshold, first: datetime.datetime, repeats: int) -> datetime.datetime:
    """Counted in dates, so that the clock change does not shift 09:00."""
    return _opening(first.date() + datetime.timedelta(days=repeats * threshold.repeat_days))


def _opening(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, OFFICE_OPENS, tzinfo=EASTERN)
