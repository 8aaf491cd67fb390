"""Vetting by milestones: few facts are entered, and no gate opens on an outcome that nobody found."""

import datetime

import pytest

from agencies.models import AgencyParticipation, Opening
from placements.checklists import MILESTONES, Known, settled_by
from placements.models import ChecklistItem, Placement
from placements.services import (
    block_item,
    choose_vetting_detail,
    complete_item,
    expire_steps,
    record_fall_through,
    record_milestone,
    send_item_back,
)
from placements.services.gates import open_codes
from placements.services.milestones import Reached
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent, OutboxMessage
from tests.factories.accounts import opm_staff
from tests.factories.agencies import AgencyMembershipFactory, agency_member
from tests.placements.agency_room import SECURITY, desk
from tests.placements.starting import staff
from tests.placements.vetting_desk import step, vetted

DAY = datetime.timedelta(days=1)
ALL_GOOD = (
    ("initiated", "new"),
    ("submitted", "recorded"),
    ("interim", "granted"),
    ("adjudicated", "favorable"),
    ("cleared", "favorable"),
)

pytestmark = pytest.mark.django_db


def reach(placement: Placement, name: str, outcome: str, by: User | None = None, **fields: object) -> Reached:
    values = {"effective_on": today(), "reference": "", **fields}
    by = by or staff(placement, "security_officer")
    return record_milestone(placement=placement, milestone=name, outcome=outcome, by=by, **values)  # type: ignore[arg-type]


def open_vetting(placement: Placement) -> list[str]:
    codes = open_codes([placement], "firm_offer").get(placement.pk, [])
    return [code for code in codes if code.startswith("V")]


def test_five_facts_settle_everything_before_the_firm_offer() -> None:
    placement = vetted("NS-S")
    officer = staff(placement, "security_officer")
    assert len(open_vetting(placement)) > 10
    settled = [code for fact in ALL_GOOD for code in reach(placement, *fact, by=officer).settled]
    assert open_vetting(placement) == []
    assert len(settled) == len(set(settled)) == 15


def test_where_the_adjudication_comes_later_three_facts_are_enough() -> None:
    placement = vetted("M")
    with pytest.raises(Refused, match="its tier does not ask for it"):
        reach(placement, "interim", "granted")
    for name, outcome in (fact for fact in ALL_GOOD if fact[0] not in ("interim", "adjudicated")):
        reach(placement, name, outcome)
    assert open_vetting(placement) == []
    assert step(placement, "V18").status == "not_started"  # comes after the start, and nobody claimed it


def test_each_step_behind_it_names_the_milestone_in_its_audit() -> None:
    placement = vetted()
    reach(placement, "initiated", "new", reference="CASE-7")
    own, behind = step(placement, "V05"), step(placement, "V02")
    events = AuditEvent.objects.filter(subject_type="placements.checklistitem", subject_id=behind.pk)
    assert events.get(to_state="done").detail == {"milestone": "initiated"}
    assert (own.external_reference, behind.external_reference) == ("CASE-7", "")
    assert (step(placement, "V03").outcome, step(placement, "V04").status) == ("new", "not_applicable")


def test_an_accepted_earlier_result_leaves_no_investigation_open() -> None:
    placement = vetted()
    reach(placement, "initiated", "accepted")
    assert {step(placement, code).status for code in ("V05", "V10", "V14", "V18")} == {"not_applicable"}
    reach(placement, "cleared", "favorable")
    assert open_vetting(placement) == []


# ── No gate opens on a wrong outcome ──────────────────────────────────────────────────────────────
def test_what_an_accepted_result_makes_pointless_is_set_aside_and_not_recorded_as_done() -> None:
    """Recorded step by step, and cleared by a milestone."""
    placement = vetted("M")
    for code, outcome in (("V03", "accept"), ("V04", "accepted")):
        officer = staff(placement, "security_officer")
        complete_item(item=step(placement, code), outcome=outcome, effective_on=today(), by=officer)
    reach(placement, "cleared", "favorable")
    assert step(placement, "V13").status == "not_applicable"


