"""What OPM's case managers do with placements and with the steps that are OPM's own, in the admin."""

import datetime
from typing import Any

import pytest

from placements.models import Placement
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    return at_desk(OpmRole.CASE_MANAGER)


def at_desk(*roles: str) -> Desk:
    desk = Desk(opm_staff(*roles))
    desk.raise_request_exception = True
    return desk


def act(row: Any, name: str) -> str:
    return f"/admin/placements/{row._meta.model_name}/{row.pk}/act/{name}/"


def test_a_placement_is_closed_with_what_became_of_the_person(desk: Desk) -> None:
    placement = made.EndedPlacementFactory()
    assert desk.post(act(placement, "close"), {"outcome": "rich"}).status_code == 422

    assert desk.post(act(placement, "close"), {"outcome": "stayed_in_government"}).status_code == 302

    placement.refresh_from_db()
    assert (placement.status, placement.outcome) == ("closed", "stayed_in_government")


def test_an_early_end_has_a_day_of_service_and_a_reason(desk: Desk) -> None:
    placement = made.ActivePlacementFactory(starts_on=today() - 30 * DAY)
    page = act(placement, "curtail")
    for day in (today() + DAY, today() - 31 * DAY):
        answer = desk.post(page, {"ended_on": day.isoformat(), "reason": "resigned"})
        assert answer.status_code == 422
        assert day.isoformat() in answer.content.decode()
    assert desk.post(page, {"ended_on": today().isoformat()}).status_code == 422

    desk.post(page, {"ended_on": today().isoformat(), "reason": "resigned"})

    placement.refresh_from_db()
    assert (placement.status, placement.ended_on) == ("curtailed", today())


def test_nothing_more_is_asked_of_a_placement_that_fell_through(desk: Desk) -> None:
    placement = made.PlacementFactory(
        selection__opening__seats_filled=1, selection__application__status="placed"
    )
    own = {"checklist": made.ChecklistFactory(placement=placement)}
    done = made.DoneItemFactory(step__code="C02", **own)
    asked = made.ChecklistItemFactory(step__code="C03", **own)
    waits = made.ChecklistItemFactory(step__code="C05", status="blocked", waiting_on="candidate", **own)

    desk.post(act(placement, "fall_through"), {"reason_code": "no_show"})

    for item in (done, asked, waits):
        item.refresh_from_db()
    assert [item.status for item in (done, asked, waits)] == ["done", "cancelled", "cancelled"]


def test_a_placement_that_fell_through_frees_the_seat(desk: Desk) -> None:
    placement = made.PlacementFactory(
        selection__opening__seats_filled=1, selection__application__status="placed"
    )
    desk.post(act(placement, "fall_through"), {"reason_code": "no_show"})
    placement.refresh_from_db(), placement.opening.refresh_from_db()
    assert (placement.status, placement.opening.seats_filled) == ("fell_through", 0)


def test_a_transfer_leads_to_another_opening_of_the_cohort(desk: Desk) -> None:
    placement = made.ActivePlacementFactory(starts_on=today() - 30 * DAY, selection__opening__seats_filled=1)
    following = PublishedOpeningFactory(cohort=placement.cohort)
    data = {"opening": following.pk, "starts_on": (today() + 10 * DAY).isoformat()}
    elsewhere = {**data, "opening": PublishedOpeningFactory().pk}
    assert desk.post(act(placement, "transfer"), elsewhere).status_code == 422

    assert desk.post(act(placement, "transfer"), data).status_code == 302

    assert Placement.objects.get(transferred_from=placement).opening == following


@pytest.mark.parametrize("role", [OpmRole.PROGRAM_MANAGER, OpmRole.AUDITOR])
def test_others_close_nothing(role: str) -> None:
    placement, desk = made.EndedPlacementFactory(), at_desk(role)
    page = desk.get(f"/admin/placements/placement/{placement.pk}/change/").content.decode()
    assert "Next step" not in page
    desk.post(act(placement, "close"), {"outcome": "left"})
    placement.refresh_from_db()
    assert placement.status == "completed"


def opm_item(**fields: Any) -> Any:
    return made.ChecklistItemFactory(
        step__code="A29", step__owner_role="opm", step__recorder_role="opm", **fields
    )


def test_a_step_of_opm_is_recorded_with_its_outcome_and_day(desk: Desk) -> None:
    item = opm_item()
    page = act(item, "complete")
    for wrong in ({"outcome": "guessed"}, {"effective_on": (today() + DAY).isoformat()}):
        data = {"outcome": "recorded", "effective_on": today().isoformat(), **wrong}
        assert desk.post(page, data).status_code == 422

    desk.post(page, {"outcome": "recorded", "effective_on": today().isoformat(), "reference": "R-1"})

    item.refresh_from_db()
    assert (item.status, item.outcome, item.external_reference) == ("done", "recorded", "R-1")


def test_a_step_waits_for_a_party_and_goes_on(desk: Desk) -> None:
    item = opm_item()
    desk.post(act(item, "block"), {"waiting_on": "candidate"})
    item.refresh_from_db()
    assert (item.status, item.waiting_on) == ("blocked", "candidate")

    desk.post(act(item, "unblock"))

    item.refresh_from_db()
    assert (item.status, item.waiting_on) == ("requested", "")


def test_a_step_of_the_agency_is_not_opms_to_record(desk: Desk) -> None:
    item = made.ChecklistItemFactory()
    desk.post(act(item, "complete"), {"outcome": "recorded", "effective_on": today().isoformat()})
    item.refresh_from_db()
    assert item.status == "not_started"
