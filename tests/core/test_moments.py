"""Words for deadlines."""

import datetime

import pytest
import time_machine

from techforce.core.moments import days_until, deadline_text, distance_text

NOON = datetime.datetime(2026, 10, 14, 16, 0, tzinfo=datetime.UTC)


def words(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_deadline_names_its_zone() -> None:
    assert words(deadline_text(NOON)) == "October 14, 2026, noon ET"
    assert words(deadline_text(NOON, "America/Los_Angeles")) == "October 14, 2026, 9 a.m. PT"


def test_a_window_that_ends_at_midnight_is_announced_for_the_day_before() -> None:
    first_moment_too_late = datetime.datetime(2026, 10, 15, 4, 0, tzinfo=datetime.UTC)
    assert words(deadline_text(first_moment_too_late)) == "October 14, 2026, 11:59 p.m. ET"


def test_hour_and_zone_stay_on_one_line() -> None:
    assert deadline_text(NOON).endswith("noon\N{NO-BREAK SPACE}ET")


def test_a_zone_without_a_common_name_says_its_own() -> None:
    assert words(deadline_text(NOON, "Europe/Berlin")) == "October 14, 2026, 6 p.m. CEST"


def test_a_date_alone_has_no_hour() -> None:
    assert deadline_text(datetime.date(2026, 10, 14)) == "October 14, 2026"


def test_days_are_counted_in_the_zone_of_the_deadline() -> None:
    late_evening_in_washington = datetime.datetime(2026, 10, 14, 3, 30, tzinfo=datetime.UTC)
    with time_machine.travel(late_evening_in_washington, tick=False):
        assert days_until(NOON) == 1
        assert days_until(NOON, "UTC") == 0
        assert days_until(datetime.date(2026, 10, 12)) == -1


@pytest.mark.parametrize(
    ("days", "text"),
    [(-2, "2 days late"), (-1, "1 day late"), (0, "today"), (1, "tomorrow"), (2, "in 2 days")],
)
def test_distance_is_said_in_days(days: int, text: str) -> None:
    assert distance_text(days) == text
