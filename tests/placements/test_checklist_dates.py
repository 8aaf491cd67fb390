"""When steps are due: the printed examples of the reference, and cases worked by hand across holidays and year ends."""

import datetime
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from placements.checklists import Anchor, Due, Facts, Step, StepDate, plan
from placements.services import end_of_term, read_seed
from techforce.core.calendar import BusinessCalendar

STEPS = {(template.kind, template.tier): template.steps for template in read_seed()}
DAYS = st.dates(datetime.date(2026, 1, 1), datetime.date(2032, 12, 31))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def dates(
    kind: str = "leave_of_absence",
    tier: str = "NS-S",
    *,
    facts: Facts | None = None,
    done: Mapping[str, str] | None = None,
    closures: tuple[str, ...] = (),
    **anchors: str,
) -> dict[str, StepDate]:
    """The plan of a placement with these anchors; the term is 24 months from entry on duty."""
    known = {name.upper(): Anchor(day(text)) for name, text in anchors.items()}
    if "EOD" in known:
        known.setdefault("TERM", Anchor(end_of_term(known["EOD"].on, 24)))
    return plan(
        [*STEPS["vetting", tier], *STEPS[kind, ""]],
        known,
        BusinessCalendar(frozenset(day(text) for text in closures)),
        facts=facts,
        done={code: day(text) for code, text in (done or {}).items()},
    )


def shown(found: StepDate) -> tuple[str, str]:
    assert found.due_on is not None, found.reason
    assert found.nudge_on is not None
    return found.due_on.isoformat(), found.nudge_on.isoformat()


@pytest.mark.parametrize(
    ("eod", "code", "due", "nudge"),
    [
        # Printed in domain.md §4.2.
        ("2026-11-30", "A19", "2026-12-30", "2026-12-30"),
        ("2026-11-30", "A21", "2027-02-28", "2027-02-26"),
        ("2026-11-30", "A29", "2028-11-29", "2028-11-29"),
        ("2026-09-14", "A19", "2026-10-14", "2026-10-14"),
        ("2026-09-14", "A21", "2026-12-14", "2026-12-14"),
        ("2026-09-14", "A29", "2028-09-13", "2028-09-13"),
        # Worked by hand: Thanksgiving lies between A18 and the start, Columbus Day in the ten business days of V20.
        ("2026-11-30", "A18", "2026-11-24", "2026-11-24"),
        ("2026-11-30", "A11", "2026-11-20", "2026-11-20"),
        ("2026-11-30", "V20", "2026-11-13", "2026-11-13"),
        ("2026-10-19", "V20", "2026-10-02", "2026-10-02"),
        ("2026-11-30", "V21", "2026-12-07", "2026-12-07"),
        ("2026-11-30", "V24", "2026-12-30", "2026-12-30"),
        ("2026-11-30", "A20", "2027-02-28", "2027-02-26"),
        ("2026-11-30", "A23", "2027-02-28", "2027-02-26"),
        ("2026-09-14", "A23", "2026-12-13", "2026-12-11"),
        ("2026-11-30", "A22", "2026-12-14", "2026-12-14"),
        ("2026-11-30", "A13", "2026-11-29", "2026-11-27"),
        ("2026-11-30", "A27", "2028-10-30", "2028-10-30"),
        ("2026-11-30", "A28", "2028-11-14", "2028-11-14"),
        # Year end: New Year's Day 2028 is observed on Friday, December 31, 2027.
        ("2027-12-01", "A19", "2027-12-31", "2027-12-30"),
        ("2027-12-27", "V21", "2028-01-04", "2028-01-04"),
        # Month ends and the leap day.
        ("2027-11-29", "A21", "2028-02-29", "2028-02-29"),
        ("2027-11-30", "A21", "2028-02-29", "2028-02-29"),
        ("2026-11-29", "A21", "2027-02-28", "2027-02-26"),
        ("2028-02-29", "A29", "2030-02-27", "2030-02-27"),
        # Inauguration Day 2029 is a Saturday and costs nothing.
        ("2029-01-16", "V21", "2029-01-23", "2029-01-23"),
    ],
)
def test_steps_that_count_from_entry_on_duty(eod: str, code: str, due: str, nudge: str) -> None:
    assert shown(dates(eod=eod)[code]) == (due, nudge)


