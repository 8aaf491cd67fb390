"""The federal business calendar in Washington, D.C.: which days count, and what "today" is.

Legal deadlines count calendar days, service targets count business days. All functions but `today` are pure:
days on which offices are closed besides the holidays come in as `closures` (see `core.closures`).
"""

import calendar
import dataclasses
import datetime
import functools
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import holidays
from django.utils import timezone

EASTERN = ZoneInfo("America/New_York")
NO_CLOSURES: frozenset[datetime.date] = frozenset()

ONE_DAY = datetime.timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
YEARS_AROUND_TODAY = 10


def today() -> datetime.date:
    """The date in America/New_York, where the program's days begin and end."""
    return timezone.localdate(timezone=EASTERN)


@functools.cache
def holidays_in(year: int) -> frozenset[datetime.date]:
    """Days in `year` on which federal offices in Washington are closed by 5 USC 6103 or by a past order.

    A holiday on a Saturday is observed on the Friday before, on a Sunday on the Monday after (EO 11582), so
    that New Year's Day may fall into the year before: the next year is asked as well.
    """
    national = holidays.country_holidays("US", categories=("government",), years=(year, year + 1))
    days = {day for day in national if day.year == year}
    return frozenset(days | _inauguration_days(year))


def _inauguration_days(year: int) -> set[datetime.date]:
    """January 20 after a presidential election, in the Washington area only; on a Sunday the day after it,
    on a Saturday no other day (5 USC 6103(c)). The program runs in Washington, so its offices are closed."""
    if year % 4 != 1:
        return set()
    day = datetime.date(year, 1, 20)
    return {day + ONE_DAY} if day.weekday() == SUNDAY else {day}


def is_business_day(day: datetime.date, closures: frozenset[datetime.date] = NO_CLOSURES) -> bool:
    return day.weekday() < SATURDAY and day not in holidays_in(day.year) and day not in closures


def next_business_day(day: datetime.date, closures: frozenset[datetime.date] = NO_CLOSURES) -> datetime.date:
    """The first business day after `day`."""
    return next(_business_days(day, ONE_DAY, closures))


def last_business_day_on_or_before(
    day: datetime.date, closures: frozenset[datetime.date] = NO_CLOSURES
) -> datetime.date:
    """Where people are nudged for a deadline on `day`."""
    return next(_business_days(day + ONE_DAY, -ONE_DAY, closures))


def add_business_days(
    day: datetime.date, count: int, closures: frozenset[datetime.date] = NO_CLOSURES
) -> datetime.date:
    """The day `count` business days after `day`, or before it if `count` is negative. The day itself is not
    counted and need not be a business day; with a count of 0 it is returned as it is."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    days = _business_days(day, step, closures)
    for _ in range(abs(count)):
        day = next(days)
    return day


def add_months(day: datetime.date, count: int) -> datetime.date:
    """The same day `count` months later (earlier if negative), or the last of the month where it has no such
    day: November 30 and 3 months is the last of February."""
    years, month_index = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month_index + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def days_near_today() -> tuple[datetime.date, datetime.date]:
    """First and last: no day of the program lies further away, and the calendar itself ends soon after year 9998."""
    return add_months(today(), -12 * YEARS_AROUND_TODAY), add_months(today(), 12 * YEARS_AROUND_TODAY)


@dataclasses.dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The functions above with the same closures, for those who only count."""

    closures: frozenset[datetime.date] = NO_CLOSURES

    def add_business_days(self, day: datetime.date, count: int) -> datetime.date:
        return add_business_days(day, count, self.closures)

    def add_months(self, day: datetime.date, count: int) -> datetime.date:
        return add_months(day, count)

    def last_business_day(self, day: datetime.date) -> datetime.date:
        return last_business_day_on_or_before(day, self.closures)


def _business_days(
    day: datetime.date, step: datetime.timedelta, closures: frozenset[datetime.date]
) -> Iterator[datetime.date]:
    """Business days from `day` in the direction of `step`, without `day`."""
    while True:
        day += step
        if is_business_day(day, closures):
            yield day