def test_clearing_without_an_adjudication_is_refused_as_a_whole() -> None:
    placement = vetted("NS-S")
    for fact in ALL_GOOD[:3]:
        reach(placement, *fact)
    with pytest.raises(Refused, match=r"V18\.$"):
        reach(placement, "cleared", "favorable")
    assert step(placement, "V12").status == "not_started"
    assert "V19" in open_vetting(placement)


def test_an_adjudication_is_never_implied_not_even_by_a_template_that_counts_on_it() -> None:
    steps = {"V19": Known(("V18",), ("recorded",)), "V18": Known((), ("favorable",))}
    assert settled_by(MILESTONES["cleared"], "favorable", steps) == {"V19": "recorded"}


def test_a_pending_interim_decision_says_nothing_of_the_steps_behind_it() -> None:
    """Nor does it end a wait: it may be pending because of it."""
    placement = vetted("NS-S")
    officer = staff(placement, "security_officer")
    reach(placement, *ALL_GOOD[0])
    block_item(item=step(placement, "V07"), waiting_on="candidate", by=officer)
    reached = reach(placement, "interim", "eligibility_pending")
    assert (step(placement, "V14").outcome, reached.settled) == ("eligibility_pending", ("V14",))
    assert step(placement, "V07").status == "blocked"


@pytest.mark.parametrize(("code", "outcome"), [("V11", "under_review"), ("V12", "pending")])
def test_a_result_that_is_not_favorable_is_never_covered_by_a_milestone(code: str, outcome: str) -> None:
    placement = vetted("M")
    officer = staff(placement, "security_officer")
    for fact in ALL_GOOD[:2]:
        reach(placement, *fact)
    complete_item(item=step(placement, code), outcome=outcome, effective_on=today(), by=officer)
    with pytest.raises(Refused, match=f"step {code} has another outcome"):
        reach(placement, "cleared", "favorable")
    assert step(placement, code).outcome == outcome
    assert code in open_vetting(placement)


def test_an_adjudication_that_is_not_favorable_begins_due_process_and_closes_the_way() -> None:
    placement = vetted("NS-S")
    for fact in (*ALL_GOOD[:3], ("adjudicated", "under_due_process")):
        reach(placement, *fact)
    assert step(placement, "V18").status == "under_due_process"
    told = OutboxMessage.objects.get(template_key="office_notice")
    assert told.recipient == placement.applicant.user
    with pytest.raises(Refused, match="V18"):
        reach(placement, "cleared", "favorable")


@pytest.mark.parametrize("state", ["blocked", "returned"])
def test_due_process_begins_while_the_adjudicator_holds_the_step(state: str) -> None:
    placement = vetted("NS-S")
    officer = staff(placement, "security_officer")
    for fact in ALL_GOOD[:3]:
        reach(placement, *fact)
    if state == "blocked":
        block_item(item=step(placement, "V18"), waiting_on="adjudicator", by=officer)
    else:
        complete_item(item=step(placement, "V18"), outcome="favorable", effective_on=today(), by=officer)
        send_item_back(item=step(placement, "V18"), reason_code="incorrect", by=officer)
    reach(placement, "adjudicated", "under_due_process", reference="ADJ-7")
    own = step(placement, "V18")
    assert (own.status, own.external_reference) == ("under_due_process", "ADJ-7")
    event = AuditEvent.objects.about(own).get(to_state="under_due_process")
    assert event.detail == {"happened_on": today().isoformat()}
    assert reach(placement, "adjudicated", "under_due_process", reference="ADJ-7").settled == ()
    for others in ({"reference": "ADJ-8"}, {"effective_on": today() - DAY}):
        with pytest.raises(Refused, match="due process began on"):
            reach(placement, "adjudicated", "under_due_process", **others)