@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("V02", "2026-10-07"), ("V03", "2026-10-08"), ("V05", "2026-10-13"), ("V06", "2026-10-20"),
        ("V07", "2026-10-20"), ("V08", "2026-10-20"), ("V09", "2026-10-23"), ("V10", "2026-10-28"),
        ("V11", "2026-10-27"), ("V12", "2026-11-04"), ("V13", "2026-11-02"), ("V14", "2026-11-17"),
        ("V17", "2026-12-12"), ("V18", "2027-01-01"), ("V19", "2027-01-05"), ("V25", "2027-01-31"),
        ("A05", "2026-10-13"), ("A06", "2026-10-13"), ("A07", "2026-10-27"), ("A08", "2026-10-27"),
        ("A09", "2026-10-20"), ("A10", "2026-11-03"),
    ],
)  # fmt: skip
def test_steps_that_hang_on_each_other_count_from_planned_dates(code: str, due: str) -> None:
    """TJO on Monday, October 5, 2026: Columbus Day and Veterans Day lie on the way."""
    assert shown(dates(tjo="2026-10-05")[code])[0] == due


def test_nudges_never_fall_on_new_years_day_or_a_saturday() -> None:
    found = dates(tjo="2026-10-05")
    assert shown(found["V17"])[1] == "2026-12-11"
    assert shown(found["V18"]) == ("2027-01-01", "2026-12-31")


@pytest.mark.parametrize(
    ("tier", "v17", "v18", "v19"),
    [
        ("NS-TS", "2027-01-21", "2027-02-10", "2027-02-12"),
        ("NS-S", "2026-12-12", "2027-01-01", "2027-01-05"),
        ("H", None, None, "2026-11-06"),
        ("L", None, None, "2026-11-06"),
    ],
)
def test_each_tier_has_its_own_goals(tier: str, v17: str | None, v18: str | None, v19: str) -> None:
    found = dates("outside", tier, tjo="2026-10-05")
    assert [found[code].due_on and shown(found[code])[0] for code in ("V17", "V18", "V19")] == [v17, v18, v19]
    if v17 is None:
        assert (found["V17"].reason, found["V18"].missing) == ("no_goal_for_tier", "V17")


def test_the_later_of_two_steps_counts() -> None:
    found = dates(tjo="2026-10-05", done={"V10": "2026-10-20", "V11": "2026-11-09"})
    assert shown(found["V12"])[0] == "2026-11-17"


def test_a_step_counts_from_the_day_on_which_the_other_was_done() -> None:
    found = dates(tjo="2026-10-05", done={"V05": "2026-10-07"})
    assert [shown(found[code])[0] for code in ("V08", "V09")] == ["2026-10-14", "2026-10-17"]
    assert not found["V09"].is_planned
    assert found["V10"].is_planned


def test_a_separation_counts_from_its_own_agreement() -> None:
    found = dates("separation", tjo="2026-10-05", eod="2026-11-30")
    assert shown(found["B01"])[0] == "2026-10-20"
    assert shown(found["A07"])[0] == "2026-11-03"
    assert shown(found["B01-A17"])[0] == "2026-11-20"
    assert found["A28"].reason == "does_not_apply"


@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("C01", "2026-09-30"), ("C02", "2026-10-13"), ("C03", "2026-10-20"), ("C04", "2026-11-24"),
        ("C06", "2026-11-15"), ("C07", "2026-12-30"), ("C08", "2027-02-28"), ("C09", "2027-02-28"),
        ("C11", "2028-08-01"), ("C12", "2028-10-30"),
    ],
)  # fmt: skip
def test_the_steps_of_someone_from_outside(code: str, due: str) -> None:
    found = dates("outside", tjo_sent="2026-09-30", tjo="2026-10-05", fjo="2026-11-16", eod="2026-11-30")
    assert shown(found[code])[0] == due


def test_no_earlier_investigation_is_assumed_until_somebody_knows() -> None:
    assert dates(tjo="2026-10-05")["V04"].reason == "does_not_apply"
    found = dates(tjo="2026-10-05", facts=Facts(outcomes={"V03": "accept"}), done={"V03": "2026-10-08"})
    assert shown(found["V04"])[0] == "2026-10-16"
    assert shown(found["V05"])[0] == "2026-10-13"  # nobody has accepted it yet


def test_an_accepted_result_needs_no_investigation() -> None:
    facts = Facts(outcomes={"V03": "accept", "V04": "accepted"})
    found = dates(tjo="2026-10-05", facts=facts, done={"V03": "2026-10-08", "V04": "2026-10-09"})
    assert {found[code].reason for code in ("V05", "V09", "V13", "V18")} == {"does_not_apply"}


RECIPROCITY = Facts(outcomes={"V03": "accept", "V04": "accepted"})


