"""I16: whoever handed a step in does not verify it, by whatever way. Which steps are an office's own word is a list."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from placements.models import ChecklistItem, Placement
from placements.services import (
    complete_item,
    excuse_item,
    find_not_met,
    hand_in_items,
    read_seed,
    record_milestone,
    start_due_process,
)
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.workflow import writer
from tests.factories.agencies import AgencyMembershipFactory
from tests.placements.agency_room import MANAGER, SECURITY, SUPERVISOR, desk
from tests.placements.attacks import refused
from tests.placements.people import words_of
from tests.placements.starting import staff
from tests.placements.test_delegation import carrier_of
from tests.placements.vetting_desk import reference_of, step, vetted
from tests.techforce.desk import Desk

SENTENCE = "Someone else has to check this, because you handed it in."
OWN_WORD = {
    "vetting": {"V03", "V04", "V05", "V07", "V10", "V11", "V12", "V19", "V22", "V23", "V24", "V25"},
    "leave_of_absence": {"A04", "A07", "A08", "A10", "A18", "A20", "A22", "A23", "A27", "A28", "A29"},
    "separation": {"A04", "A07", "A08", "A10", "A18", "A20", "A22", "A23", "A27", "A28", "A29"},
    "outside": {"C01", "C03", "C05", "C06", "C08", "C11", "C12"},
}
"""Done and recorded by the same office, so that its word is the record: what it sighted, decided, sent or said."""

pytestmark = pytest.mark.django_db


def handed_in(code: str = "V08") -> tuple[ChecklistItem, User]:
    """By a hiring manager who is a security officer too."""
    placement = vetted("M", detail="full")
    both = staff(placement, MANAGER)
    AgencyMembershipFactory(user=both, agency=placement.opening.agency, role=SECURITY)
    both = User.objects.get(pk=both.pk)
    (item,) = hand_in_items(items=[step(placement, code)], by=both)
    return item, both


def complete(item: ChecklistItem, by: User) -> Any:
    return complete_item(item=item, outcome="recorded", effective_on=today(), by=by)


def test_whoever_handed_it_in_does_not_record_or_excuse_it_and_a_colleague_does() -> None:
    item, both = handed_in()
    with pytest.raises(Refused, match=SENTENCE):
        complete(item, both)
    with pytest.raises(Refused, match=SENTENCE):
        excuse_item(item=item, authority="Decision 7", by=both)
    complete(item, staff(item.checklist.placement, SECURITY))
    assert (item.status, item.submitted_by) == ("done", both)


def test_nor_whoever_carries_their_duties_or_gave_them_theirs() -> None:
    item, both = handed_in()
    placement = item.checklist.placement
    officer = staff(placement, SECURITY)
    for other in (carrier_of(both), carrier_of(both, officer)):
        with pytest.raises(Refused, match=SENTENCE):
            complete(item, other)
    giver = staff(placement, SECURITY)
    carrier_of(giver, both)
    with pytest.raises(Refused, match=SENTENCE):
        complete(item, User.objects.get(pk=giver.pk))


def of_two_offices() -> tuple[ChecklistItem, User]:
    """A step of the supervisor which nobody handed in, and a supervisor who is a security officer too."""
    placement = vetted("M", detail="full")
    both = staff(placement, SUPERVISOR)
    AgencyMembershipFactory(user=both, agency=placement.opening.agency, role=SECURITY)
    return step(placement, "V26"), User.objects.get(pk=both.pk)


def test_who_does_it_in_one_role_does_not_record_it_alone_in_another() -> None:
    item, both = of_two_offices()
    with pytest.raises(Refused, match="because doing it is a duty of yours too"):
        complete(item, both)
    elsewhere = staff(item.checklist.placement, SECURITY)
    AgencyMembershipFactory(user=elsewhere, role=SUPERVISOR)
    complete(item, User.objects.get(pk=elsewhere.pk))
    assert item.status == "done"


def test_once_somebody_else_handed_it_in_they_record_it() -> None:
    item, both = of_two_offices()
    hand_in_items(items=[item], by=staff(item.checklist.placement, SUPERVISOR))
    item.refresh_from_db()
    complete(item, both)
    assert item.status == "done"


def in_bulk(seat: Desk, item: ChecklistItem) -> Any:
    return seat.post(
        "/agency/steps/record/", {"item": [item.public_id], "effective_on": today()}, follow=True
    )


def by_row(seat: Desk, item: ChecklistItem) -> Any:
    row = "\t".join([reference_of(item.checklist.placement), item.code, str(today())])
    return seat.post("/agency/import/", {"text": row, "wish": "record"})


def test_nor_do_they_find_it_not_met_after_due_process() -> None:
    item, both = handed_in()
    colleague = staff(item.checklist.placement, SECURITY)
    start_due_process(item=item, by=colleague)
    with pytest.raises(Refused, match=SENTENCE):
        find_not_met(item=item, by=both)
    found = find_not_met(item=item, by=colleague)
    assert (found.status, found.recorded_by) == ("not_met", colleague)


@pytest.mark.parametrize("way", [in_bulk, by_row])
def test_several_at_once_and_rows_ask_the_same(way: Callable[[Desk, ChecklistItem], Any]) -> None:
    item, both = handed_in()
    assert SENTENCE in words_of(way(Desk(both), item))
    item.refresh_from_db()
    assert item.status == "submitted"
    way(desk(SECURITY, item.checklist.placement.opening), item)
    item.refresh_from_db()
    assert item.status == "done"


def test_a_milestone_covers_no_step_that_was_handed_in_by_whoever_records_it() -> None:
    placement: Placement = vetted("M")
    officer = staff(placement, SECURITY)
    hand_in_items(items=[step(placement, "V02")], by=officer)
    facts = {"milestone": "initiated", "outcome": "new", "effective_on": today()}
    with pytest.raises(Refused, match=SENTENCE):
        record_milestone(placement=placement, by=officer, **facts)  # type: ignore[arg-type]
    assert step(placement, "V05").status == "not_started"
    record_milestone(placement=placement, by=staff(placement, SECURITY), **facts)  # type: ignore[arg-type]
    assert step(placement, "V02").status == "done"


def test_the_database_holds_it_by_itself() -> None:
    item, both = handed_in()
    row = ChecklistItem.objects.filter(pk=item.pk)
    with refused("item_verified_by_another"), transaction.atomic():
        row.update(recorded_by=both)
    with refused("item_submitted_by_someone"), transaction.atomic():
        row.update(submitted_by=None)
    row.update(recorded_by=staff(item.checklist.placement, SECURITY))


def test_without_the_guard_a_carrier_gets_through_and_the_same_person_meets_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control of the tests above."""
    monkeypatch.setitem(writer._GUARDS, "placements.verified_by_another", lambda rows, change: {})
    item, both = handed_in()
    with refused("item_verified_by_another"):
        complete(item, both)
    complete(item, carrier_of(both))
    assert item.status == "done"


def test_only_these_steps_are_the_word_of_the_office_that_does_them() -> None:
    """A step of the person, of the company or of anybody else outside is never among them."""
    found: dict[str, set[str]] = {}
    for template in read_seed():
        own = {one.code for one in template.steps if one.owner == one.recorder and not one.decided_by}
        found.setdefault(template.kind, set()).update(own)
    assert found == OWN_WORD
