import csv
import datetime
from datetime import date
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from techforce.core.calendar import (
    add_business_days,
    add_months,
    holidays_in,
    is_business_day,
    last_business_day_on_or_before,
    next_business_day,
    today,
)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
counts = st.integers(min_value=-60, max_value=60)
closure_sets = st.frozensets(days, max_size=5)

OBSERVED = {
    2026: "0101 0119 0216 0525 0619 0703 0907 1012 1111 1126 1225",
    2027: "0101 0118 0215 0531 0618 0705 0906 1011 1111 1125 1224 1231",
    2028: "0117 0221 0529 0619 0704 0904 1009 1110 1123 1225",
    2029: "0101 0115 0219 0528 0619 0704 0903 1008 1112 1122 1225",
}


def closed_weekdays(year: int) -> set[date]:
    return {day for day in holidays_in(year) if day.weekday() < 5}


@pytest.mark.parametrize("year", OBSERVED)
def test_offices_close_on_the_days_on_which_holidays_are_observed(year: int) -> None:
    expected = {datetime.datetime.strptime(f"{year}{day}", "%Y%m%d").date() for day in OBSERVED[year].split()}

    assert closed_weekdays(year) == expected


def test_new_years_day_on_a_saturday_closes_offices_in_the_year_before() -> None:
    assert not is_business_day(date(2027, 12, 31))
    assert next_business_day(date(2027, 12, 30)) == date(2028, 1, 3)


def test_inauguration_day_closes_offices_in_washington() -> None:
    assert not is_business_day(date(2033, 1, 20))
    assert is_business_day(date(2034, 1, 20))


def test_inauguration_day_on_a_saturday_has_no_substitute() -> None:
    assert is_business_day(date(2029, 1, 19))
    assert is_business_day(date(2029, 1, 22))


def test_inauguration_day_on_a_sunday_is_kept_the_day_after() -> None:
    assert not is_business_day(date(2013, 1, 21))
    assert not is_business_day(date(2041, 1, 21))


def test_holidays_agree_with_the_published_list(shared_data: Path) -> None:
    with (shared_data / "calendar" / "federal_holidays_2025_2030.csv").open() as file:
        listed = {date.fromisoformat(row["observed"]) for row in csv.DictReader(file)}
    by_order = {date(2025, 1, 9), date(2025, 12, 24), date(2025, 12, 26)}

    ours = set().union(*(closed_weekdays(year) for year in range(2025, 2031)))

    assert ours - by_order == {day for day in listed if day.weekday() < 5}


def test_a_closure_is_no_business_day() -> None:
    snow = frozenset({date(2027, 1, 6)})

    assert not is_business_day(date(2027, 1, 6), snow)
    assert add_business_days(date(2027, 1, 5), 1, snow) == date(2027, 1, 7)


def test_three_business_days_before_a_holiday_weekend() -> None:
    assert add_business_days(date(2026, 7, 2), 3) == date(2026, 7, 8)
    assert add_business_days(date(2026, 7, 6), -1) == date(2026, 7, 2)


def test_the_nudge_for_a_deadline_on_a_holiday_comes_before_it() -> None:
    assert last_business_day_on_or_before(date(2026, 7, 5)) == date(2026, 7, 2)
    assert last_business_day_on_or_before(date(2026, 7, 2)) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2026, 1, 5), 24, date(2028, 1, 5)),
        (date(2026, 1, 5), 0, date(2026, 1, 5)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_the_month(
    day: date, count: int, expected: date
) -> None:
    assert add_months(day, count) == expected


def test_the_day_ends_at_midnight_in_washington() -> None:
    with time_machine.travel(datetime.datetime(2026, 12, 2, 4, 59, tzinfo=datetime.UTC), tick=False):
        assert today() == date(2026, 12, 1)
    with time_machine.travel(datetime.datetime(2026, 12, 2, 5, 0, tzinfo=datetime.UTC), tick=False):
        assert today() == date(2026, 12, 2)


@given(day=days, count=counts.filter(bool), closures=closure_sets)
def test_counting_business_days_ends_on_one_with_exactly_that_many_in_between(
    day: date, count: int, closures: frozenset[date]
) -> None:
    end = add_business_days(day, count, closures)

    first, last = sorted((day, end))
    between = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
    counted = [d for d in between if d != day and is_business_day(d, closures)]
    assert is_business_day(end, closures)
    assert len(counted) == abs(count)


@given(day=days, closures=closure_sets)
def test_the_next_business_day_is_one_step(day: date, closures: frozenset[date]) -> None:
    assert next_business_day(day, closures) == add_business_days(day, 1, closures)


@given(day=days, closures=closure_sets)
def test_the_nudge_never_comes_late_and_skips_no_business_day(day: date, closures: frozenset[date]) -> None:
    nudge = last_business_day_on_or_before(day, closures)

    skipped = [nudge + datetime.timedelta(days=n) for n in range(1, (day - nudge).days + 1)]
    assert nudge <= day
    assert is_business_day(nudge, closures)
    assert not any(is_business_day(d, closures) for d in skipped)


@given(day=days, count=st.integers(min_value=-240, max_value=240))
def test_adding_months_lands_in_that_month_and_never_after_the_day(day: date, count: int) -> None:
    end = add_months(day, count)

    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == count
    assert end.day == day.day or (end.day < day.day and (end + datetime.timedelta(days=1)).day == 1)
