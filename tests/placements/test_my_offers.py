"""An offer as the person reads it, and the answer."""

from typing import Any

import pytest
from django.utils import timezone

from agencies.models import Opening
from applicants.services import request_withdrawal
from placements.models import Offer, Placement, Selection
from placements.services import accept_offer, pause_offer_clock, withdraw_offer
from placements.services.standing import words
from tests.factories import placements as made
from tests.factories.accounts import UserFactory
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import QualifiedApplicationFactory
from tests.placements.people import DAY, client_of, member_client, offer_in, read, words_of

pytestmark = pytest.mark.django_db


def path_of(offer: Offer, answer: str = "") -> str:
    return f"/my/offers/{offer.public_id}/{answer}"


def accept(offer: Offer, client: Any = None) -> Any:
    """Reads the page that asks once more, and presses its button."""
    client = client or client_of(offer.applicant.user)
    return client.post(path_of(offer, "accept/"), {"version": offer.version}, follow=True)


def test_a_tentative_offer_says_what_it_is_in_plain_words() -> None:
    offer = made.SentOfferFactory()
    page = read(offer.applicant.user, path_of(offer))
    assert "$150,000 a year" in page
    assert "Do not resign until the firm offer" in page
    assert "Software Engineer" in page
    assert "Washington, DC" in page
    assert "24 months, until" in page
    assert "ET" in page


def test_a_firm_offer_says_that_notice_may_be_given() -> None:
    offer = offer_in("sent", kind="firm")
    page = read(offer.applicant.user, path_of(offer))
    assert "you can give notice at your present job" in page
    assert "Do not resign" not in page


@pytest.mark.parametrize(("kind", "status"), [k for k in words.OFFER if k[1] not in ("draft", "sent")])
def test_an_offer_that_is_over_says_so_and_offers_no_answer(kind: str, status: str) -> None:
    offer = offer_in(status, kind)
    page = read(offer.applicant.user, path_of(offer))
    assert str(words.OFFER[kind, status].sentence) in page
    assert "Your answer" not in page


def test_an_offer_whose_time_is_over_cannot_be_accepted() -> None:
    offer = made.SentOfferFactory(sent_at=timezone.now() - 6 * DAY, response_due_at=timezone.now() - DAY)
    assert "Write to the agency if you still want the position" in read(offer.applicant.user, path_of(offer))
    answer = accept(offer)
    assert answer.status_code == 422
    assert "The time for the answer is over" in words_of(answer)


def test_while_a_question_is_open_the_time_stands_still() -> None:
    offer = made.SentOfferFactory()
    pause_offer_clock(offer=offer, by=offer.applicant.user)
    assert "stands still" in read(offer.applicant.user, path_of(offer))


def test_accepting_asks_once_more_and_leads_to_what_comes_next() -> None:
    offer = made.SentOfferFactory()
    assert "Accept the offer: Software Engineer?" in read(offer.applicant.user, path_of(offer, "accept/"))
    page = words_of(accept(offer))
    assert "You accepted the offer" in page
    assert "Your service" in page
    assert Placement.objects.get().applicant == offer.applicant


def test_a_double_click_is_one_acceptance_and_no_error() -> None:
    offer = made.SentOfferFactory(selection__opening__seats=1)
    client = client_of(offer.applicant.user)
    pages = [words_of(accept(offer, client)) for _click in range(2)]
    assert all("You accepted the offer" in page for page in pages)
    assert (Placement.objects.count(), Opening.objects.get(pk=offer.opening_id).seats_filled) == (1, 1)


def test_an_offer_that_the_agency_took_back_meanwhile_is_not_accepted() -> None:
    offer = made.SentOfferFactory()
    hr = agency_member(agency=offer.opening.agency)
    withdraw_offer(offer=Offer.objects.get(pk=offer.pk), reason_code="error_corrected", by=hr)
    page = words_of(accept(offer))
    assert "This offer has moved on in the meantime" in page
    assert "The agency took this tentative offer back" in page


def test_an_offer_that_changed_after_it_was_read_is_not_accepted() -> None:
    offer = made.SentOfferFactory()
    Offer.objects.filter(pk=offer.pk).update(version=offer.version + 1)
    answer = accept(offer)
    assert answer.status_code == 409
    assert "changed this record" in words_of(answer)
    assert not Placement.objects.exists()


def test_the_last_seat_that_somebody_else_took_is_a_sentence() -> None:
    offer = made.SentOfferFactory(selection__opening__seats=1)
    other = made.SentOfferFactory(selection=made.SelectionFactory(opening=offer.opening, status="offered"))
    accept(offer)
    answer = accept(other)
    assert answer.status_code == 409
    assert "The last seat of this opening has just been taken" in words_of(answer)


def test_a_second_offer_beside_an_accepted_one_is_a_sentence_and_can_be_declined() -> None:
    application = QualifiedApplicationFactory()
    selections = [
        made.SelectionFactory(
            application=application,
            opening=PublishedOpeningFactory(cohort=application.cohort),
            status="offered",
        )
        for _n in range(2)
    ]
    first = made.SentOfferFactory(selection=selections[0])
    accept(first)
    second = made.SentOfferFactory(selection=Selection.objects.get(pk=selections[1].pk))
    page = read(second.applicant.user, path_of(second))
    assert "You have already accepted another position" in page
    answer = accept(second)
    assert answer.status_code == 409
    assert "Withdraw from it before you accept this one" in words_of(answer)
    client = client_of(second.applicant.user)
    page = words_of(client.post(path_of(second, "decline/"), {"reason_code": "other_offer"}, follow=True))
    assert "You declined the offer" in page


def test_who_asked_to_withdraw_is_told_to_undo_it_first() -> None:
    offer = made.SentOfferFactory()
    request_withdrawal(application=offer.selection.application, by=offer.applicant.user)
    answer = accept(offer)
    assert answer.status_code == 422
    assert "Undo the withdrawal before you accept" in words_of(answer)


def test_declining_asks_why_and_may_stay_silent() -> None:
    offer = made.SentOfferFactory()
    client = client_of(offer.applicant.user)
    assert "I would rather not say" in words_of(client.get(path_of(offer, "decline/")))
    for _click in range(2):
        answer = client.post(path_of(offer, "decline/"), {"reason_code": "no_reason"}, follow=True)
        assert "You declined the offer" in words_of(answer)
    offer.refresh_from_db()
    assert (offer.status, Selection.objects.get(pk=offer.selection_id).status) == ("declined", "declined")


def test_declining_without_a_reason_is_asked_again() -> None:
    offer = made.SentOfferFactory()
    answer = client_of(offer.applicant.user).post(path_of(offer, "decline/"), {})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()


def test_a_firm_offer_is_accepted_too() -> None:
    tentative = made.SentOfferFactory()
    accept_offer(offer=tentative, by=tentative.applicant.user)
    firm = made.SentOfferFactory(selection=Selection.objects.get(pk=tentative.selection_id), kind="firm")
    assert "You accepted the firm offer" in words_of(accept(firm))


@pytest.mark.parametrize("answer", ["", "accept/", "decline/"])
def test_an_offer_opens_to_its_person_only(answer: str) -> None:
    offer = made.SentOfferFactory()
    draft = made.OfferFactory()
    for client in (client_of(UserFactory()), member_client(offer)):
        assert client.get(path_of(offer, answer)).status_code == 404
        assert client.post(path_of(offer, answer)).status_code == (404 if answer else 405)
    assert client_of(draft.applicant.user).get(path_of(draft, answer)).status_code == 404
    assert Offer.objects.get(pk=offer.pk).status == "sent"
