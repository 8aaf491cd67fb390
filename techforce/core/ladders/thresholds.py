"""When reminders are due: pure arithmetic over dates, without a database."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from techforce.core.calendar import (
    EASTERN,
    add_business_days,
    is_business_day,
    last_business_day_on_or_before,
    next_business_day,
)

NO_CLOSURES: frozenset[datetime.date] = frozenset()
REMEMBERED = 2_000
"""Answers, of a sweep: many rows of one ladder have the same date."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A rung of a reminder's ladder: `days` before (negative) or after the due date, in calendar or business days.

    `repeat_days` makes the rung come again every so many calendar days. `audience` holds the app's words for those
    who hear of it. `is_any_day` is for people who act in their own time: it comes on weekends and holidays too.
    """

    code: str
    days: int
    unit: Literal["calendar", "business"] = "calendar"
    repeat_days: int = 0
    audience: tuple[str, ...] = ()
    is_any_day: bool = False
    anchor: str = ""

    @property
    def is_late(self) -> bool:
        """It says that the due date has passed."""
        return self.days > 0


@dataclass(frozen=True, slots=True)
class Rung:
    """A threshold on a day; `occurrence` counts the repetitions from 1.

    `on` is the day as counted and `at` the midnight in Washington with which its work day begins: what falls on a day
    without work moves earlier before the due date, and later after it.
    """

    threshold: Threshold
    occurrence: int
    on: datetime.date
    at: datetime.datetime


def shifted(thresholds: Sequence[Threshold], anchor: str, days: int) -> Sequence[Threshold]:
    """Those that count from `anchor`, which lies so many days after the due date, counted from the due date instead;
    they end with it. They come first."""
    moved = [replace(each, days=each.days + days, anchor="") for each in thresholds if each.anchor == anchor]
    others = [each for each in thresholds if each.anchor != anchor]
    return (*(each for each in moved if each.days <= 0), *others)


def largest_due(
    thresholds: Sequence[Threshold],
    due_on: datetime.date,
    now: datetime.datetime,
    closures: Collection[datetime.date] = NO_CLOSURES,
) -> Rung | None:
    """The latest rung whose day has come: after an outage one reminder goes, not four. Rungs that come with it, on the
    same work day, are said with it: whoever they name hears too."""
    return _largest_due(tuple(thresholds), due_on, now, frozenset(closures))


@lru_cache(maxsize=REMEMBERED)
def _largest_due(
    thresholds: tuple[Threshold, ...],
    due_on: datetime.date,
    now: datetime.datetime,
    closures: frozenset[datetime.date],
) -> Rung | None:
    rungs = [_latest_rung(threshold, due_on, now, closures) for threshold in thresholds]
    come = [rung for rung in rungs if rung]
    latest = max(come, key=lambda rung: (rung.at, rung.on), default=None)
    return latest and _with_those_of(latest, [rung for rung in come if rung.at == latest.at])


def _with_those_of(latest: Rung, together: Sequence[Rung]) -> Rung:
    audience = dict.fromkeys(word for rung in (latest, *together) for word in rung.threshold.audience)
    return replace(latest, threshold=replace(latest.threshold, audience=tuple(audience)))


def next_after(
    thresholds: Sequence[Threshold],
    due_on: datetime.date,
    now: datetime.datetime,
    closures: Collection[datetime.date] = NO_CLOSURES,
) -> datetime.datetime | None:
    """The instant of the next rung after `now`; None when none is left."""
    return _next_after(tuple(thresholds), due_on, now, frozenset(closures))


@lru_cache(maxsize=REMEMBERED)
def _next_after(
    thresholds: tuple[Threshold, ...],
    due_on: datetime.date,
    now: datetime.datetime,
    closures: frozenset[datetime.date],
) -> datetime.datetime | None:
    instants = [_next_instant(threshold, due_on, now, closures) for threshold in thresholds]
    return min((at for at in instants if at), default=None)


def has_come_since_due(
    thresholds: Sequence[Threshold],
    due_on: datetime.date,
    now: datetime.datetime,
    closures: Collection[datetime.date] = NO_CLOSURES,
) -> bool:
    """A rung of the due date itself, or after it, has come."""
    return largest_due([each for each in thresholds if each.days >= 0], due_on, now, closures) is not None


def first_rung(
    threshold: Threshold, due_on: datetime.date, closures: Collection[datetime.date] = NO_CLOSURES
) -> Rung:
    """The rung on the day on which it first comes."""
    return _rung(threshold, due_on, 1, frozenset(closures))


def _latest_rung(
    threshold: Threshold, due_on: datetime.date, now: datetime.datetime, closures: frozenset[datetime.date]
) -> Rung | None:
    occurrence = _occurrences_until(threshold, due_on, now, closures)
    return _rung(threshold, due_on, occurrence, closures) if occurrence else None


def _next_instant(
    threshold: Threshold, due_on: datetime.date, now: datetime.datetime, closures: frozenset[datetime.date]
) -> datetime.datetime | None:
    occurrence = _occurrences_until(threshold, due_on, now, closures)
    if occurrence and not threshold.repeat_days:
        return None
    return _rung(threshold, due_on, occurrence + 1, closures).at


def _occurrences_until(
    threshold: Threshold, due_on: datetime.date, now: datetime.datetime, closures: frozenset[datetime.date]
) -> int:
    """How often the rung has come by now."""
    first = _rung(threshold, due_on, 1, closures)
    if first.at > now:
        return 0
    if not threshold.repeat_days:
        return 1
    occurrence = (now.astimezone(EASTERN).date() - first.on).days // threshold.repeat_days + 1
    return occurrence if _rung(threshold, due_on, occurrence, closures).at <= now else occurrence - 1


def _rung(
    threshold: Threshold, due_on: datetime.date, occurrence: int, closures: frozenset[datetime.date]
) -> Rung:
    """Counted in dates, so that the clock change does not shift midnight."""
    start = _work_day(due_on, closures, is_late=True) if threshold.is_late else due_on
    if threshold.unit == "business":
        first = add_business_days(start, threshold.days, closures)
    else:
        first = start + datetime.timedelta(days=threshold.days)
    on = first + datetime.timedelta(days=(occurrence - 1) * threshold.repeat_days)
    day = on if threshold.is_any_day else _work_day(on, closures, is_late=threshold.is_late)
    return Rung(threshold, occurrence, on, midnight(day))


def _work_day(day: datetime.date, closures: frozenset[datetime.date], *, is_late: bool) -> datetime.date:
    """What is due on a day without work is late only after the next work day, and is mentioned on the one before."""
    if is_business_day(day, closures):
        return day
    return next_business_day(day, closures) if is_late else last_business_day_on_or_before(day, closures)


def midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(0), tzinfo=EASTERN)
