"""When reminders are due."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from techforce.core.calendar import EASTERN
from techforce.core.ladders.thresholds import Threshold, largest_due, next_after

WEEK_BEFORE = Threshold("due-7d", -7)
TWO_BEFORE = Threshold("due-2d", -2)
ON_THE_DAY = Threshold("due", 0)
EVERY_WEEK_LATE = Threshold("late", 1, repeat_days=7)
LADDER = (WEEK_BEFORE, TWO_BEFORE, ON_THE_DAY, EVERY_WEEK_LATE)
DUE = datetime.date(2026, 11, 9)


def at(day: str, hour: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(hour), tzinfo=EASTERN)


def test_nothing_is_due_before_the_first_rung() -> None:
    assert largest_due(LADDER, DUE, at("2026-11-01", hour=23)) is None
    assert next_after(LADDER, DUE, at("2026-11-01", hour=23)) == at("2026-11-02")


def test_after_an_outage_only_the_latest_rung_is_due() -> None:
    rung = largest_due(LADDER, DUE, at("2026-11-09"))
    assert rung is not None
    assert rung.threshold == ON_THE_DAY


def test_rungs_of_one_morning_are_one_reminder_to_everybody_whom_they_name() -> None:
    """Due on a Friday: a business day after it is Monday, and so is the work day of the day after it."""
    due = datetime.date(2026, 11, 6)
    office = Threshold("+1bd", 1, unit="business", audience=("office",))
    both = Threshold("+1d", 1, audience=("person", "office"))
    for ladder in ((office, both), (both, office)):
        rung = largest_due(ladder, due, at("2026-11-09"))
        assert rung is not None
        assert set(rung.threshold.audience) == {"person", "office"}


def test_a_repeating_rung_counts_its_occurrences() -> None:
    rung = largest_due(LADDER, DUE, at("2026-11-24"))
    assert rung is not None
    assert (rung.threshold, rung.occurrence) == (EVERY_WEEK_LATE, 3)
    assert next_after(LADDER, DUE, at("2026-11-24")) == at("2026-12-01")


def test_a_rung_stays_at_midnight_when_the_clocks_change() -> None:
    due = datetime.date(2026, 10, 27)
    rung = largest_due((EVERY_WEEK_LATE,), due, at("2026-11-05"))
    assert rung is not None
    assert rung.at == at("2026-11-04")


def test_what_falls_on_a_day_without_work_moves_earlier() -> None:
    """Two days before Monday is Saturday; the Wednesday between is Veterans Day."""
    assert next_after((TWO_BEFORE,), DUE, at("2026-11-01")) == at("2026-11-06")
    assert next_after((ON_THE_DAY,), datetime.date(2026, 11, 11), at("2026-11-01")) == at("2026-11-10")


def test_what_was_due_on_a_sunday_is_late_after_the_next_work_day() -> None:
    """Training due on Sunday, February 28, 2027: some offices accept Monday, so Tuesday is the first late day."""
    assert next_after((EVERY_WEEK_LATE,), datetime.date(2027, 2, 28), at("2027-02-27")) == at("2027-03-02")


def test_what_is_late_on_a_holiday_goes_the_next_work_day() -> None:
    """Due on December 24, 2026: the day after is Christmas, and a weekend follows."""
    assert next_after((EVERY_WEEK_LATE,), datetime.date(2026, 12, 24), at("2026-12-24", 1)) == at(
        "2026-12-28"
    )


def test_business_days_pass_over_weekends_and_holidays() -> None:
    two_business_days = Threshold("due-2bd", -2, "business")
    assert next_after((two_business_days,), datetime.date(2026, 11, 12), at("2026-11-01")) == at("2026-11-09")


@given(st.dates(datetime.date(2026, 1, 1), datetime.date(2030, 1, 1)), st.integers(0, 24 * 60))
def test_the_next_rung_always_lies_ahead(due: datetime.date, hours: int) -> None:
    now = at("2026-06-01") + datetime.timedelta(hours=hours)
    following = next_after(LADDER, due, now)
    assert following is not None
    assert following > now
