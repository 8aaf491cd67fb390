"""Dates of real templates across odd days of the calendar, and what holds for every template and any anchors."""

import datetime
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements.checklists import Anchor, Due, Step, StepDate, plan
from placements.services import end_of_term, read_seed
from techforce.core.calendar import BusinessCalendar
from tests.placements.test_checklist_preview import preview

STEPS = {(template.kind, template.tier): template.steps for template in read_seed()}
TIERS = ("L", "M", "NS-S", "H", "NS-TS")
KINDS = ("leave_of_absence", "separation", "outside")
ORDER = ("SEL", "TJO_SENT", "TJO", "FJO", "SEP", "EOD", "TERM")
FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2033, 12, 31)


def test_a_day_that_is_in_no_calendar_is_said_and_the_others_are_dated() -> None:
    """Templates as far as this are refused; those of before the rule must not bring a placement down."""
    far = [
        Step(code=f"X{n}", title="", owner="opm", gate="none", due=(Due("EOD", offset, unit),))
        for n, (offset, unit) in enumerate([(-32768, "months"), (-999_999, "calendar_days"), (1, "months")])
    ]
    after = Step(code="X3", title="", owner="opm", gate="none", due=(Due("X0", 1, "calendar_days"),))

    found = plan((*far, after), {"EOD": Anchor(FIRST)}, BusinessCalendar())

    assert [found[f"X{n}"].reason for n in range(4)] == ["out_of_reach", "out_of_reach", "", "anchor_unknown"]
    assert found["X2"].due_on == datetime.date(2026, 2, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("anchor", "code", "due", "nudge"),
    [
        # Observed holidays: July 3, 2026 (Friday), June 18 and July 5, 2027, November 10, 2028, November 12, 2029.
        ("tjo 2026-07-01", "V02", "2026-07-06", "2026-07-06"),
        ("tjo 2027-06-16", "V03", "2027-06-22", "2027-06-22"),
        ("eod 2027-06-28", "V21", "2027-07-06", "2027-07-06"),
        ("tjo 2028-11-08", "V02", "2028-11-13", "2028-11-13"),
        ("eod 2029-11-19", "A18", "2029-11-14", "2029-11-14"),
        ("eod 2026-06-03", "A19", "2026-07-03", "2026-07-02"),
        # The year's edge: December 24, 2027 is Christmas, December 31 is New Year's Day of 2028.
        ("tjo 2027-12-23", "V02", "2027-12-28", "2027-12-28"),
        ("tjo 2027-12-29", "V03", "2028-01-04", "2028-01-04"),
        ("eod 2028-01-05", "A11", "2027-12-28", "2027-12-28"),
        ("eod 2028-12-31", "A19", "2029-01-30", "2029-01-30"),
        # Month ends: three months from the last of November, and 24 months less a day from a leap day.
        ("eod 2025-11-30", "A21", "2026-02-28", "2026-02-27"),
        ("eod 2028-05-31", "A21", "2028-08-31", "2028-08-31"),
        ("eod 2027-11-30", "A21", "2028-02-29", "2028-02-29"),
        ("eod 2028-02-29", "V26", "2030-02-27", "2030-02-27"),
        ("eod 2026-03-01", "V26", "2028-02-29", "2028-02-29"),
        ("tjo 2028-02-28", "V02", "2028-03-01", "2028-03-01"),
        # Inauguration Day: a Saturday in 2029, a Thursday in 2033, a Sunday observed on Monday in 2041.
        ("tjo 2029-01-18", "V02", "2029-01-22", "2029-01-22"),
        ("tjo 2033-01-18", "V02", "2033-01-21", "2033-01-21"),
        ("eod 2032-12-21", "A19", "2033-01-20", "2033-01-19"),
        ("tjo 2041-01-18", "V02", "2041-01-23", "2041-01-23"),
        # Clocks change on November 1, 2026 and March 14, 2027; dates do not.
        ("tjo 2026-10-30", "V02", "2026-11-03", "2026-11-03"),
        ("eod 2026-10-05", "A22", "2026-10-19", "2026-10-19"),
        ("eod 2027-02-22", "A19", "2027-03-24", "2027-03-24"),
    ],
)
def test_odd_days(anchor: str, code: str, due: str, nudge: str) -> None:
    option, day = anchor.split()
    row = preview("--kind", "leave_of_absence", "--tier", "NS-S", f"--{option}", day)[code]
    assert (row["due_on"], row["nudge_on"]) == (due, nudge)


def steps(kind: str, tier: str) -> list[Step]:
    return [*STEPS["vetting", tier], *STEPS[kind, ""]]


def dated(kind: str, tier: str, days: Mapping[str, datetime.date]) -> dict[str, StepDate]:
    return plan(steps(kind, tier), {name: Anchor(day) for name, day in days.items()}, BusinessCalendar())


@st.composite
def anchors(draw: st.DrawFn) -> dict[str, datetime.date]:
    """In the order in which they come, the last six in the years that the table above covers."""
    days = sorted(draw(st.lists(st.dates(FIRST, LAST), min_size=6, max_size=6)))
    return dict(zip(ORDER, [*days, end_of_term(days[-1], 24)], strict=True))


@given(st.sampled_from(KINDS), st.sampled_from(TIERS), anchors())
def test_no_step_comes_to_lie_on_the_other_side_of_its_anchor(
    kind: str, tier: str, days: dict[str, datetime.date]
) -> None:
    found = dated(kind, tier, days)
    for step in steps(kind, tier):
        due_on = found[step.code].due_on
        for due in step.due if due_on else ():
            counted = days.get(due.anchor) or (found[due.anchor].due_on if due.anchor in found else None)
            if counted and due_on:
                assert due_on >= counted if due.offset >= 0 else due_on <= counted, step.code


@given(st.sampled_from(KINDS), st.sampled_from(TIERS), anchors(), st.sampled_from(ORDER), st.integers(1, 400))
def test_an_anchor_that_moves_later_moves_no_step_earlier(
    kind: str, tier: str, days: dict[str, datetime.date], moved: str, by: int
) -> None:
    later = days | {moved: days[moved] + datetime.timedelta(days=by)}
    before, after = dated(kind, tier, days), dated(kind, tier, later)
    for code, found in before.items():
        due_on = after[code].due_on
        assert not (found.due_on and due_on) or due_on >= found.due_on, code
