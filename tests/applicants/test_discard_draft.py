"""A person throws away a draft that was never submitted: all of it goes, and only an audit row stays (I15)."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from applicants.models import Application, CaseThread, Document
from applicants.services import discard_draft, receive_resume, submit_application
from techforce.accounts.models import OpmRole
from techforce.core.models import AuditEvent, LegalHold
from tests.applicants.filling import RESUME, Person, at, draft, words
from tests.applicants.test_resume_upload import stored
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import CaseMessageFactory, CaseThreadFactory
from tests.factories.program import past_window

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def with_a_file(**fields: Any) -> Application:
    application = draft(**fields)
    receive_resume(
        application=application, file=ContentFile(RESUME, name="r.txt"), by=application.applicant.user
    )
    return application


def test_the_page_says_what_happens_and_destroys_nothing() -> None:
    application = with_a_file()

    page = words(Person(application.applicant.user).get(at(application, "discard")))

    assert "are destroyed at once, and nobody can bring them back" in page
    assert Application.objects.filter(pk=application.pk).exists()


def test_the_draft_its_answers_its_file_and_its_messages_go(django_capture_on_commit_callbacks: Any) -> None:
    application = with_a_file()
    CaseMessageFactory(thread__application=application)
    person = Person(application.applicant.user)

    with django_capture_on_commit_callbacks(execute=True):
        answer = person.post(at(application, "discard"))

    assert answer.headers["Location"] == "/apply/"
    assert not Application.objects.exists()
    assert not Document.objects.exists()
    assert stored() == set()
    event = AuditEvent.objects.get(action="applicants.application:discard")
    assert event.actor == application.applicant.user
    assert "Start your application" in words(person.get("/apply/"))


def test_after_the_deadline_it_can_still_be_deleted() -> None:
    application = draft(cohort=past_window())

    assert Person(application.applicant.user).post(at(application, "discard")).status_code == 302
    assert not Application.objects.exists()


def test_what_was_submitted_is_not_deleted_from_an_old_tab() -> None:
    application = draft()
    person = Person(application.applicant.user)
    submit_application(application=application, by=application.applicant.user)

    answer = person.post(at(application, "discard"))

    assert answer.headers["Location"] == at(application, "receipt")
    assert Application.objects.filter(pk=application.pk).exists()


def test_a_stranger_finds_nothing_to_delete() -> None:
    application = draft()

    assert Person(UserFactory()).post(at(application, "discard")).status_code == 404
    assert Application.objects.exists()


def test_a_second_click_finds_it_gone() -> None:
    application = draft()
    person = Person(application.applicant.user)
    person.post(at(application, "discard"))

    assert person.post(at(application, "discard")).status_code == 404


@pytest.mark.parametrize("kind", ["application", "document"])
def test_a_legal_hold_wins(kind: str, django_capture_on_commit_callbacks: Any) -> None:
    application = with_a_file()
    subject = application if kind == "application" else application.documents.get()
    LegalHold.objects.create(
        matter="A complaint",
        placed_by=opm_staff(OpmRole.RECORDS_OFFICER),
        subject_type=f"applicants.{kind}",
        subject_id=subject.pk,
        starts_on="2026-01-01",
    )
    with django_capture_on_commit_callbacks(execute=True):
        answer = Person(application.applicant.user).post(at(application, "discard"))

    assert answer.status_code == 422
    assert "A legal hold covers this record" in words(answer)
    assert Application.objects.exists()
    assert len(stored()) == 1


def test_review_and_start_lead_to_it() -> None:
    application = draft()
    person = Person(application.applicant.user)

    assert at(application, "discard") in words(person.get(at(application, "review")))
    assert at(application, "discard") in words(person.get("/apply/"))


def test_what_the_office_answered_is_a_record_and_stays() -> None:
    application = draft()
    asked, answered = (
        CaseThreadFactory(application=application, applicant=application.applicant) for _one in range(2)
    )
    CaseMessageFactory(thread=answered, author=opm_staff(OpmRole.CASE_MANAGER), body="By Friday.")
    discard_draft(application=application, by=application.applicant.user)
    answered.refresh_from_db()
    assert (answered.application, answered.messages.get().body) == (None, "By Friday.")
    assert not CaseThread.objects.filter(pk=asked.pk).exists()