def test_what_has_no_anchor_yet_says_which_one_it_waits_for() -> None:
    found = dates(tjo="2026-10-05")
    assert [(found[c].reason, found[c].missing) for c in ("A19", "V16", "A26", "A03")] == [
        ("anchor_unknown", "EOD"),
        ("anchor_unknown", "CONTACT"),
        ("anchor_unknown", "CHANGE"),
        ("anchor_unknown", "SEL"),
    ]


def test_no_waiver_is_planned_where_none_is_possible_or_the_adjudication_is_done() -> None:
    special = dates(tier="NS-TS", facts=Facts(is_waiver_possible=False), fjo="2026-11-16")
    assert special["V15"].reason == "does_not_apply"
    assert shown(dates(fjo="2026-11-16")["V15"]) == ("2026-11-15", "2026-11-13")
    done = dates(tjo="2026-10-05", fjo="2026-11-16", done={"V18": "2026-11-10"})
    assert done["V15"].reason == "does_not_apply"
    assert shown(done["V19"])[0] == "2026-11-13"


def test_security_clears_from_a_waiver_that_is_there() -> None:
    found = dates(tjo="2026-10-05", done={"V15": "2026-11-10"})
    assert shown(found["V19"])[0] == "2026-11-13"


@pytest.mark.parametrize(
    ("eod", "due", "nudge"),
    [
        # More than 60 days in 2026: February 15, 2027 is Washington's Birthday.
        ("2026-09-14", "2027-02-15", "2027-02-12"),
        ("2026-11-01", "2027-02-15", "2027-02-12"),
        # Sixty days in 2026 are not more than sixty: the training of 2027 comes first.
        ("2026-11-02", "2027-12-31", "2027-12-30"),
        ("2026-11-30", "2027-12-31", "2027-12-30"),
    ],
)
def test_the_annual_report_comes_after_more_than_sixty_days(eod: str, due: str, nudge: str) -> None:
    assert shown(dates(eod=eod)["A24"]) == shown(dates("outside", eod=eod)["C10"]) == (due, nudge)


def test_no_annual_report_falls_behind_the_term() -> None:
    found = dates(eod="2026-11-30", term="2027-06-30")
    assert found["A24"].reason == "yearly"


def test_days_closed_by_order_are_no_business_days() -> None:
    assert shown(dates(tjo="2026-10-05", closures=("2026-10-06",))["V02"])[0] == "2026-10-08"
    assert shown(dates(eod="2026-11-30", closures=("2026-12-30",))["A19"]) == ("2026-12-30", "2026-12-29")


def test_exit_counseling_and_the_confidentiality_letter_have_a_first_day() -> None:
    found = dates(eod="2026-11-30", sep="2026-11-20")
    assert found["A27"].opens_on == day("2028-08-31")
    assert found["A16"].opens_on == day("2026-11-20")


def step_after(offset: int, unit: str) -> Step:
    return Step(code="X1", title="A step", owner="candidate", gate="none", due=(Due("EOD", offset, unit),))


def one(offset: int, unit: str, start: datetime.date) -> datetime.date:
    found = plan([step_after(offset, unit)], {"EOD": Anchor(start)}, BusinessCalendar())["X1"].due_on
    assert found is not None
    return found


@given(DAYS, st.integers(0, 90), st.sampled_from(["calendar_days", "business_days", "months"]))
def test_a_distance_never_leads_to_the_other_side_of_its_anchor(
    start: datetime.date, offset: int, unit: str
) -> None:
    assert one(-offset, unit, start) <= start <= one(offset, unit, start)


@given(DAYS, st.integers(1, 60))
def test_moving_an_anchor_later_never_moves_a_step_earlier(start: datetime.date, days: int) -> None:
    later = start + datetime.timedelta(days=days)
    for facts in (Facts(), RECIPROCITY):
        before, after = (
            dates(tjo=text, eod=text, facts=facts) for text in (start.isoformat(), later.isoformat())
        )
        for code, found in before.items():
            moved = after[code].due_on
            if found.due_on and moved:
                assert moved >= found.due_on, code


@given(DAYS)
def test_nobody_is_nudged_after_the_due_date_or_on_a_day_without_work(start: datetime.date) -> None:
    for found in dates(tjo=start.isoformat(), eod=start.isoformat()).values():
        if found.due_on and found.nudge_on:
            assert found.nudge_on <= found.due_on
            assert found.nudge_on == BusinessCalendar().last_business_day(found.nudge_on)
