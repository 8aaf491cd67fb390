"""At which moment a reminder leaves: work hours of the recipient, caps of applicants, the digest of staff."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techforce.core.calendar import EASTERN, NO_CLOSURES, is_business_day
from techforce.core.ladders.thresholds import Rung, Threshold, first_rung, largest_due
from techforce.core.reminders.quiet_hours import leaves_at, next_digest, within_caps

ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Pacific/Guam", "America/Puerto_Rico")
PACIFIC = ZoneInfo("America/Los_Angeles")


def local(text: str, zone: ZoneInfo = EASTERN) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone)


def rung(days: int, due: str, *, now: datetime.datetime) -> Rung:
    found = largest_due((Threshold("x", days),), datetime.date.fromisoformat(due), now)
    assert found is not None
    return found


def leaving(days: int, due: str, now: str, zone: ZoneInfo = EASTERN) -> datetime.datetime:
    moment = local(now)
    return leaves_at(rung(days, due, now=moment), zone=zone, now=moment, closures=NO_CLOSURES)


def test_on_a_work_day_it_leaves_at_nine_where_the_recipient_is() -> None:
    assert leaving(-7, "2026-12-16", "2026-12-09T00:01") == local("2026-12-09T09:00")
    assert leaving(-7, "2026-12-16", "2026-12-09T00:01", PACIFIC) == local("2026-12-09T09:00", PACIFIC)


def test_before_a_weekend_or_holiday_it_leaves_in_the_last_work_hours() -> None:
    """Seven days before January 1, 2027 is Christmas."""
    assert leaving(-7, "2027-01-01", "2026-12-24T00:01") == local("2026-12-24T16:00")


def test_recipients_are_spread_over_the_last_hours() -> None:
    now = local("2026-12-24T00:01")
    found = {
        leaves_at(rung(-7, "2027-01-01", now=now), zone=EASTERN, now=now, closures=NO_CLOSURES, spread=n)
        for n in range(40)
    }
    assert len(found) == 40
    assert max(found) < local("2026-12-24T18:00")


def test_what_comes_late_after_an_outage_goes_now_or_the_next_work_day_at_nine() -> None:
    assert leaving(0, "2026-12-24", "2026-12-24T15:00") == local("2026-12-24T15:00")
    assert leaving(0, "2026-12-24", "2026-12-24T18:00") == local("2026-12-28T09:00")
    assert leaving(0, "2026-12-24", "2026-12-26T12:00") == local("2026-12-28T09:00")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-12-24T00:01", "2026-12-24T09:00"),
        ("2026-12-25T12:00", "2026-12-25T12:00"),  # Christmas
        ("2026-12-26T03:00", "2026-12-26T09:00"),  # a Saturday, at night
        ("2026-12-25T22:00", "2026-12-26T09:00"),
        ("2026-12-26T22:00", "2026-12-26T22:00"),  # the last chance: it is due today
        ("2026-12-27T22:00", "2026-12-28T09:00"),
    ],
)
def test_what_comes_on_any_day_does_not_come_at_night_unless_the_date_would_pass(
    now: str, expected: str
) -> None:
    """Two days before Saturday, December 26, 2026, for a person who acts in their own time."""
    moment = local(now)
    found = largest_due((Threshold("x", -2, is_any_day=True),), datetime.date(2026, 12, 26), moment)
    assert found is not None
    assert leaves_at(found, zone=EASTERN, now=moment, closures=NO_CLOSURES) == local(expected)


@given(
    due=st.dates(datetime.date(2026, 1, 2), datetime.date(2030, 1, 1)),
    days=st.integers(-60, 0),
    zone=st.sampled_from(ZONES),
    spread=st.integers(0, 500),
)
def test_a_sweep_in_time_never_sends_in_quiet_hours_nor_past_the_due_date(
    due: datetime.date, days: int, zone: str, spread: int
) -> None:
    threshold = Threshold("x", days)
    far = datetime.datetime.combine(due, datetime.time(23), tzinfo=EASTERN)
    found = largest_due((threshold,), due, far)
    assert found is not None
    moment = leaves_at(found, zone=ZoneInfo(zone), now=found.at, closures=NO_CLOSURES, spread=spread)
    there = moment.astimezone(ZoneInfo(zone))
    assert datetime.time(8) <= there.time() < datetime.time(18)
    assert is_business_day(there.date())
    assert there.date() <= due


def capped(wanted: str, taken: list[str], last_on: str) -> datetime.datetime:
    return within_caps(
        local(wanted),
        taken=[datetime.date.fromisoformat(text) for text in taken],
        last_on=datetime.date.fromisoformat(last_on),
        zone=EASTERN,
        closures=NO_CLOSURES,
    )


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], "2026-12-07T09:00"),
        (["2026-12-07"], "2026-12-08T09:00"),
        (["2026-12-07", "2026-12-08"], "2026-12-09T09:00"),
        (["2026-12-02", "2026-12-03", "2026-12-04"], "2026-12-09T09:00"),
        (["2026-12-08", "2026-12-10", "2026-12-11"], "2026-12-15T09:00"),
    ],
)
def test_an_applicant_hears_from_us_once_a_day_and_three_times_a_week(
    taken: list[str], expected: str
) -> None:
    assert capped("2026-12-07T09:00", taken, "2026-12-31") == local(expected)


def test_a_deadline_matters_more_than_a_cap() -> None:
    taken = ["2026-12-02", "2026-12-03", "2026-12-04"]
    assert capped("2026-12-07T09:00", taken, "2026-12-08") == local("2026-12-07T09:00")


@given(
    wanted=st.dates(datetime.date(2026, 1, 2), datetime.date(2030, 1, 1)).filter(is_business_day),
    left=st.integers(0, 20),
    taken=st.lists(st.integers(-7, 20), max_size=12),
    zone=st.sampled_from(ZONES),
)
def test_caps_never_move_a_reminder_past_its_date_nor_into_quiet_hours(
    wanted: datetime.date, left: int, taken: list[int], zone: str
) -> None:
    there, last_on = ZoneInfo(zone), wanted + datetime.timedelta(days=left)
    moment = within_caps(
        datetime.datetime.combine(wanted, datetime.time(9), tzinfo=there),
        taken=[wanted + datetime.timedelta(days=days) for days in taken],
        last_on=last_on,
        zone=there,
        closures=NO_CLOSURES,
    ).astimezone(there)
    assert wanted <= moment.date() <= last_on
    assert is_business_day(moment.date())
    assert datetime.time(8) <= moment.time() < datetime.time(18)


@given(
    due=st.dates(datetime.date(2026, 1, 2), datetime.date(2030, 1, 1)),
    days=st.integers(-60, 0),
    unit=st.sampled_from(("calendar", "business")),
)
def test_the_digest_never_comes_after_the_date(due: datetime.date, days: int, unit: Any) -> None:
    found = first_rung(Threshold("x", days, unit), due)
    assert next_digest(found.at, NO_CLOSURES).astimezone(EASTERN).date() <= due


def test_the_digest_leaves_at_half_past_eight_on_work_days() -> None:
    assert next_digest(local("2026-12-24T00:05"), NO_CLOSURES) == local("2026-12-24T08:30")
    assert next_digest(local("2026-12-24T09:00"), NO_CLOSURES) == local("2026-12-28T08:30")
    assert next_digest(local("2026-12-26T07:00"), NO_CLOSURES) == local("2026-12-28T08:30")
