"""An agency's promise of efficient vetting against one case. Pure: days in, days out.

All days are calendar days in Washington. A wait from the first to the fourth has held the first, second and third.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

AGENCY = "agency"
STOPPING_PARTIES = frozenset({"candidate", "investigator", "adjudicator", "partner", "opm", "oge"})
"""Parties outside the agency. While one of them is waited for, the agency's clock stands still; for its own desks and
its credentialing office an agency waits on its own time."""

NEAR_PERCENT = 80
NO_PROMISE, WITHIN, NEAR, BREACHED = "no_promise", "within", "near", "breached"


def party_of(role: str) -> str:
    """Who holds a case that waits for `role`."""
    return role if role in STOPPING_PARTIES else AGENCY


@dataclass(frozen=True, slots=True)
class Wait:
    """A step waits for a party from one day to another, or still waits."""

    party: str
    begins_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`used` are the agency's own days, `held` the days that each party held the case (the agency's own waits too),
    `due_on` the day by which the promise is kept, as it stands: each day of a pause moves it."""

    used: int
    held: Mapping[str, int]
    promised: int | None
    due_on: date | None
    held_now_by: str = ""

    @property
    def paused(self) -> int:
        return sum(days for party, days in self.held.items() if party != AGENCY)

    @property
    def is_paused(self) -> bool:
        return self.held_now_by in STOPPING_PARTIES

    @property
    def state(self) -> str:
        """The last promised day is still within the promise."""
        if self.promised is None:
            return NO_PROMISE
        if self.used > self.promised:
            return BREACHED
        return NEAR if self.used * 100 >= self.promised * NEAR_PERCENT else WITHIN


def run_clock(*, began_on: date, until: date, waits: Iterable[Wait], promised: int | None) -> Clock:
    """Where the clock stands on the day `until`, on which the case was done or is looked at."""
    all_waits = list(waits)
    holders = holders_by_day(all_waits, began_on, until)
    held = Counter(holders.values())
    paused = sum(days for party, days in held.items() if party != AGENCY)
    open_waits = [wait for wait in all_waits if wait.ends_on is None]
    return Clock(
        used=max(0, (until - began_on).days) - paused,
        held=dict(held),
        promised=promised,
        due_on=None if promised is None else began_on + timedelta(days=promised + paused),
        held_now_by=min(open_waits, key=_first_of_all).party if open_waits else "",
    )


def holders_by_day(waits: Iterable[Wait], began_on: date, until: date) -> dict[date, str]:
    """Who held the case on each day of a wait. A day counts once, for whoever was waited for first; it counts for the
    agency only when nobody outside was waited for."""
    holders: dict[date, str] = {}
    for wait in sorted(waits, key=_first_of_all):
        for day in _days(max(wait.begins_on, began_on), min(wait.ends_on or until, until)):
            holders.setdefault(day, wait.party)
    return holders


def _first_of_all(wait: Wait) -> tuple[bool, date, str]:
    return wait.party == AGENCY, wait.begins_on, wait.party


def _days(first: date, end: date) -> Iterator[date]:
    """From `first` to the day before `end`."""
    return (first + timedelta(days=number) for number in range((end - first).days))
