"""Several ethics steps sent at once by somebody who means ill, or whose page is old: nothing is recorded that one step
alone would not let them record."""

import uuid
from collections.abc import Iterable
from typing import Any

import pytest

from placements.models import ChecklistItem, Placement
from placements.services import begin_review_of_item, complete_item, hand_in_items, send_item_back
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.models import AuditEvent
from tests.factories.accounts import DelegationFactory
from tests.factories.agencies import AgencyMembershipFactory, OfficeFactory, agency_member
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.people import words_of
from tests.placements.starting import staff
from tests.placements.vetting_desk import step, vetted
from tests.techforce.desk import Desk

RECORD = "/agency/steps/record/"
NOTHING = "Choose at least one step that you record."

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement() -> Placement:
    return vetted("L", detail="full")


def send(seat: Desk, items: Iterable[Any], **answers: Any) -> Any:
    keys = [getattr(item, "public_id", item) for item in items]
    answer: Any = seat.post(RECORD, {"item": keys, "effective_on": today(), **answers}, follow=True)
    return answer


def outcome(item: ChecklistItem, word: str) -> dict[str, str]:
    return {f"outcome-{item.public_id}": word}


def recorded() -> int:
    return AuditEvent.objects.filter(action="placements.checklistitem:complete").count()


def decided(placement: Placement) -> ChecklistItem:
    """A step of the ethics official's own, without a condition."""
    return step(placement, "C06")


def test_a_foreign_agencys_steps_are_not_on_the_page_beside_ones_own(placement: Placement) -> None:
    foreign = decided(vetted("L", detail="full"))
    own = decided(placement)
    seat = desk(ETHICS, placement.opening)
    assert NOTHING in words_of(send(seat, [foreign], **outcome(foreign, "files")))
    send(seat, [own, foreign], **outcome(own, "files"), **outcome(foreign, "files"))
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert (own.status, foreign.status, recorded()) == ("done", "not_started", 1)


def test_nor_are_those_of_another_office(placement: Placement) -> None:
    other = agency_member(
        ETHICS, agency=placement.opening.agency, office=OfficeFactory(agency=placement.opening.agency)
    )
    item = decided(placement)
    assert NOTHING in words_of(send(Desk(other), [item], **outcome(item, "files")))
    assert recorded() == 0


@pytest.mark.parametrize("is_deputy", [False, True])
def test_nobody_records_steps_about_themselves_nor_about_whoever_lent_them_the_role(
    placement: Placement, is_deputy: bool
) -> None:
    person: Any = placement.applicant.user
    AgencyMembershipFactory(user=person, agency=placement.opening.agency, role=ETHICS)
    official: Any = person
    if is_deputy:
        official = staff(placement, ETHICS)
        DelegationFactory(giver=person, taker=official)
    item = decided(placement)
    answer = send(Desk(User.objects.get(pk=official.pk)), [item], **outcome(item, "files"))
    assert NOTHING in words_of(answer)
    assert recorded() == 0


def test_what_somebody_handed_in_somebody_else_records(placement: Placement) -> None:
    """A member who does and records the same step."""
    item = step(placement, "C01")
    seat = desk(HR, placement.opening)
    hand_in_items(items=[item], by=seat.user)
    answer = send(seat, [item])
    assert (answer.status_code, recorded()) == (422, 0)
    assert "because you handed it in" in words_of(answer)


@pytest.mark.parametrize("role", [SECURITY, MANAGER, APPROVER, SUPERVISOR, VIEWER])
def test_another_role_records_no_ethics_step(placement: Placement, role: str) -> None:
    item = decided(placement)
    answer = send(desk(role, placement.opening), [item], **outcome(item, "files"))
    assert NOTHING in words_of(answer)
    assert recorded() == 0


def test_the_ethics_official_records_no_step_of_vetting_nor_one_decided_elsewhere(
    placement: Placement,
) -> None:
    seat = desk(ETHICS, placement.opening)
    elsewhere = ChecklistItem.objects.filter(checklist__placement=placement).exclude(step__decided_by="")
    assert elsewhere.exists()
    assert NOTHING in words_of(send(seat, [step(placement, "V05"), *elsewhere]))
    assert recorded() == 0


def test_five_hundred_are_refused_whole(placement: Placement) -> None:
    item = decided(placement)
    keys = [item.public_id, *(uuid.uuid4() for _number in range(499))]
    answer = send(desk(ETHICS, placement.opening), keys, **outcome(item, "files"))
    assert "Choose at most 50 steps at once." in words_of(answer)
    assert recorded() == 0


