"""My application: one sentence that says where a person stands, and what is theirs to do."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from applicants.models import Application, CaseMessage
from applicants.services import ask_for_information, request_withdrawal, withdraw_due
from placements.services.standing import words
from placements.workflow import PLACEMENT
from techforce.accounts.models import OpmRole, User
from tests.factories import placements as made
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import (
    ApplicantFactory,
    ApplicationFactory,
    CaseThreadFactory,
    DisciplineOutcomeFactory,
    DocumentFactory,
    OpeningInterestFactory,
    QualifiedApplicationFactory,
    SubmittedApplicationFactory,
)
from tests.factories.partners import ConfirmedNominationFactory
from tests.factories.program import past_window
from tests.placements.people import DAY, application_in, client_of, offer_in, placement_in, read, words_of
from tests.placements.test_my_words import FORBIDDEN

pytestmark = pytest.mark.django_db


# ── Where it stands ───────────────────────────────────────────────────────────────────────────────
def test_whoever_has_not_applied_is_led_to_the_application() -> None:
    page = read(UserFactory())
    assert "You have not applied yet" in page


@pytest.mark.parametrize("status", list(words.APPLICATION))
def test_every_state_of_an_application_has_its_sentence_on_the_page(status: str) -> None:
    application = application_in(status)
    page = read(application.applicant.user)
    assert str(words.APPLICATION[status].sentence) in page
    assert application.reference_number in page
    assert not FORBIDDEN.search(page)


@pytest.mark.parametrize("status", ["sent", "declined", "expired", "withdrawn"])
def test_every_offer_that_a_person_was_sent_stands_on_the_page(status: str) -> None:
    offer = offer_in(status)
    page = read(offer.applicant.user)
    assert str(words.OFFER_STATES[status]) in page
    assert (str(words.OFFER["tentative", "sent"].sentence) in page) == (status == "sent")


@pytest.mark.parametrize("status", PLACEMENT.states.values)
def test_every_state_of_a_placement_has_its_sentence_on_the_page(status: str) -> None:
    placement = placement_in(status)
    page = read(placement.applicant.user)
    assert str(words.PLACEMENT[status].sentence) in page
    assert not FORBIDDEN.search(page)


def test_a_draft_says_what_is_missing_and_until_when() -> None:
    application = application_in("draft")
    Application.objects.filter(pk=application.pk).update(is_us_citizen=None)
    page = read(application.applicant.user)
    assert "whether you are a U.S. citizen" in page
    assert "ET" in page
    assert "Finish and submit your application" in page


def test_a_draft_after_the_deadline_was_not_submitted() -> None:
    page = read(ApplicationFactory(cohort=past_window()).applicant.user)
    assert "Not submitted: the window closed" in page
    assert "Finish and submit" not in page


def test_the_reason_for_a_no_is_told_in_plain_words_and_only_once_it_is_decided() -> None:
    application = SubmittedApplicationFactory(status="in_review")
    DisciplineOutcomeFactory(
        application=application, result="not_qualified", expires_on=None, reason_code="assessment"
    )
    sentence = "The assessment was not passed"
    assert sentence not in read(application.applicant.user)
    decided = SubmittedApplicationFactory(status="not_qualified", decided_at=timezone.now())
    DisciplineOutcomeFactory(
        application=decided, result="not_qualified", expires_on=None, reason_code="assessment"
    )
    assert sentence in read(decided.applicant.user)


def test_a_name_on_a_certificate_that_an_agency_holds_is_referred() -> None:
    application = QualifiedApplicationFactory()
    certificate = made.CertificateFactory(cohort=application.cohort)
    made.CertificateEntryFactory(certificate=certificate, application=application)
    assert "was referred to agencies" not in read(application.applicant.user)
    made.ReferralFactory(certificate=certificate)
    assert "was referred to agencies" in read(application.applicant.user)


@pytest.mark.parametrize("status", ["selected", "conflict_blocked", "held"])
def test_what_an_agency_has_not_told_yet_reads_like_any_referral(status: str) -> None:
    selection = made.SelectionFactory(status=status)
    OpeningInterestFactory(application=selection.application, opening=selection.opening)
    page = read(selection.applicant.user)
    assert "Referred" in page
    assert "Selected" not in page.replace("Selected, with a tentative offer", "")


def test_not_selected_stands_beside_the_opening() -> None:
    selection = made.SelectionFactory(status="not_selected", closed_at=timezone.now())
    OpeningInterestFactory(application=selection.application, opening=selection.opening)
    assert "Not selected" in read(selection.applicant.user)


# ── What is on the page ───────────────────────────────────────────────────────────────────────────
def test_documents_are_named_and_never_handed_out() -> None:
    document = DocumentFactory(label="resume of mine.pdf")
    answer = client_of(document.application.applicant.user).get("/my/")
    assert "resume of mine.pdf (Résumé): Being checked" in words_of(answer)
    assert str(document.storage_key) not in answer.content.decode()
    assert str(document.public_id) not in answer.content.decode()


def test_an_interesting_opening_that_was_cancelled_says_so() -> None:
    interest = OpeningInterestFactory()
    assert "Open. Marked “Interested”." in read(interest.application.applicant.user)
    cancelled = OpeningInterestFactory(opening__status="cancelled", opening__title="Gone")
    assert "Gone" in (page := read(cancelled.application.applicant.user))
    assert "Cancelled by the agency" in page


def test_a_nominee_sees_the_state_of_the_nomination() -> None:
    nomination = ConfirmedNominationFactory(partner__company__name="Zephyr Works")
    page = read(nomination.nominee)
    assert "Zephyr Works : You confirmed your nomination" in page


def test_a_newer_application_comes_before_one_that_was_withdrawn() -> None:
    gone = application_in("withdrawn")
    newer = SubmittedApplicationFactory(applicant=gone.applicant)
    page = read(gone.applicant.user)
    assert str(words.APPLICATION["submitted"].sentence) in page
    assert {gone.reference_number, newer.reference_number} <= set(page.replace(",", "").split())


def test_tasks_come_with_the_earliest_date_first() -> None:
    offer = made.SentOfferFactory(response_due_at=timezone.now() + 2 * DAY)
    page = read(offer.applicant.user)
    assert "Answer your tentative offer: Software Engineer" in page
    assert "It is your move." in page


def test_the_page_of_one_person_shows_nothing_of_another() -> None:
    offer = made.SentOfferFactory()
    other = SubmittedApplicationFactory()
    assert offer.selection.application.reference_number not in read(other.applicant.user)


def test_a_visitor_signs_in_first(client: Client) -> None:
    assert "/accounts/login/" in client.get("/my/").headers["Location"]


# ── Withdrawing ───────────────────────────────────────────────────────────────────────────────────
def test_withdrawing_asks_once_more_and_can_be_undone() -> None:
    application = QualifiedApplicationFactory()
    client = client_of(application.applicant.user)
    assert "Withdraw your application?" in words_of(client.get("/my/withdraw/"))
    page = words_of(client.post("/my/withdraw/", follow=True))
    assert "You asked to withdraw this application" in page
    page = words_of(client.post("/my/withdraw/undo/", follow=True))
    application.refresh_from_db()
    assert application.withdraws_at is None
    assert "You are back in" in page


def test_withdrawing_twice_asks_for_the_same_moment() -> None:
    application = QualifiedApplicationFactory()
    client = client_of(application.applicant.user)
    client.post("/my/withdraw/")
    first = Application.objects.get(pk=application.pk).withdraws_at
    assert client.post("/my/withdraw/").status_code == 302
    assert Application.objects.get(pk=application.pk).withdraws_at == first


def test_an_undo_that_comes_too_late_is_answered_with_a_sentence() -> None:
    application = QualifiedApplicationFactory()
    user = application.applicant.user
    request_withdrawal(application=application, by=user)
    Application.objects.filter(pk=application.pk).update(withdraws_at=timezone.now())
    withdraw_due(by=User.objects.system())
    page = words_of(client_of(user).post("/my/withdraw/undo/", follow=True))
    assert "The withdrawal has taken effect" in page


@pytest.mark.parametrize("status", ["draft", "placed", "not_qualified", "lapsed", "withdrawn"])
def test_what_cannot_be_withdrawn_does_not_offer_it(status: str) -> None:
    user = application_in(status).applicant.user
    assert "Withdraw your application" not in read(user)
    assert client_of(user).get("/my/withdraw/").status_code == 404


# ── What we asked for ─────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def asked() -> Application:
    application = SubmittedApplicationFactory(status="in_review")
    staff = opm_staff(OpmRole.HR_DECIDER)
    return ask_for_information(application=application, reason_code="dates_unclear", by=staff)


def test_a_request_for_information_says_what_is_missing(asked: Application) -> None:
    page = read(asked.applicant.user)
    assert "Dates do not fit together" in page
    assert "Send the information that we asked for" in page


def test_the_answer_joins_the_request_and_the_review_goes_on(asked: Application) -> None:
    CaseThreadFactory(application=asked)  # about something else
    client = client_of(asked.applicant.user)
    for _press in range(2):
        client.post("/my/information/", {"body": "It was 2024."})
    asked.refresh_from_db()
    assert asked.status == "in_review"
    assert list(CaseMessage.objects.values_list("body", "thread__topic")) == [("It was 2024.", "information")]


def test_an_empty_answer_is_asked_for_again(asked: Application) -> None:
    answer = client_of(asked.applicant.user).post("/my/information/", {"body": " "})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()


def test_nobody_answers_what_was_not_asked() -> None:
    client = client_of(SubmittedApplicationFactory().applicant.user)
    assert client.get("/my/information/").headers["Location"] == "/my/"
    assert client_of(UserFactory()).get("/my/information/").status_code == 404


# ── Cost, menu ────────────────────────────────────────────────────────────────────────────────────
def person_with(count: int) -> User:
    """Openings, offers, files, nominations: `count` of each."""
    application = QualifiedApplicationFactory()
    for _n in range(count):
        opening = PublishedOpeningFactory(cohort=application.cohort)
        OpeningInterestFactory(application=application, opening=opening)
        selection = made.SelectionFactory(application=application, opening=opening)
        made.SentOfferFactory(selection=selection, status="expired")
        DocumentFactory(application=application, kind="other")
        ConfirmedNominationFactory(nominee=application.applicant.user)
    return application.applicant.user


def test_the_page_costs_the_same_with_one_row_and_with_three(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    clients = [client_of(person_with(count)) for count in (1, 3)]
    with django_assert_max_num_queries(30) as first:
        clients[0].get("/my/")
    with django_assert_num_queries(len(first)):
        clients[1].get("/my/")


def test_people_begin_at_their_application_and_find_it_in_the_menu() -> None:
    assert "My application" in client_of(UserFactory()).get("/openings/").content.decode()


def test_members_and_staff_have_other_menus() -> None:
    from placements.apps import acts_for_nobody_else

    assert not acts_for_nobody_else(agency_member())
    assert not acts_for_nobody_else(opm_staff(OpmRole.REVIEWER))
    assert acts_for_nobody_else(ApplicantFactory().user)