def test_cleared_once_is_not_cleared_still_when_the_fingerprints_have_run_out() -> None:
    """The same fact again would say that all is well; the steps to record anew are named."""
    placement = vetted("M")
    for fact in (one for one in ALL_GOOD if one[0] not in ("interim", "adjudicated")):
        reach(placement, *fact)
    assert reach(placement, "cleared", "favorable").settled == ()
    item = step(placement, "V11")
    ChecklistItem.objects.filter(pk=item.pk).update(effective_on=today() - 200 * DAY)
    expire_steps(by=User.objects.system())
    with pytest.raises(Refused, match=r"open again: .*V11.*on its own page"):
        reach(placement, "cleared", "favorable")
    client = desk(SECURITY, placement.opening)
    page = client.get(f"/agency/steps/{item.public_id}/").content.decode()
    assert f"/agency/steps/{item.public_id}/complete/" in page


# ── Once, in order, by the right person ───────────────────────────────────────────────────────────
def test_recorded_again_it_changes_nothing_and_other_facts_are_refused() -> None:
    placement = vetted()
    officer = staff(placement, "security_officer")
    reach(placement, "initiated", "new", by=officer, reference="CASE-7")
    count = AuditEvent.objects.count()
    assert reach(placement, "initiated", "new", by=officer, reference="CASE-7").settled == ()
    assert AuditEvent.objects.count() == count
    with pytest.raises(Refused, match="on file already"):
        reach(placement, "initiated", "new", by=officer, effective_on=today() - DAY)
    send_item_back(item=step(placement, "V05"), reason_code="incorrect", by=officer)
    reach(placement, "initiated", "new", by=officer, effective_on=today() - DAY)
    assert step(placement, "V05").effective_on == today() - DAY


def test_days_stand_in_order_and_none_lies_in_the_future() -> None:
    placement = vetted()
    reach(placement, "initiated", "new")
    with pytest.raises(Refused, match="before the milestone “Initiated”"):
        reach(placement, "submitted", "recorded", effective_on=today() - DAY)
    with pytest.raises(Refused, match="cannot lie in the future"):
        reach(placement, "submitted", "recorded", effective_on=today() + DAY)


def test_an_agency_that_records_every_step_has_no_milestones() -> None:
    with pytest.raises(Refused, match="records every step"):
        reach(vetted(detail="full"), "initiated", "new")


def test_no_milestone_is_recorded_of_a_placement_that_is_over() -> None:
    placement = vetted("NS-S", selection__application__status="placed")
    Opening.objects.filter(pk=placement.opening.pk).update(seats_filled=1)
    hr = staff(placement, "hr_specialist")
    record_fall_through(placement=placement, reason_code="withdrew", by=hr)
    with pytest.raises(Refused, match="This placement is over"):
        reach(placement, "initiated", "new")


def test_only_a_security_officer_of_the_whole_agency_chooses_how_vetting_is_recorded() -> None:
    placement = vetted()
    pledge = AgencyParticipation.objects.get(agency=placement.opening.agency)
    for stranger in (staff(placement, "hr_specialist"), agency_member("security_officer")):
        with pytest.raises(NotPermitted):
            choose_vetting_detail(participation=pledge, detail="full", by=stranger)
    pledge.refresh_from_db()
    assert pledge.vetting_detail == "milestones"


def test_neither_another_office_nor_the_person_records_a_milestone() -> None:
    placement = vetted()
    for stranger in (
        staff(placement, "hr_specialist"),
        agency_member("security_officer"),
        opm_staff("case_manager"),
    ):
        with pytest.raises(NotPermitted):
            reach(placement, "initiated", "new", by=stranger)
    own = placement.applicant.user
    AgencyMembershipFactory(user=own, agency=placement.opening.agency, role="security_officer")
    with pytest.raises(NotPermitted):
        reach(placement, "initiated", "new", by=User.objects.get(pk=own.pk))
    assert not ChecklistItem.objects.filter(
        checklist__placement=placement, code="V05", status="done"
    ).exists()
