"""Steps that hang on what does not apply count from whatever replaced it: after reciprocity, from that decision."""

from dataclasses import replace

import pytest

from placements.checklists import Anchor, Due, Facts, Step, plan, problems_of
from techforce.core.calendar import BusinessCalendar
from tests.placements.test_checklist_dates import RECIPROCITY, STEPS, dates, day, shown

ACCEPTED_ON = {"V03": "2026-10-08", "V04": "2026-10-09"}


@pytest.mark.parametrize("tier", ["L", "M", "NS-S", "H", "NS-TS"])
def test_after_reciprocity_steps_count_from_the_decision_that_set_the_investigation_aside(tier: str) -> None:
    """V04 on Friday, October 9, 2026; Monday is Columbus Day. V12: five business days after the decision; V19: two
    after V12; V25: thirty days after the decision, a Sunday."""
    found = dates("outside", tier, tjo="2026-10-05", facts=RECIPROCITY, done=ACCEPTED_ON)
    assert shown(found["V12"]) == ("2026-10-19", "2026-10-19")
    assert shown(found["V19"]) == ("2026-10-21", "2026-10-21")
    assert shown(found["V25"]) == ("2026-11-08", "2026-11-06")
    screened = dates(
        "outside", tier, tjo="2026-10-05", facts=RECIPROCITY, done={**ACCEPTED_ON, "V12": "2026-10-14"}
    )
    assert shown(screened["V19"])[0] == "2026-10-16"
    cannot_say = {
        code for code, one in found.items() if code.startswith("V") and one.reason == "anchor_unknown"
    }
    assert cannot_say <= {"V20", "V21", "V22", "V24", "V26"}  # these count from the start or the end


def test_an_earlier_result_that_is_not_accepted_leaves_the_ordinary_way() -> None:
    facts = Facts(outcomes={"V03": "accept", "V04": "not_accepted"})
    found = dates(tjo="2026-10-05", facts=facts, done=ACCEPTED_ON)
    assert shown(found["V12"])[0] == "2026-11-04"
    assert shown(found["V19"])[0] == "2027-01-05"


def test_a_step_after_one_that_does_not_apply_counts_from_whatever_decided_that() -> None:
    after = Step(
        code="X1",
        title="After the triage",
        owner="ethics_official",
        gate="none",
        due=(Due("C03", 3, "business_days"),),
    )
    facts = Facts(outcomes={"C02": "all_no"})
    anchors = {"TJO": Anchor(day("2026-10-05"))}
    steps = [*STEPS["outside", ""], after]
    found = plan(steps, anchors, BusinessCalendar(), facts=facts, done={"C02": day("2026-10-07")})
    assert (found["C03"].reason, shown(found["X1"])[0]) == ("does_not_apply", "2026-10-13")


def test_a_template_in_which_a_decision_counts_on_what_it_sets_aside_is_refused() -> None:
    steps = [
        replace(one, due=(Due("V05", 1, "business_days"),)) if one.code == "V04" else one
        for one in STEPS["vetting", "M"]
    ]
    assert {"V04", "V05"} <= {problem.code for problem in problems_of(tuple(steps))}
