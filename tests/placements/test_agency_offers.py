"""Offers as HR makes them, and what the rest of the agency sees."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from placements import services
from placements.models import ChecklistItem, Offer, Selection
from techforce.core.calendar import today
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory
from tests.placements.agency_room import APPROVER, HR, MANAGER, desk, placed

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def selected() -> Selection:
    return made.SelectionFactory(status="selected")  # type: ignore[no-any-return]


def draft_address(selection: Selection) -> str:
    return f"/agency/offers/new/{selection.public_id}/"


def answers(rate: int = 150_000) -> dict[str, str]:
    return {"pay_rate": str(rate), "starts_on": (today() + 60 * DAY).isoformat()}


def address_of(offer: Offer) -> str:
    return f"/agency/offers/{offer.public_id}/"


def test_hr_drafts_sends_and_sees_the_answer() -> None:
    selection = selected()
    hr = desk(HR, selection.opening)
    hr.post(draft_address(selection), answers())
    offer = selection.offers.get()
    hr.post(f"{address_of(offer)}send/", {"answer_by": (today() + 5 * DAY).isoformat()})
    offer.refresh_from_db()
    assert (offer.status, offer.pay_rate) == ("sent", Decimal(150_000))
    assert "11:59" in hr.get(address_of(offer)).content.decode()
    services.accept_offer(offer=offer, by=offer.applicant.user)
    assert "Accepted" in hr.get(address_of(offer)).content.decode()
    assert OutboxMessage.objects.filter(template_key="offer_answered", recipient=hr.user).count() == 1


def test_others_of_the_agency_read_offers_and_make_none() -> None:
    offer = made.SentOfferFactory()
    manager = desk(MANAGER, offer.opening)
    assert manager.get(address_of(offer)).status_code == 200
    assert "Withdraw" not in manager.get(address_of(offer)).content.decode()
    assert (
        manager.post(f"{address_of(offer)}withdraw/", {"reason_code": "error_corrected"}).status_code == 404
    )
    assert manager.get(draft_address(selected())).status_code == 404


def test_another_agency_finds_no_offer() -> None:
    offer, seat = made.SentOfferFactory(), desk(HR, PublishedOpeningFactory())
    assert seat.get(address_of(offer)).status_code == 404
    assert seat.post(f"{address_of(offer)}withdraw/", {"reason_code": "error_corrected"}).status_code == 404
    assert seat.get(draft_address(offer.selection)).status_code == 404
    assert str(offer.public_id) not in seat.get("/agency/offers/").content.decode()


@pytest.mark.parametrize(
    ("rate", "sentence"), [(196_000, "The cohort pays"), (138_000, "The opening was published with")]
)
def test_pay_outside_is_refused_with_the_bounds_and_kept(rate: int, sentence: str) -> None:
    selection = selected()
    answer = desk(HR, selection.opening).post(draft_address(selection), answers(rate))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{rate}"' in page


def test_an_exception_on_file_lets_exactly_its_rate_pass() -> None:
    selection = selected()
    hr, approver = desk(HR, selection.opening), desk(APPROVER, selection.opening)
    services.allow_pay_outside_band(
        selection=selection,
        pay_rate=Decimal(196_000),
        authority="5 CFR 531.212",
        reason="Rare.",
        by=approver.user,
    )
    assert hr.post(draft_address(selection), answers(196_500)).status_code == 422
    assert hr.post(draft_address(selection), answers(196_000)).status_code == 302
    assert selection.offers.get().pay_exception is not None


def test_a_past_first_day_or_answer_day_is_refused() -> None:
    selection = selected()
    hr = desk(HR, selection.opening)
    late = hr.post(draft_address(selection), {**answers(), "starts_on": today().isoformat()})
    assert late.status_code == 422
    hr.post(draft_address(selection), answers())
    offer = selection.offers.get()
    assert hr.post(f"{address_of(offer)}send/", {"answer_by": today().isoformat()}).status_code == 422


def test_a_question_stops_the_clock_until_hr_has_answered() -> None:
    offer = made.SentOfferFactory(sent_at=timezone.now() - DAY)
    services.pause_offer_clock(offer=offer, by=offer.applicant.user)
    hr = desk(HR, offer.opening)
    assert "The person asked" in hr.get(address_of(offer)).content.decode()
    hr.post(f"{address_of(offer)}go-on/")
    offer.refresh_from_db()
    assert offer.clock_paused_at is None


def test_a_firm_offer_waits_for_the_open_steps_and_names_them() -> None:
    placement = placed(is_firm=False)
    ChecklistItem.objects.filter(code="C02").delete()
    made.ChecklistItemFactory(checklist=placement.checklists.get(area="ethics"))
    page = desk(HR, placement.opening).get(draft_address(placement.selection)).content.decode()
    assert "The firm offer has to wait" in page
    assert "C02 Short questions" in page
    assert "The person" in page


def test_a_firm_offer_goes_out_when_nothing_stops_it() -> None:
    placement = placed(is_firm=False)
    made.DeterminationFactory(
        selection=placement.selection,
        status="signed",
        signed_result="clear",
        signed_by=placement.applicant.user,
        signed_at=timezone.now(),
    )
    hr = desk(HR, placement.opening)
    hr.post(draft_address(placement.selection), answers())
    offer = placement.selection.offers.get(kind="firm")
    hr.post(f"{address_of(offer)}send/", {"answer_by": (today() + 3 * DAY).isoformat()})
    offer.refresh_from_db()
    assert offer.status == "sent"


def test_the_list_costs_the_same_for_one_and_for_three() -> None:
    costs = []
    for count in (1, 3):
        opening = PublishedOpeningFactory()
        for _number in range(count):
            made.SentOfferFactory(selection__opening=opening)
        seat = desk(HR, opening)
        with CaptureQueriesContext(connection) as caught:
            assert seat.get("/agency/offers/").content.decode().count("<tr>") == count + 1
        costs.append(len(caught))
    assert costs[0] == costs[1]
