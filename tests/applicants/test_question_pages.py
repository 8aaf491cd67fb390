"""The pages on which people ask the program office and read its answers."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from applicants.models import Application, CaseMessage, CaseThread
from tests.applicants.asking import letter, page, turned_down
from tests.applicants.filling import draft
from tests.factories.accounts import UserFactory
from tests.factories.applicants import CaseMessageFactory, CaseThreadFactory, SubmittedApplicationFactory
from tests.placements.people import client_of, read

pytestmark = pytest.mark.django_db

ASK = "/my/questions/ask/"


@pytest.fixture
def application() -> Application:
    return SubmittedApplicationFactory()


def test_a_question_sent_twice_is_asked_once(application: Application) -> None:
    client = client_of(application.applicant.user)
    sent = letter(client, ASK, topic="technical", body="The page is blank.")
    for _click in range(2):
        assert client.post(ASK, sent).headers["Location"] == "/my/questions/"
    thread = CaseThread.objects.get()
    assert (thread.topic, thread.messages.get().body) == ("technical", "The page is blank.")
    assert "Technical problem" in read(application.applicant.user, "/my/questions/")


def test_a_message_sent_twice_is_written_once(application: Application) -> None:
    thread = CaseThreadFactory(application=application)
    client = client_of(application.applicant.user)
    sent = letter(client, page(thread), body="And when?")
    for _click in range(2):
        assert client.post(page(thread), sent).status_code == 302
    assert thread.messages.count() == 1


def test_the_key_of_one_form_opens_no_other(application: Application) -> None:
    thread, client = CaseThreadFactory(application=application), client_of(application.applicant.user)
    client.post(ASK, sent := {"key": uuid4(), "topic": "question", "body": "Hello?"})
    assert client.post(page(thread), sent).status_code == 302
    assert CaseMessage.objects.count() == 2


@pytest.mark.parametrize("body", [" ", "x" * 4001, "My number is 123-45-6789."])
def test_a_bad_message_comes_back_with_what_was_typed(application: Application, body: str) -> None:
    answer = client_of(application.applicant.user).post(
        ASK, {"key": uuid4(), "topic": "question", "body": body}
    )
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert body in answer.content.decode()
    assert not CaseMessage.objects.exists()


def test_a_draft_is_reason_enough_to_ask_and_no_application_is_none() -> None:
    person = draft().applicant.user
    assert (
        client_of(person).post(ASK, {"key": uuid4(), "topic": "question", "body": "How?"}).status_code == 302
    )
    stranger = UserFactory()
    assert "Begin one" in read(stranger, "/my/questions/")
    assert client_of(stranger).get(ASK).status_code == 404


def test_a_closed_conversation_says_so_and_leads_to_a_new_one(application: Application) -> None:
    thread = CaseThreadFactory(application=application, topic="information", status="asked")
    assert "Send the information that we asked for" in read(application.applicant.user, page(thread))
    client = client_of(application.applicant.user)
    answer = client.post(page(thread), letter(client, page(thread), body="Here."))
    assert answer.status_code == 422


def test_the_staff_who_wrote_is_not_named(application: Application) -> None:
    message = CaseMessageFactory(
        thread__application=application, author=UserFactory(full_name="Rosalind Ferreira")
    )
    said = read(application.applicant.user, page(message.thread))
    assert "The program office wrote" in said
    assert "Rosalind" not in said


def test_tricky_text_reads_as_it_was_typed(application: Application, shared_data: Path) -> None:
    rows = json.loads((shared_data / "people_places" / "tricky_values.json").read_text())
    thread, client = CaseThreadFactory(application=application), client_of(application.applicant.user)
    for row in rows[:15]:
        client.post(page(thread), {"key": uuid4(), "body": row["value"]})
    written = [str(message.body) for message in thread.messages.order_by("pk")]
    assert len(written) > 10
    shown = client.get(page(thread)).content.decode()
    assert "<script>alert" not in shown
    assert all(message["body"] in written for message in client.get(page(thread)).context["letters"])


def test_a_negative_decision_leads_to_its_review_until_it_was_asked_for() -> None:
    application = turned_down()
    person, address = application.applicant.user, f"/my/review/{application.public_id}/"
    assert "Ask for a review of the decision" in read(person)
    client = client_of(person)
    sent = letter(client, address, body="I led six.")
    for _click in range(2):
        assert client.post(address, sent).headers["Location"] == "/my/"
    thread = CaseThread.objects.get()
    assert client.get(address).headers["Location"] == page(thread)
    assert "Ask for a review of the decision" not in read(person)
    assert client_of(SubmittedApplicationFactory().applicant.user).get(address).status_code == 404
