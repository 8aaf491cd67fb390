"""I3, I4: acceptances at the same moment, through the pages as browsers send them."""

from typing import Any

import pytest
from django.test import Client

from agencies.models import Opening
from placements.models import Offer, Placement
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.placements import SelectionFactory, SentOfferFactory
from tests.parallel import at_once
from tests.placements.attacks import without_index
from tests.placements.people import client_of, words_of
from tests.placements.test_one_live_placement import offers_to_one_person

PRESSES = 64

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def press(client: Client, offer: Offer) -> Any:
    return client.post(f"/my/offers/{offer.public_id}/accept/", {"version": offer.version})


def press_all(clients: list[Client], offers: list[Offer]) -> list[Any]:
    return at_once(len(clients), lambda n: press(clients[n], offers[n]))


def codes(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_of_64_people_who_accept_the_last_seat_at_once_one_has_it() -> None:
    opening = PublishedOpeningFactory(seats=1)
    offers = [
        SentOfferFactory(selection=SelectionFactory(opening=opening, status="offered"))
        for _n in range(PRESSES)
    ]
    answers = press_all([client_of(offer.applicant.user) for offer in offers], offers)
    assert codes(answers) == [302, *[409] * (PRESSES - 1)]
    assert all(
        "The last seat of this opening has just been taken" in words_of(answer)
        for answer in answers
        if answer.status_code == 409
    )
    assert Placement.objects.count() == Opening.objects.get(pk=opening.pk).seats_filled == 1
    assert Offer.objects.filter(status="accepted").count() == 1


def test_of_two_offers_that_one_person_accepts_at_once_one_becomes_a_placement() -> None:
    with without_index("one_tentative_offer_a_person", "placements_offer"):
        offers = offers_to_one_person(2)
        person = offers[0].applicant.user
        answers = press_all([client_of(person) for _offer in offers], offers)
        assert codes(answers) == [302, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert "You have already accepted another position" in words_of(refused)
        assert Placement.objects.count() == 1
        assert sum(Offer.objects.values_list("opening__seats_filled", flat=True)) == 1


def test_64_presses_on_one_offer_are_one_acceptance_and_no_error() -> None:
    offer = SentOfferFactory(selection__opening__seats=1)
    clients = [client_of(offer.applicant.user) for _n in range(PRESSES)]
    answers = press_all(clients, [offer] * PRESSES)
    assert codes(answers) == [302] * PRESSES
    assert Placement.objects.count() == Opening.objects.get(pk=offer.opening_id).seats_filled == 1
