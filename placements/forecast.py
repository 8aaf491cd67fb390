"""How long until a person is ready to start, estimated from our own cases (Kaplan and Meier). Pure.

Cases that are still open count too: of each it is known that it took at least so long. Leaving them out, or taking
their present age for their length, would make the answer look shorter than it is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

FEWEST_CASES = 10
"""Below it nothing is shown, because a figure would tell of single people."""

FEWEST_CASES_OF_AN_AGENCY = 20

LOW, MEDIAN, HIGH = Fraction(1, 5), Fraction(1, 2), Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Case:
    """A person's wait in days: until they were ready, or until now (or until the case ended otherwise)."""

    days: int
    is_ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Days after which half, a fifth and four fifths of people are ready; None where the cases do not reach so far.

    `count` cases were looked at, `ready` of them are ready; `is_of_agency` tells whose they are.
    """

    low: int | None
    median: int | None
    high: int | None
    count: int
    ready: int
    as_of: date
    is_of_agency: bool = False


def forecast(cases: Sequence[Case], *, as_of: date, agency_cases: Sequence[Case] = ()) -> Forecast | None:
    """By the agency's own cases from twenty on, otherwise by all of the program; None while there are too few."""
    if len(agency_cases) >= FEWEST_CASES_OF_AN_AGENCY:
        return _estimate(agency_cases, as_of, is_of_agency=True)
    return _estimate(cases, as_of) if len(cases) >= FEWEST_CASES else None


def _estimate(cases: Sequence[Case], as_of: date, *, is_of_agency: bool = False) -> Forecast:
    curve = list(waiting_curve(cases))
    low, median, high = (_first_day(curve, share) for share in (LOW, MEDIAN, HIGH))
    return Forecast(
        low=low,
        median=median,
        high=high,
        count=len(cases),
        ready=sum(case.is_ready for case in cases),
        as_of=as_of,
        is_of_agency=is_of_agency,
    )


def waiting_curve(cases: Iterable[Case]) -> Iterator[tuple[int, Fraction]]:
    """Each day on which somebody became ready, with the share of people who still wait after it.

    Who became ready and who was last seen on the same day: the latter still waited on that day.
    """
    all_cases = list(cases)
    ready = Counter(case.days for case in all_cases if case.is_ready)
    left = Counter(case.days for case in all_cases)
    at_risk, waiting = len(all_cases), Fraction(1)
    for day in sorted(left):
        if ready[day]:
            waiting *= 1 - Fraction(ready[day], at_risk)
            yield day, waiting
        at_risk -= left[day]


def _first_day(curve: Iterable[tuple[int, Fraction]], share: Fraction) -> int | None:
    """The first day by which at least `share` of people are ready."""
    return next((day for day, waiting in curve if 1 - waiting >= share), None)
