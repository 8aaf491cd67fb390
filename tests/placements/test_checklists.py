"""The checklist templates of our own writing, and what a gate asks."""

import dataclasses
import datetime

import pytest

from placements.checklists import (
    RECORDING_ROLES,
    BadTemplate,
    Due,
    Step,
    Template,
    check,
    open_steps,
    read_templates,
)
from placements.models import Checklist, ChecklistTemplateStep
from placements.services import read_seed, seed_placements
from placements.services.items import item_of
from tests.factories.placements import ChecklistFactory, ChecklistItemFactory, ChecklistTemplateFactory
from tests.factories.program import VettingTierFactory

TEMPLATES = {(template.kind, template.tier): template for template in read_seed()}


def steps(kind: str, tier: str = "") -> dict[str, Step]:
    return {step.code: step for step in TEMPLATES[kind, tier].steps}


def codes(letter: str, last: int) -> set[str]:
    return {f"{letter}{number:02}" for number in range(1, last + 1)}


def test_every_code_of_the_reference_is_there() -> None:
    assert set(steps("vetting", "NS-S")) == codes("V", 26)
    assert set(steps("leave_of_absence")) == codes("A", 29)
    assert set(steps("outside")) == codes("C", 12)


def test_separation_replaces_two_steps_and_changes_others() -> None:
    separation = steps("separation")
    altered = {code for step in separation.values() for code in step.changed_by}
    assert set(separation) == codes("A", 29) - {"A05", "A17"} | {"B01", "B01-A17"}
    assert altered == codes("B", 7) - {"B01"}
    assert separation["A07"].due == (Due("B01", 10, "business_days"),)
    assert "B01-A17" in separation["A18"].depends_on


def test_steps_between_firm_offer_and_start_stop_entry_on_duty() -> None:
    found = {
        code for kind in TEMPLATES for code, step in steps(*kind).items() if step.gate == "entry_on_duty"
    }
    assert found == {"A11", "A12", "A13", "A15", "A16", "A17", "A18", "B01-A17", "C04", "V20"}


@pytest.mark.parametrize("tier", ["NS-S", "NS-TS"])
def test_a_sensitive_position_asks_for_adjudication_or_waiver(tier: str) -> None:
    vetting = steps("vetting", tier)
    assert vetting["V18"].any_of == vetting["V15"].any_of == ("V15", "V18")
    assert vetting["V18"].gate == vetting["V15"].gate == "firm_offer"
    assert [vetting[code].gate for code in ("V14", "V16", "V17")] == ["none"] * 3


@pytest.mark.parametrize("tier", ["L", "M", "H"])
def test_a_public_trust_position_starts_before_adjudication(tier: str) -> None:
    vetting = steps("vetting", tier)
    assert vetting["V18"].gate == "none"
    assert not {"V14", "V15", "V23", "V24"} & set(vetting)
    assert ("V16" in vetting) == (tier != "L")


def test_what_was_decided_before_and_the_conflict_screen_are_marked() -> None:
    assert steps("vetting", "M")["V01"].decided_by == "opening"
    nominee = steps("leave_of_absence")
    assert [nominee[code].decided_by for code in ("A01", "A02", "A03")] == [
        "agreement",
        "nomination",
        "determination",
    ]


def test_no_step_fixed_by_law_is_excused() -> None:
    legal = [step for kind in TEMPLATES for step in steps(*kind).values() if step.is_legal]
    assert legal
    assert not [step.code for step in legal if step.excusable_by]


def test_a_waiver_waits_for_the_screen_and_results_run_out_where_they_are_received() -> None:
    vetting = steps("vetting", "NS-S")
    assert vetting["V15"].depends_on == ("V09", "V10", "V11", "V12", "V13")
    assert [vetting[code].valid_days for code in ("V08", "V11")] == [None, 120]


def test_everybody_who_records_a_step_has_an_account_and_it_is_never_the_person() -> None:
    assert (
        steps("vetting", "NS-S")["V02"].recorder
        == steps("vetting", "M")["V16"].recorder
        == "security_officer"
    )
    recorders = {step.recorder for kind in TEMPLATES for step in steps(*kind).values()}
    assert recorders <= RECORDING_ROLES


def test_the_outside_template_asks_filers_alone_for_what_the_law_asks_of_filers() -> None:
    outside = steps("outside")
    assert [outside[code].when for code in ("C07", "C08", "C10")] == ["position_files_disclosure"] * 3
    assert outside["C08"].is_legal
    assert steps("leave_of_absence")["A04"].depends_on == ("SEL",)


