"""Files are handed out as attachments, clean ones only, to whoever may read the application; and a résumé can be made
from the answers."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from applicants.models import Application, Document, DocumentStatus
from applicants.services import start_review, submit_application
from techforce.accounts.models import OpmRole
from techforce.core import pdf
from techforce.core.models import AccessEvent
from tests.applicants.filling import RESUME, Person, at, draft, words
from tests.applicants.test_quarantine import scanned, sent, virus
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import RatingFactory, RecusalFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def document() -> Document:
    """Clean, of a submitted application."""
    application = draft()
    document = scanned(sent(application, RESUME, "Résumé of mine.txt"))
    submit_application(application=application, by=application.applicant.user)
    return document


def address(document: Document) -> str:
    return reverse("document", args=[document.public_id])


def test_the_author_gets_what_was_rewritten_as_an_attachment(document: Document) -> None:
    default_storage.save(document.arrived_name, ContentFile(b"what arrived, left behind"))

    answer = Person(document.application.applicant.user).get(address(document))

    assert b"".join(answer.streaming_content) == RESUME
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''R%C3%A9sum%C3%A9")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer.headers["Cache-Control"]
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize("status", [status for status in DocumentStatus.values if status != "clean"])
def test_what_is_not_clean_is_not_there_for_anybody(document: Document, status: str) -> None:
    reader, author = opm_staff(OpmRole.HR_DECIDER), document.application.applicant.user
    put(document, status)

    assert [code(user, document) for user in (author, reader)] == [404, 404]


def put(document: Document, status: str) -> None:
    """Into another state, by real ways or, where there is none, by force; the bytes stay."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applicants_document DISABLE TRIGGER USER")
        Document.objects.filter(pk=document.pk).update(
            status=status,
            scanned_at=None if status == "quarantined" else document.scanned_at,
            clean_sha256=document.clean_sha256 if status == "replaced" else "",
            refusal="malware" if status == "refused" else "",
        )
        cursor.execute("ALTER TABLE applicants_document ENABLE TRIGGER USER")


def code(user: Any, document: Document) -> int:
    """The answer to whoever asks for the file. One that was read to its end is closed."""
    answer = Desk(user).get(address(document))
    list(answer.streaming_content if answer.streaming else ())
    return int(answer.status_code)


def test_who_gets_a_file_and_who_leaves_a_trace(document: Document) -> None:
    decider, recused = opm_staff(OpmRole.HR_DECIDER), opm_staff(OpmRole.HR_DECIDER)
    RecusalFactory(user=recused, applicant=document.application.applicant)
    strangers = [UserFactory(), recused, opm_staff(OpmRole.ADMINISTRATOR), opm_staff(OpmRole.REVIEWER)]

    assert [code(user, document) for user in strangers] == [404] * 4
    assert code(decider, document) == 200

    event = AccessEvent.objects.get()
    assert (event.actor, event.purpose, event.subject_id) == (decider, "document", document.pk)


def test_a_rater_gets_the_file_once_two_ratings_are_in(document: Document) -> None:
    rater = opm_staff(OpmRole.REVIEWER)
    start_review(application=document.application, by=rater)
    RatingFactory(application=document.application, rater=rater, submitted_at=document.scanned_at)
    assert code(rater, document) == 404

    RatingFactory(application=document.application, submitted_at=document.scanned_at)

    assert code(rater, document) == 200


def test_a_file_whose_bytes_are_lost_is_not_found(document: Document) -> None:
    default_storage.delete(document.stored_name)
    assert Person(document.application.applicant.user).get(address(document)).status_code == 404


# ── What the résumé page says ─────────────────────────────────────────────────────────────────────
def test_a_social_security_number_in_a_file_is_pointed_out() -> None:
    application = draft()
    scanned(sent(application, RESUME + b"SSN 123-45-6789"))
    person = Person(application.applicant.user)
    assert "seems to show a Social Security number" in words(person.get(at(application, "resume")))

    scanned(sent(application))

    assert "seems to show a Social" not in words(person.get(at(application, "resume")))