def test_the_same_step_many_times_is_recorded_once(placement: Placement) -> None:
    item = decided(placement)
    spellings = [
        str(item.public_id),
        str(item.public_id).upper(),
        f"{{{item.public_id}}}",
        item.public_id.hex,
    ]
    send(desk(ETHICS, placement.opening), spellings * 10, **outcome(item, "files"))
    item.refresh_from_db()
    assert (item.outcome, recorded()) == ("files", 1)


@pytest.mark.parametrize("key", ["", "1 OR 1=1", "\x00", "é" * 40, "null", "0" * 5000])
def test_what_is_no_key_is_left_out(placement: Placement, key: str) -> None:
    assert NOTHING in words_of(send(desk(ETHICS, placement.opening), [key]))


def test_a_page_that_is_old_records_nothing_until_it_is_looked_at_again(placement: Placement) -> None:
    item = decided(placement)
    seat, colleague = desk(ETHICS, placement.opening), staff(placement, ETHICS)
    seen = {f"version-{item.public_id}": item.version, **outcome(item, "files")}
    assert (
        f'name="version-{item.public_id}" value="{item.version}"'
        in seat.get(RECORD, {"item": str(item.public_id)}).content.decode()
    )
    begin_review_of_item(item=item, by=colleague)
    answer = send(seat, [item], **seen)
    assert (answer.status_code, recorded()) == (422, 0)
    page = answer.content.decode()
    assert "Someone else changed this record" in page
    assert "(Under review)" in page
    item.refresh_from_db()
    assert f'name="version-{item.public_id}" value="{item.version}"' in page
    send(seat, [item], **seen | {f"version-{item.public_id}": item.version})
    assert recorded() == 1


def test_a_step_that_a_colleague_returned_in_the_meantime_stays_returned(placement: Placement) -> None:
    item = decided(placement)
    seat, colleague = desk(ETHICS, placement.opening), staff(placement, ETHICS)
    begin_review_of_item(item=item, by=colleague)
    seen = {f"version-{item.public_id}": item.version, **outcome(item, "files")}
    send_item_back(item=item, reason_code="incomplete", by=colleague)
    send(seat, [item], **seen)
    item.refresh_from_db()
    assert (item.status, recorded()) == ("returned", 0)


def test_what_is_recorded_already_is_not_recorded_over(placement: Placement) -> None:
    item = decided(placement)
    complete_item(item=item, outcome="files", effective_on=today(), by=staff(placement, ETHICS))
    answer = send(desk(ETHICS, placement.opening), [item], **outcome(item, "does_not_file"))
    item.refresh_from_db()
    assert (answer.status_code, item.outcome, recorded()) == (422, "files", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"effective_on": ""},
        {"effective_on": "tomorrow"},
        {"effective_on": "9999-12-31"},
        {"effective_on": "0001-01-01"},
        {"outcome": ""},
        {"outcome": "done"},
        {"reference": "x" * 121},
        {"reference": "123-45-6789"},
        {"reference": "CASE\x007"},
        {"version": "-1"},
        {"version": "9" * 30},
    ],
)
def test_a_day_an_outcome_or_evidence_that_is_missing_or_wrong_records_nothing_of_it(
    placement: Placement, wrong: dict[str, str]
) -> None:
    item = decided(placement)
    answers: dict[str, Any] = {"effective_on": today(), "outcome": "files", "reference": "", **wrong}
    own = {f"{name}-{item.public_id}": value for name, value in answers.items() if name != "effective_on"}
    seat = desk(ETHICS, placement.opening)
    answer = seat.post(RECORD, {"item": item.public_id, "effective_on": answers["effective_on"], **own})
    assert (answer.status_code, recorded()) == (422, 0)


def test_without_the_field_of_its_evidence_what_was_on_file_stays(placement: Placement) -> None:
    item = decided(placement)
    ChecklistItem.objects.filter(pk=item.pk).update(external_reference="MEMO-7")
    send(desk(ETHICS, placement.opening), [item], **outcome(item, "files"))
    item.refresh_from_db()
    assert (item.status, item.external_reference) == ("done", "MEMO-7")


def test_the_workbench_itself_takes_nothing(placement: Placement) -> None:
    item = decided(placement)
    answer = desk(ETHICS, placement.opening).post("/agency/ethics/", {"item": item.public_id})
    assert (answer.status_code, recorded()) == (405, 0)
