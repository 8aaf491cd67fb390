"""Two people have the same step open, or one person in two tabs: whoever is second is shown both, and nothing is
overwritten silently."""

import re
from typing import Any

import pytest

from placements import services
from placements.models import ChecklistItem
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.parallel import at_once
from tests.placements.agency_room import ETHICS, desk
from tests.placements.people import words_of
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


def open_step(**fields: object) -> ChecklistItem:
    return made.ChecklistItemFactory(  # type: ignore[no-any-return]
        checklist=made.ChecklistFactory(placement=made.PlacementFactory()),
        step__outcomes=["all_no", "some_yes"],
        step__accepted_outcomes=["all_no", "some_yes"],
        **fields,
    )


def version_on(page: Any) -> str:
    found = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert found
    return found[1]


def press(seat: Desk, address: str, version: str, outcome: str, reference: str) -> Any:
    return seat.post(
        address,
        {
            "version": version,
            "outcome": outcome,
            "effective_on": today().isoformat(),
            "reference": reference,
        },
    )


def test_of_two_who_record_the_same_step_the_second_reads_both() -> None:
    item = open_step()
    first, second = (desk(ETHICS, item.checklist.placement.opening) for _seat in range(2))
    address = f"/agency/steps/{item.public_id}/complete/"
    seen = [version_on(seat.get(address)) for seat in (first, second)]
    assert press(first, address, seen[0], "all_no", "F-1").status_code == 302
    answer = press(second, address, seen[1], "some_yes", "F-2")
    page = words_of(answer)
    assert answer.status_code == 409
    assert "Somebody else changed this while you had it open" in page
    now, mine = page.split("What you entered")
    assert "F-1" in now
    assert str(first.user) in now
    assert "F-2" in mine
    item.refresh_from_db()
    assert (item.outcome, item.external_reference, item.recorded_by) == ("all_no", "F-1", first.user)


def test_a_step_that_was_returned_meanwhile_is_recorded_only_with_both_in_view() -> None:
    """Recorded and returned, it is open again: without the version the old answer would pass."""
    item = open_step()
    seat = desk(ETHICS, item.checklist.placement.opening)
    address = f"/agency/steps/{item.public_id}/complete/"
    seen = version_on(seat.get(address))
    done = services.complete_item(item=item, outcome="all_no", effective_on=today(), by=seat.user)
    services.send_item_back(item=done, reason_code="incorrect", by=seat.user)
    answer = press(seat, address, seen, "some_yes", "F-2")
    assert answer.status_code == 409
    assert "Status Returned" in words_of(answer)
    assert ChecklistItem.objects.get().status == "returned"
    assert press(seat, address, version_on(answer), "some_yes", "F-2").status_code == 302
    assert ChecklistItem.objects.get().outcome == "some_yes"


def test_a_wrong_answer_keeps_the_version_that_was_looked_at() -> None:
    item = open_step()
    seat = desk(ETHICS, item.checklist.placement.opening)
    address = f"/agency/steps/{item.public_id}/complete/"
    seen = version_on(seat.get(address))
    services.begin_review_of_item(item=item, by=seat.user)
    wrong = press(seat, address, seen, "", "F-2")
    assert (wrong.status_code, version_on(wrong)) == (422, seen)
    assert press(seat, address, version_on(wrong), "all_no", "F-2").status_code == 409


def test_what_is_asked_about_a_step_besides_its_outcome_is_refused_too() -> None:
    item = open_step()
    seat, address = desk(ETHICS, item.checklist.placement.opening), f"/agency/steps/{item.public_id}/block/"
    seen = version_on(seat.get(address))
    services.begin_review_of_item(item=item, by=seat.user)
    answer = seat.post(address, {"version": seen, "waiting_on": "partner"})
    assert answer.status_code == 409
    assert "Partner company" in words_of(answer).split("What you entered")[1]


def test_opm_is_told_on_its_own_page() -> None:
    item = open_step(step__owner_role="opm", step__recorder_role="opm")
    staff = Desk(opm_staff("case_manager"))
    address = f"/admin/placements/checklistitem/{item.pk}/act/complete/"
    found = re.search(r'name="version" value="(\d+)"', staff.get(address).content.decode())
    assert found
    services.request_item(item=item, by=staff.user)
    assert press(staff, address, found[1], "all_no", "F-2").status_code == 409
    assert ChecklistItem.objects.get().status == "requested"


@pytest.mark.django_db(transaction=True)
def test_of_two_presses_at_once_one_records_and_the_other_reads_both() -> None:
    item = open_step()
    seats = [desk(ETHICS, item.checklist.placement.opening) for _seat in range(2)]
    address = f"/agency/steps/{item.public_id}/complete/"
    seen = version_on(seats[0].get(address))
    answers = at_once(
        2, lambda n: press(seats[n], address, seen, ("all_no", "some_yes")[n], f"F-{n}").status_code
    )
    assert sorted(answers) == [302, 409]