# ── Made from the answers ─────────────────────────────────────────────────────────────────────────
ANSWERS = {
    "experience": {
        "jobs": [
            {
                "title": "Engineer <b>",
                "employer": "Brightwater & Sons",
                "began": "2021-04",
                "ended": "",
                "is_current": True,
                "duties": "Kept the tide tables.",
            }
        ],
        "summary": "I like the sea, 李小龍.",
        "education": "",
    }
}


@pytest.fixture
def answered() -> Application:
    return draft(answers=ANSWERS)


def make(application: Application, **more: str) -> Any:
    return Person(application.applicant.user).fill(at(application, "resume"), then="make", **more)


def test_a_resume_is_made_from_the_answers_and_goes_the_way_of_every_file(answered: Application) -> None:
    assert make(answered).headers["Location"] == at(answered, "resume")

    document = answered.documents.get()
    assert (document.status, document.is_made_here) == ("quarantined", True)
    made = scanned(document)
    assert (made.status, made.format) == ("clean", "pdf" if pdf.is_available() else "txt")
    text = " ".join(made.text.text.split())
    for word in (
        "Robin Reyes",
        "Engineer <b>",
        "Brightwater & Sons",
        "April 2021",
        "tide tables",
        "I like the sea, 李小龍.",
    ):
        assert word in text
    assert "We made it from your answers" in words(
        Person(answered.applicant.user).get(at(answered, "resume"))
    )


def test_where_no_pdf_can_be_written_it_is_text(answered: Application, monkeypatch: Any) -> None:
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    make(answered)

    made = scanned(answered.documents.get())

    assert made.format == "txt"
    page = words(
        Person(answered.applicant.user).get(reverse("apply_resume_preview", args=[answered.public_id]))
    )
    assert "print this page" in page
    assert "Brightwater &amp; Sons" in page


def test_a_file_takes_its_place_and_the_other_way_round(answered: Application) -> None:
    make(answered)
    scanned(sent(answered))
    assert answered.documents.get(status="clean").is_made_here is False

    make(answered)
    scanned(answered.documents.get(status="quarantined"))

    assert answered.documents.get(status="clean").is_made_here is True


def test_of_nothing_no_resume_is_made() -> None:
    application = draft(answers={})

    answer = make(application)

    assert answer.status_code == 422
    assert "Fill in your experience first" in words(answer)
    assert not application.documents.exists()
    page = Person(application.applicant.user).get(
        reverse("apply_resume_preview", args=[application.public_id])
    )
    assert "Fill in your experience first" in words(page)


def test_of_a_submitted_application_it_is_certified_anew_and_frozen(answered: Application) -> None:
    submit_application(application=answered, by=answered.applicant.user)
    assert make(answered).status_code == 422

    make(answered, certify="on")

    snapshot = answered.snapshots.order_by("sequence").last()
    assert snapshot.sequence == 2
    assert snapshot.content["documents"] == [str(answered.documents.get().public_id)]


def test_once_review_has_begun_nothing_is_made(answered: Application) -> None:
    submit_application(application=answered, by=answered.applicant.user)
    page = Person(answered.applicant.user).get(at(answered, "resume"))
    start_review(application=answered, by=opm_staff(OpmRole.HR_DECIDER))

    answer = Person(answered.applicant.user).fill(at(answered, "resume"), page, then="make", certify="on")

    assert re.search("/receipt/$", answer.headers["Location"])
    assert not answered.documents.exists()


def test_nobody_previews_the_resume_of_somebody_else(answered: Application) -> None:
    url = reverse("apply_resume_preview", args=[answered.public_id])
    assert [Desk(user).get(url).status_code for user in (UserFactory(), opm_staff(OpmRole.HR_DECIDER))] == [
        404,
        404,
    ]


def test_a_refused_file_has_no_text_and_no_rewritten_copy(document: Document) -> None:
    refused = scanned(sent(draft(), virus(), "resume.docx"))

    assert not hasattr(refused, "text")
    assert not default_storage.exists(refused.stored_name)
