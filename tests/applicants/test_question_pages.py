"""The pages on which people ask the program office and read its answers."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from applicants.models import Application, CaseMessage, CaseThread
from techforce.accounts.models import OpmRole
from tests.applicants.asking import act, letter, page, turned_down
from tests.applicants.filling import draft
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import CaseMessageFactory, CaseThreadFactory, SubmittedApplicationFactory
from tests.placements.people import client_of, read
from tests.techforce.desk import Desk

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


def test_a_draft_is_reason_enough_to_ask() -> None:
    person = draft().applicant.user
    assert (
        client_of(person).post(ASK, {"key": uuid4(), "topic": "question", "body": "How?"}).status_code == 302
    )
    assert CaseThread.objects.get().application is not None


@pytest.mark.parametrize("topic", ["question", "accommodation"])
def test_who_has_not_applied_asks_and_is_answered_by_the_same_people(topic: str) -> None:
    manager, person = opm_staff(OpmRole.CASE_MANAGER), UserFactory(full_name="Ada Moss")
    assert "Ask a question" in read(person)
    client = client_of(person)
    sent = letter(client, ASK, topic=topic, legal_name="Ada Moss", subject="The form", body="I use a reader.")
    for _click in range(2):
        assert client.post(ASK, sent).status_code == 302
    thread = CaseThread.objects.get()
    assert (thread.application, thread.applicant.legal_name) == (None, "Ada Moss")
    assert (thread.owner is not None) == (topic == "accommodation")
    queue = "/admin/accommodations/" if topic == "accommodation" else "/admin/questions/"
    assert "The form" in Desk(manager).get(queue).content.decode()
    Desk(manager).post(act(thread, "answer"), {"body": "We send it on paper."})
    assert "you have an answer" in read(person)
    assert "We send it on paper." in read(person, page(thread))
    read(UserFactory(), page(thread), status=404)
    for role in (OpmRole.REVIEWER, OpmRole.HR_DECIDER):
        staff = opm_staff(role)
        assert not CaseThread.objects.visible_to(staff).exists()
        assert not staff.has_perm("applicants.view_casethread", thread)


def test_what_was_asked_before_stays_beside_the_application() -> None:
    thread = CaseThreadFactory(application=None, applicant=draft().applicant, subject="Before all")
    assert "Before all" in read(thread.applicant.user)


def test_a_conversation_is_called_as_its_author_called_it_or_by_its_first_words(
    application: Application,
) -> None:
    client = client_of(application.applicant.user)
    for subject, body in (("My lease", "Hello."), ("", "May I begin two weeks later? My lease ends then.")):
        client.post(ASK, {"key": uuid4(), "topic": "question", "subject": subject, "body": body})
    listed = read(application.applicant.user, "/my/questions/")
    assert "My lease With us We answer by" in listed
    assert "May I begin two weeks later?" in listed


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
