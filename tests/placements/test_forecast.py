"""How long until ready: cases with a known answer, worked by hand."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements.forecast import Case, Forecast, forecast, waiting_curve

TODAY = datetime.date(2026, 11, 22)


def ready(*days: int) -> list[Case]:
    return [Case(day, is_ready=True) for day in days]


def still_waiting(*days: int) -> list[Case]:
    return [Case(day, is_ready=False) for day in days]


def shown(cases: list[Case], agency_cases: list[Case] | None = None) -> Forecast:
    found = forecast(cases, as_of=TODAY, agency_cases=agency_cases or [])
    assert found is not None
    return found


def test_without_open_cases_it_is_the_plain_median_and_range() -> None:
    found = shown(ready(*range(10, 110, 10)))
    assert (found.low, found.median, found.high) == (20, 50, 80)
    assert (found.count, found.ready, found.as_of) == (10, 10, TODAY)


def test_the_printed_example_of_freireich() -> None:
    """Remission in weeks of 21 patients on 6-MP (Freireich and others, 1963), the classic of the textbooks:
    S(6) = 0.857, S(23) = 0.448, median 23."""
    cases = ready(6, 6, 6, 7, 10, 13, 16, 22, 23)
    cases += still_waiting(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    curve = {day: round(float(waiting), 3) for day, waiting in waiting_curve(cases)}
    assert curve == {
        6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448,
    }  # fmt: skip
    found = shown(cases)
    assert (found.low, found.median, found.high) == (10, 23, None)
    assert (found.count, found.ready) == (21, 9)


def test_open_cases_count_as_at_least_so_long() -> None:
    """Five were ready at 10 to 50 days, five have waited 60: half are ready by day 50, and of four
    fifths nobody knows."""
    found = shown(ready(10, 20, 30, 40, 50) + still_waiting(60, 60, 60, 60, 60))
    assert (found.low, found.median, found.high) == (20, 50, None)


def test_censoring_done_wrong_would_promise_too_much() -> None:
    """Left out, the median of this case would be 30; taken for finished, 40."""
    cases = ready(10, 20, 30, 40, 50) + still_waiting(35, 45, 55, 65, 75)
    assert shown(cases * 2).median == 50
    assert shown(ready(10, 20, 30, 40, 50) * 2).median == 30
    assert shown(ready(*(case.days for case in cases))).median == 40


def test_who_was_last_seen_on_a_day_still_waited_on_it() -> None:
    assert list(waiting_curve(ready(5) + still_waiting(5))) == [(5, Fraction(1, 2))]


def test_when_fewer_than_half_are_ready_no_median_is_claimed() -> None:
    found = shown(ready(10, 20, 30) + still_waiting(*[40] * 9))
    assert (found.low, found.median, found.high) == (30, None, None)


@pytest.mark.parametrize(("count", "is_shown"), [(9, False), (10, True)])
def test_under_ten_cases_nothing_is_shown(count: int, is_shown: bool) -> None:
    assert (forecast(ready(*range(count)), as_of=TODAY) is not None) is is_shown


@pytest.mark.parametrize(("count", "is_own"), [(19, False), (20, True)])
def test_an_agency_is_measured_by_its_own_cases_from_twenty_on(count: int, is_own: bool) -> None:
    found = shown(ready(*[50] * 30), ready(*[10] * count))
    assert found.is_of_agency is is_own
    assert found.median == (10 if is_own else 50)


@given(st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=10, max_size=80))
def test_the_range_stands_in_order_and_the_curve_never_rises(pairs: list[tuple[int, bool]]) -> None:
    cases = [Case(days, is_ready) for days, is_ready in pairs]
    found = shown(cases)
    known = [day for day in (found.low, found.median, found.high) if day is not None]
    assert known == sorted(known)
    shares = [waiting for _day, waiting in waiting_curve(cases)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