STEP = Step(
    code="X1",
    title="A step",
    owner="candidate",
    recorder="hr_specialist",
    gate="none",
    undated="no_goal_for_tier",
)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"owner": "janitor"}, "unknown role janitor"),
        ({"gate": "door"}, "unknown gate door"),
        ({"undated": ""}, "needs a due date"),
        ({"when": "it_rains"}, "unknown word it_rains"),
        ({"accepted": ("maybe",)}, "accepts an outcome"),
        ({"is_legal": True, "excusable_by": ("hr_specialist",)}, "fixed by law"),
        ({"depends_on": ("X9",)}, "counts on X9"),
        ({"depends_on": ("X1",)}, "counts on itself"),
        ({"any_of": ("X1", "X2")}, "X2 does not name the same alternatives"),
        ({"recorder": "partner"}, "has no account"),
        ({"recorder": "candidate"}, "has no account"),
        ({"recorder": "investigator"}, "has no account"),
        (
            {"undated": "", "due": (Due("TJO", 5, "business_days"), Due("EOD", 3, "business_days"))},
            "different distances",
        ),
        ({"undated": "", "due": (Due("EOD", -121, "months"),)}, "lies more than 3660 days or 120 months"),
        ({"opens": Due("EOD", 3661, "calendar_days")}, "lies more than 3660 days or 120 months"),
        ({"undated": "", "due": (Due("EOD", 1, "months"),) * 11}, "names the same word twice"),
        ({"depends_on": tuple(f"X{n}" for n in range(11))}, "has more than 10 words"),
    ],
)
def test_a_template_that_contradicts_itself_is_refused(changes: dict[str, object], sentence: str) -> None:
    bad = dataclasses.replace(STEP, **changes)  # type: ignore[arg-type]
    template = Template(
        kind="outside", tier="", effective_on=TEMPLATES["outside", ""].effective_on, steps=(bad,)
    )
    with pytest.raises(BadTemplate, match=sentence):
        check(template)


def test_a_column_with_a_slip_of_the_pen_is_refused() -> None:
    entry = {"code": "X1", "title": "A step", "owner": "candidate", "gate": "none", "dew": "EOD+1d"}
    with pytest.raises(BadTemplate, match="no such column: dew"):
        read_templates([{"kind": "outside", "effective_on": None, "steps": [entry]}])


@dataclasses.dataclass
class Item:
    code: str
    status: str
    is_settled: bool
    gate: str = "firm_offer"
    alternatives: str = ""


def test_a_waiver_that_does_not_apply_leaves_the_adjudication_standing() -> None:
    aside = Item("V15", "not_applicable", is_settled=True, alternatives="V15|V18")
    waiting = Item("V18", "requested", is_settled=False, alternatives="V15|V18")
    assert open_steps([aside, waiting], "firm_offer") == ["V18"]
    assert (
        open_steps([Item("V15", "done", is_settled=True, alternatives="V15|V18"), waiting], "firm_offer")
        == []
    )


def test_a_firm_offer_does_not_wait_for_what_stops_entry_on_duty() -> None:
    item = Item("A11", "requested", is_settled=False, gate="entry_on_duty")
    assert open_steps([item], "firm_offer") == []
    assert open_steps([item], "entry_on_duty") == ["A11"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "outcome", "expected"),
    [("requested", "", False), ("not_applicable", "", True), ("not_met", "", False)],
)
def test_the_database_says_what_is_settled(status: str, outcome: str, expected: bool) -> None:
    item = ChecklistItemFactory(status=status, outcome=outcome)
    item.refresh_from_db()
    assert item.is_settled is expected


@pytest.mark.django_db
def test_seeding_twice_changes_nothing() -> None:
    for tier in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=tier)
    first, second = seed_placements(), seed_placements()
    assert first.created == {"ChecklistTemplate": 8}
    assert str(second) == "nothing to change"


@pytest.mark.django_db
def test_a_changed_template_is_a_new_version_and_leaves_the_old_one_to_those_under_way() -> None:
    for tier in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=tier)
    older = ChecklistTemplateFactory(kind="outside", tier=None)
    under_way = ChecklistFactory(template=older)
    seed_placements()
    older.refresh_from_db()
    assert older.retired_on is not None
    assert under_way.template == older


def test_what_was_decided_before_is_of_the_day_in_washington() -> None:
    nine_in_the_evening = datetime.datetime(2026, 10, 6, 1, tzinfo=datetime.UTC)
    step = ChecklistTemplateStep(code="V01", decided_by="opening")
    item = item_of(step, Checklist(created_at=nine_in_the_evening))
    assert (item.effective_on, item.recorded_at) == (datetime.date(2026, 10, 5), nine_in_the_evening)
