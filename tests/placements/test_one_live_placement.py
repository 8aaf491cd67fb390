"""I3: one live placement a person, at any date."""

import datetime
from contextlib import ExitStack

import pytest

from placements.models import Offer, Placement
from placements.services import accept_offer
from techforce.core.calendar import today
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import QualifiedApplicationFactory
from tests.factories.placements import (
    ActivePlacementFactory,
    EndedPlacementFactory,
    OfferFactory,
    PlacementFactory,
    SelectionFactory,
    SentOfferFactory,
)
from tests.parallel import at_once
from tests.placements.attacks import refused, without_index

OFFERS = 32


def offers_to_one_person(count: int) -> list[Offer]:
    application = QualifiedApplicationFactory()
    openings = [PublishedOpeningFactory(cohort=application.cohort) for _ in range(count)]
    return [
        SentOfferFactory(
            selection=SelectionFactory(application=application, opening=opening, status="offered")
        )
        for opening in openings
    ]


def insert_placement(offer: Offer) -> None:
    """Past every service, as a bug would do it, under a mechanism whose terms nobody adds up."""
    PlacementFactory(selection=offer.selection, appointment_mechanism="other")


@pytest.mark.django_db(transaction=True)
def test_of_32_offers_accepted_at_once_one_becomes_a_placement() -> None:
    with without_index("one_tentative_offer_a_person", "placements_offer"):
        offers = offers_to_one_person(OFFERS)
        person = offers[0].applicant.user
        at_once(OFFERS, lambda n: accept_offer(offer=offers[n], by=person))
        assert Placement.objects.live().count() == 1
        assert sum(Offer.objects.values_list("opening__seats_filled", flat=True)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_alone_lets_one_of_32_through() -> None:
    with without_index("one_tentative_offer_a_person", "placements_offer"):
        offers = offers_to_one_person(OFFERS)
        at_once(OFFERS, lambda n: insert_placement(offers[n]))
        assert Placement.objects.live().count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_index_and_exclusion_more_get_through() -> None:
    with ExitStack() as off:
        off.enter_context(without_index("one_tentative_offer_a_person", "placements_offer"))
        for name in ("one_live_placement_a_person", "one_placement_a_person_and_day"):
            off.enter_context(without_index(name, "placements_placement"))
        offers = offers_to_one_person(2)
        at_once(2, lambda n: insert_placement(offers[n]))
        assert Placement.objects.live().count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_offer_accepted_by_32_presses_takes_one_seat() -> None:
    offer = SentOfferFactory()
    at_once(OFFERS, lambda n: accept_offer(offer=Offer.objects.get(pk=offer.pk), by=offer.applicant.user))
    offer.opening.refresh_from_db()
    assert (Placement.objects.count(), offer.opening.seats_filled) == (1, 1)


@pytest.mark.django_db
def test_services_never_overlap_not_even_ended_ones() -> None:
    ended = EndedPlacementFactory()
    with refused("one_placement_a_person_and_day"):
        ActivePlacementFactory(
            selection__application=ended.selection.application,
            selection__opening__cohort=ended.cohort,
            starts_on=ended.ended_on,
        )


@pytest.mark.django_db
def test_service_may_begin_the_day_after_the_last_one() -> None:
    ended = EndedPlacementFactory()
    following = ActivePlacementFactory(
        selection__application=ended.selection.application,
        selection__opening__cohort=ended.cohort,
        starts_on=ended.ended_on + datetime.timedelta(days=1),
    )
    assert following.starts_on <= today()


@pytest.mark.django_db
def test_a_second_tentative_offer_waits_for_the_answer_to_the_first() -> None:
    sent = SentOfferFactory()
    other = PublishedOpeningFactory(cohort=sent.cohort)
    selection = SelectionFactory(application=sent.selection.application, opening=other, status="offered")
    OfferFactory(selection=selection)
    with refused("one_tentative_offer_a_person"):
        SentOfferFactory(selection=selection)
