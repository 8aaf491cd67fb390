"""At which moment a reminder leaves: in the work hours of its recipient, within the caps of applicants. Pure.

A reminder that would fall into quiet hours goes in the last work hours before. What is late goes the next work day
from nine o'clock (domain.md §6.3 rule 2). Business days and holidays are dates in Washington, hours
are the recipient's.
"""

import datetime
from collections.abc import Collection
from zoneinfo import ZoneInfo

from techforce.core.calendar import EASTERN, ONE_DAY, is_business_day, next_business_day
from techforce.core.ladders.thresholds import Rung

WORK_BEGINS, MORNING, LAST_HOURS, WORK_ENDS = (datetime.time(hour) for hour in (8, 9, 16, 18))
LAST_MINUTES = 110
"""Of the two last work hours, over which early reminders are spread."""

DIGEST_AT = datetime.time(8, 30)

A_DAY, A_WEEK, WEEK = 1, 3, 7
"""At most one reminder a day and three in any seven days for an applicant."""


def leaves_at(
    rung: Rung,
    *,
    zone: ZoneInfo,
    now: datetime.datetime,
    closures: frozenset[datetime.date],
    spread: int = 0,
) -> datetime.datetime:
    """The moment for one recipient. `spread` is any number that differs between recipients."""
    work_day = rung.at.astimezone(EASTERN).date()
    if rung.threshold.is_any_day:
        return _on_any_day(rung, zone=zone, now=now)
    if work_day < rung.on:
        wanted = _at(work_day, LAST_HOURS, zone) + datetime.timedelta(minutes=spread * 7 % LAST_MINUTES)
    else:
        wanted = _at(work_day, MORNING, zone)
    return wanted if wanted >= now else next_working_moment(now, zone=zone, closures=closures)


def _on_any_day(rung: Rung, *, zone: ZoneInfo, now: datetime.datetime) -> datetime.datetime:
    """In the morning, weekend or not. What is late waits for the end of the night, unless that is after its date."""
    wanted, local = _at(rung.on, MORNING, zone), now.astimezone(zone)
    if wanted >= now:
        return wanted
    if WORK_BEGINS <= local.time() < WORK_ENDS:
        return now
    due_on = rung.on - datetime.timedelta(days=rung.threshold.days)
    morning = local.date() + (ONE_DAY if local.time() >= WORK_ENDS else datetime.timedelta(0))
    return now if local.date() <= due_on < morning else _at(morning, MORNING, zone)


def next_working_moment(
    now: datetime.datetime, *, zone: ZoneInfo, closures: frozenset[datetime.date]
) -> datetime.datetime:
    """Now, if the recipient is at work, or else nine o'clock on the next work day."""
    local = now.astimezone(zone)
    if is_business_day(local.date(), closures):
        if WORK_BEGINS <= local.time() < WORK_ENDS:
            return now
        if local.time() < WORK_BEGINS:
            return _at(local.date(), MORNING, zone)
    return _at(next_business_day(local.date(), closures), MORNING, zone)


def within_caps(
    wanted: datetime.datetime,
    *,
    taken: Collection[datetime.date],
    last_on: datetime.date,
    zone: ZoneInfo,
    closures: frozenset[datetime.date],
) -> datetime.datetime:
    """The first work day from `wanted` to `last_on` that has room beside the days already taken; `wanted` itself when
    none has, because a deadline matters more than a cap."""
    day = wanted.astimezone(zone).date()
    if _has_room(day, taken):
        return wanted
    while (day := next_business_day(day, closures)) <= last_on:
        if _has_room(day, taken):
            return _at(day, MORNING, zone)
    return wanted


def next_digest(now: datetime.datetime, closures: frozenset[datetime.date]) -> datetime.datetime:
    """Half past eight in Washington, today or on the next work day."""
    today = now.astimezone(EASTERN).date()
    moment = _at(today, DIGEST_AT, EASTERN)
    if is_business_day(today, closures) and moment >= now:
        return moment
    return _at(next_business_day(today, closures), DIGEST_AT, EASTERN)


def _has_room(day: datetime.date, taken: Collection[datetime.date]) -> bool:
    if sum(other == day for other in taken) >= A_DAY:
        return False
    weeks = (day - back * ONE_DAY for back in range(WEEK))
    return all(sum(start <= other < start + WEEK * ONE_DAY for other in taken) < A_WEEK for start in weeks)


def _at(day: datetime.date, time: datetime.time, zone: ZoneInfo) -> datetime.datetime:
    return datetime.datetime.combine(day, time, tzinfo=zone)
