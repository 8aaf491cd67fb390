"""I7: a conditional step is set aside because what is recorded says so, never because somebody wants it."""

import pytest

from placements import services
from placements.checklists import CONDITIONS, Facts, applies
from placements.models import Checklist, ChecklistItem, Placement
from techforce.core.calendar import today
from techforce.core.errors import TransitionRefused
from tests.factories.placements import ChecklistItemFactory, checked_placement
from tests.placements.starting import staff

FACTS = [
    ("earlier_result_found", {"V03": "accept"}, True),
    ("earlier_result_found", {"V03": "new"}, False),
    ("earlier_result_found", {}, None),
    ("investigation_needed", {"V03": "upgrade"}, True),
    ("investigation_needed", {"V03": "accept"}, None),
    ("investigation_needed", {"V03": "accept", "V04": "accepted"}, False),
    ("investigation_needed", {"V03": "accept", "V04": "not_accepted"}, True),
    ("any_answer_yes", {"C02": "some_yes"}, True),
    ("any_answer_yes", {"C02": "all_no"}, False),
    ("last_employer_is_a_party", {"C02": "some_yes"}, None),
    ("last_employer_is_a_party", {"C02": "some_yes", "C03": "no_recusal"}, False),
    ("outside_activity_needs_approval", {"C02": "all_no"}, False),
    ("position_files_disclosure", {"C06": "files"}, True),
    ("position_files_disclosure", {"C06": "does_not_file"}, False),
    ("returns_to_company", {"A29": "separates"}, False),
    ("", {}, True),
]


@pytest.mark.parametrize(("condition", "outcomes", "expected"), FACTS)
def test_what_the_recorded_outcomes_say(
    condition: str, outcomes: dict[str, str], expected: bool | None
) -> None:
    assert applies(condition, Facts(outcomes=outcomes)) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), None),
        (Facts(conflict="clear"), False),
        (Facts(conflict="remedy"), None),
        (Facts(conflict="remedy", remedies=frozenset({"recusal"})), False),
        (Facts(conflict="remedy", remedies=frozenset({"waiver"})), True),
        (Facts(remedies=frozenset({"recusal"})), None),
    ],
)
def test_a_waiver_of_a_conflict_is_needed_unless_another_remedy_is_on_file(
    facts: Facts, expected: bool | None
) -> None:
    assert applies("ethics_waiver_needed", facts) is expected


def test_nothing_recorded_never_sets_a_step_aside() -> None:
    assert not [word for word in CONDITIONS if applies(word, Facts()) is False]


def vetting_of(placement: Placement) -> Checklist:
    return placement.checklists.get(area="vetting")


def look_up(placement: Placement) -> ChecklistItem:
    return ChecklistItemFactory(
        checklist=vetting_of(placement),
        step__code="V03",
        step__recorder_role="security_officer",
        step__outcomes=["accept", "upgrade", "new"],
        step__accepted_outcomes=["accept", "upgrade", "new"],
    )


def reciprocity(placement: Placement) -> ChecklistItem:
    return ChecklistItemFactory(
        checklist=vetting_of(placement), step__code="V04", step__condition="earlier_result_found"
    )


@pytest.mark.django_db
def test_a_step_whose_condition_nobody_knows_stays() -> None:
    placement = checked_placement()
    look_up(placement)
    with pytest.raises(TransitionRefused, match="not known yet"):
        services.set_item_aside(item=reciprocity(placement), by=staff(placement, "security_officer"))


@pytest.mark.django_db
def test_a_step_that_applies_stays_and_one_that_does_not_is_set_aside() -> None:
    placement = checked_placement()
    officer = staff(placement, "security_officer")
    services.complete_item(item=look_up(placement), outcome="new", effective_on=today(), by=officer)
    adjudication = ChecklistItemFactory(
        checklist=vetting_of(placement), step__code="V18", step__condition="investigation_needed"
    )
    with pytest.raises(TransitionRefused, match="applies"):
        services.set_item_aside(item=adjudication, by=officer)
    assert services.set_item_aside(item=reciprocity(placement), by=officer).status == "not_applicable"


@pytest.mark.django_db
def test_a_step_comes_back_when_its_condition_changes() -> None:
    placement = checked_placement()
    officer = staff(placement, "security_officer")
    found, decision = look_up(placement), reciprocity(placement)
    services.complete_item(item=found, outcome="new", effective_on=today(), by=officer)
    services.set_item_aside(item=decision, by=officer)
    services.send_item_back(item=found, reason_code="incorrect", by=officer)
    decision.refresh_from_db()
    assert decision.status == "requested"
