"""The receipt to keep: a PDF for the person who applied, or the page that can be printed."""

import io
import logging
import logging.handlers
import queue
from typing import Any

import pypdf
import pytest
from django.utils import timezone

from applicants.models import Application
from applicants.services import submit_application
from techforce.accounts.models import OpmRole
from techforce.core import pdf
from techforce.core.moments import deadline_text
from tests.applicants.filling import Person, at, draft, open_cohort, receipts_to, words
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import ApplicantFactory, SubmittedApplicationFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(not pdf.is_available(), reason="libpango is not on this machine")


def submitted(**fields: Any) -> Application:
    application = draft(**fields)
    submit_application(application=application, by=application.applicant.user)
    application.refresh_from_db()
    return application


def file_of(application: Application) -> str:
    return f"/apply/{application.public_id}/receipt.pdf"


def text_of(answer: Any) -> str:
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@needs_pango
def test_it_shows_number_name_and_moment_and_nothing_that_was_answered() -> None:
    application = submitted()

    answer = Person(application.applicant.user).get(file_of(application))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="tech-force-receipt-{application.reference_number}.pdf"'
    )
    shown = text_of(answer)
    assert application.reference_number in shown
    assert application.applicant.legal_name in shown
    assert application.cohort.name in shown
    assert "Five years of software" not in shown


@needs_pango
@pytest.mark.parametrize("name", ["<b>Zoë</b> O’Neill & Söhne", "Nguyễn Thị Ánh", "x" * 200])
def test_names_stand_as_they_were_typed(name: str) -> None:
    application = submitted(applicant=ApplicantFactory(legal_name=name))

    shown = text_of(Person(application.applicant.user).get(file_of(application)))

    assert name.replace(" ", "") in shown.replace(" ", "")


@needs_pango
def test_letters_that_no_font_knows_are_not_written_to_the_log() -> None:
    application = submitted(applicant=ApplicantFactory(legal_name="\N{DESERET SMALL LETTER LONG I}"))

    records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    ours = logging.handlers.QueueHandler(records)
    logging.getLogger().addHandler(ours)
    try:
        assert Person(application.applicant.user).get(file_of(application)).status_code == 200
    finally:
        logging.getLogger().removeHandler(ours)

    names = [records.get().name for _n in range(records.qsize())]
    assert names
    assert [name for name in names if name.startswith("weasyprint")] == []


@needs_pango
def test_it_is_tagged_and_has_a_language_for_those_who_listen_to_it() -> None:
    application = submitted()

    answer = Person(application.applicant.user).get(file_of(application))

    catalog = pypdf.PdfReader(io.BytesIO(answer.content)).trailer["/Root"]
    assert str(catalog["/Lang"]).startswith("en")
    assert catalog["/MarkInfo"]["/Marked"]


@needs_pango
def test_the_receipt_page_leads_to_it() -> None:
    application = submitted()

    assert file_of(application) in words(Person(application.applicant.user).get(at(application, "receipt")))


def test_nobody_else_gets_it() -> None:
    application = submitted()

    assert Person(UserFactory()).get(file_of(application)).status_code == 404
    assert Desk(opm_staff(OpmRole.HR_DECIDER)).get(file_of(application)).status_code == 404


def test_a_draft_has_no_receipt() -> None:
    application = draft()

    answer = Person(application.applicant.user).get(file_of(application))

    assert answer.headers["Location"] == at(application, "review")


def test_without_the_libraries_the_page_is_there_to_print(monkeypatch: Any) -> None:
    """A machine without libpango."""
    pdf.is_available.cache_clear()
    monkeypatch.setattr("techforce.core.pdf.find_library", lambda name: None)
    application = submitted()
    person = Person(application.applicant.user)
    try:
        assert person.get(file_of(application)).headers["Location"] == at(application, "receipt")
        assert "To keep a copy, print this page." in words(person.get(at(application, "receipt")))
    finally:
        pdf.is_available.cache_clear()


@needs_pango
def test_page_paper_and_mail_name_the_same_moment_in_the_zone_of_the_cohort() -> None:
    """The deadline counts there too; in the reader's zone it may be another day."""
    person = UserFactory(time_zone="Asia/Tokyo")
    cohort = open_cohort(time_zone="Pacific/Honolulu")
    application = submitted(applicant=ApplicantFactory(user=person), cohort=cohort)
    moment = " ".join(deadline_text(application.submitted_at, "Pacific/Honolulu").split())
    browser = Person(person)
    (mail,) = receipts_to(person)
    for text in (
        words(browser.get(at(application, "receipt"))),
        text_of(browser.get(file_of(application))),
        mail.body,
    ):
        assert moment in " ".join(text.split())


@pytest.mark.parametrize("status", ["needs_information", "qualified", "not_qualified"])
def test_once_it_is_answered_the_receipt_promises_no_answer(status: str) -> None:
    application = SubmittedApplicationFactory(status="in_review")
    browser = Person(application.applicant.user)
    assert "There is nothing for you to do until then" in words(browser.get(at(application, "receipt")))
    decided = {"decided_at": timezone.now()} if "qualified" in status else {}
    answered = SubmittedApplicationFactory(status=status, **decided)
    page = words(Person(answered.applicant.user).get(at(answered, "receipt")))
    assert "There is nothing for you to do until then" not in page
    assert answered.reference_number in page
