"""The clock of a promise, worked by hand: whose days they are, and when a promise is near breach."""

import datetime

import pytest

from placements.checklists import Clock, Wait, run_clock
from placements.services.waits import WaitEntry, waits_of
from techforce.core.calendar import EASTERN

DAY = datetime.timedelta(days=1)


def october(day: int) -> datetime.date:
    return datetime.date(2026, 10, 1) + (day - 1) * DAY


def clock(until: int, *waits: Wait, promised: int | None = 20) -> Clock:
    """Of a case that began on October 1."""
    return run_clock(began_on=october(1), until=october(until), waits=waits, promised=promised)


def test_without_a_wait_every_calendar_day_is_the_agencys() -> None:
    found = clock(11)
    assert (found.used, found.paused, found.due_on, found.state) == (10, 0, october(21), "within")


@pytest.mark.parametrize(
    ("until", "state"), [(16, "within"), (17, "near"), (21, "near"), (22, "breached"), (40, "breached")]
)
def test_near_breach_begins_at_80_percent_and_the_last_promised_day_still_keeps_it(
    until: int, state: str
) -> None:
    """16 of 20 days are 80 percent; the twentieth day is October 21."""
    assert clock(until).state == state


def test_days_that_the_candidate_held_are_theirs_and_move_the_due_day() -> None:
    """Held on October 5 to 9, which are five days: 15 of 20 are the agency's."""
    found = clock(21, Wait("candidate", october(5), october(10)))
    assert (found.used, dict(found.held), found.due_on, found.state) == (
        15,
        {"candidate": 5},
        october(26),
        "within",
    )


def test_a_day_with_two_waits_counts_once_for_whoever_was_waited_for_first() -> None:
    """The investigator holds October 3 to 7, the candidate 6 to 9: five days and two more."""
    found = clock(
        21, Wait("candidate", october(6), october(10)), Wait("investigator", october(3), october(8))
    )
    assert (found.used, dict(found.held)) == (13, {"investigator": 5, "candidate": 2})


def test_waiting_for_its_own_desk_is_the_agencys_time() -> None:
    found = clock(21, Wait("agency", october(2), october(12)), Wait("partner", october(4), october(6)))
    assert (found.used, found.paused, dict(found.held)) == (18, 2, {"partner": 2, "agency": 8})
    assert found.due_on == october(23)


def test_a_wait_that_still_lasts_stops_the_clock_and_says_for_whom() -> None:
    found = clock(31, Wait("adjudicator", october(11)))
    assert (found.used, found.held_now_by, found.is_paused) == (10, "adjudicator", True)


def test_a_wait_outside_the_case_is_no_pause() -> None:
    before, after = Wait("candidate", october(-9), october(0)), Wait("candidate", october(25), october(30))
    assert clock(21, before, after).held == {}


def test_without_a_promise_nothing_is_breached() -> None:
    found = clock(400, promised=None)
    assert (found.state, found.due_on, found.used) == ("no_promise", None, 399)


def test_waits_come_from_the_history_of_a_step() -> None:
    """A row written while it is blocked (its date moved) ends no wait; a day that was
    given counts before the day of its entry."""

    def entry(status: str, role: str, day: int, **days: datetime.date) -> WaitEntry:
        recorded_at = datetime.datetime.combine(october(day), datetime.time(12), EASTERN)
        return WaitEntry(status, role, recorded_at, **days)

    entries = [entry("requested", "", 1), entry("blocked", "candidate", 3), entry("blocked", "candidate", 5)]
    entries += [entry("requested", "", 9), entry("blocked", "hr_specialist", 10)]
    assert list(waits_of(entries)) == [
        Wait("candidate", october(3), october(9)),
        Wait("hr_specialist", october(10)),
    ]
    dated = [entry("blocked", "investigator", 8, waiting_since=october(5))]
    assert list(waits_of(dated)) == [Wait("investigator", october(5))]
    dated += [entry("requested", "", 20, waited_until=october(18))]
    dated += [entry("blocked", "candidate", 22), entry("excused", "", 25, waited_until=october(18))]
    assert list(waits_of(dated)) == [
        Wait("investigator", october(5), october(18)),
        Wait("candidate", october(22), october(25)),  # the day of the wait before says nothing of this one
    ]
