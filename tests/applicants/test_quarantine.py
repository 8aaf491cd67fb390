"""A file leaves quarantine: clean, or refused with its bytes gone and the person told (I14)."""

import datetime
import io
import os
import time
import uuid
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from applicants import tasks
from applicants.inspection import TEST_VIRUS
from applicants.models import Application, Document
from applicants.services import receive_resume, scan_document, scan_quarantined, submit_application
from techforce.accounts.models import OpmRole, User
from techforce.core.mail.mailer import send_due
from techforce.core.models import AuditEvent, LegalHold
from tests.applicants.filling import RESUME, Person, at, draft, words
from tests.applicants.test_resume_upload import PDF, docx, stored
from tests.factories.accounts import opm_staff
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.timedelta(hours=1)
PARAGRAPH = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    b"<w:p><w:r><w:t>Robin Reyes</w:t></w:r></w:p></w:document>"
)


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def application() -> Application:
    return draft()


def sent(
    application: Application, content: bytes = RESUME, name: str = "resume.txt", **options: Any
) -> Document:
    file = ContentFile(content, name=name)
    return receive_resume(application=application, file=file, by=application.applicant.user, **options)


def scanned(document: Document) -> Document:
    scan_document(document=document, by=User.objects.system())
    document.refresh_from_db()
    return document


def virus() -> bytes:
    return docx(**{"word/document.xml": PARAGRAPH, "word/media/x.txt": TEST_VIRUS + b" " * 1000})


def mails_to(user: Any) -> list[Any]:
    while send_due():
        pass
    return [message for message in mail.outbox if message.to == [user.email]]


def test_a_good_file_is_clean_after_the_scan_and_the_system_did_it(
    application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    document = sent(application)
    with django_capture_on_commit_callbacks(execute=True):
        scanned(document)

    assert (document.status, document.has_text, document.refusal) == ("clean", True, "")
    event = AuditEvent.objects.get(action="applicants.document:accept")
    assert event.actor == User.objects.system()
    assert stored() == stored("documents") == {str(document.storage_key)}


def test_a_scan_without_text_is_taken_and_noted(application: Application) -> None:
    content = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(content)

    document = scanned(sent(application, content.getvalue(), "scan.pdf"))

    assert (document.status, document.has_text) == ("clean", False)


def test_an_upload_wakes_the_worker_that_scans(
    application: Application, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    """Only the broker is replaced: the task runs here instead of in a worker."""
    woken = []
    monkeypatch.setattr(
        "celery.current_app.send_task", lambda name, args=(), **_options: woken.append((name, args))
    )
    with django_capture_on_commit_callbacks(execute=True):
        document = sent(application)

    assert ("applicants.tasks.scan_document", (document.pk,)) in woken
    tasks.scan_document(document.pk)
    document.refresh_from_db()
    assert document.status == "clean"


@pytest.mark.parametrize(
    ("content", "name"),
    [(TEST_VIRUS, "resume.txt"), (RESUME + TEST_VIRUS, "resume.txt"), (PDF + TEST_VIRUS + PDF, "resume.pdf")],
)
def test_the_test_virus_is_refused_wherever_it_stands(
    application: Application, content: bytes, name: str
) -> None:
    document = scanned(sent(application, content, name))

    assert (document.status, document.refusal) == ("refused", "malware")


def test_a_virus_packed_into_a_word_file_is_refused(application: Application) -> None:
    document = sent(application, virus(), "resume.docx")
    assert TEST_VIRUS not in Path(default_storage.path(document.arrived_name)).read_bytes()  # it is packed

    assert scanned(document).refusal == "malware"


def test_the_same_word_file_without_it_is_taken(application: Application) -> None:
    good = docx(**{"word/document.xml": PARAGRAPH, "word/media/x.txt": b"a picture"})

    assert scanned(sent(application, good, "resume.docx")).status == "clean"


def test_refused_bytes_are_gone_and_the_row_says_why(
    application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    document = sent(application, virus(), "resume.docx")

    with django_capture_on_commit_callbacks(execute=True):
        scanned(document)

    assert stored() == set()
    assert (document.label, document.size) == ("resume.docx", len(virus()))
    assert AuditEvent.objects.get(action="applicants.document:refuse").reason_code == "malware"


def test_bytes_that_a_killed_worker_left_behind_go_with_the_next_sweep(application: Application) -> None:
    refused = scanned(sent(application, virus(), "resume.docx"))  # its commit never comes here
    clean = scanned(sent(application))  # nor does this one's
    waiting = sent(draft())
    assert stored("quarantine") == {str(row.storage_key) for row in (refused, clean, waiting)}

    scan_quarantined(by=User.objects.system())

    assert stored("quarantine") == {str(waiting.storage_key)}
    assert stored("documents") == {str(clean.storage_key)}


def test_bytes_whose_row_was_never_written_go_after_a_day(application: Application) -> None:
    for name, age in (("young", 60), ("old", 2 * 24 * 60 * 60)):
        path = Path(default_storage.path(f"quarantine/{uuid.uuid5(uuid.NAMESPACE_URL, name)}"))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(RESUME)
        os.utime(path, (time.time() - age,) * 2)

    scan_quarantined(by=User.objects.system())

    assert stored() == {str(uuid.uuid5(uuid.NAMESPACE_URL, "young"))}


def test_a_file_that_is_not_ours_stops_no_sweep_and_stays(application: Application) -> None:
    document = sent(application)
    Document.objects.update(created_at=timezone.now() - LONG_AGO)
    default_storage.save("quarantine/.gitkeep", ContentFile(b""))

    assert scan_quarantined(by=User.objects.system()) == 1

    document.refresh_from_db()
    assert document.status == "clean"
    assert ".gitkeep" in stored("quarantine")


def test_a_legal_hold_keeps_even_refused_bytes(
    application: Application, django_capture_on_commit_callbacks: Any
) -> None:
    document = sent(application, virus(), "resume.docx")
    LegalHold.objects.create(
        matter="A complaint",
        placed_by=opm_staff(OpmRole.RECORDS_OFFICER),
        subject_type="applicants.document",
        subject_id=document.pk,
        starts_on="2026-01-01",
    )
    with django_capture_on_commit_callbacks(execute=True):
        scanned(document)
    scan_quarantined(by=User.objects.system())

    assert stored() == {str(document.storage_key)}


# ── What the person sees ──────────────────────────────────────────────────────────────────────────
def test_the_person_reads_why_and_what_to_do_on_both_pages(application: Application) -> None:
    scanned(sent(application, virus(), "my résumé.docx"))
    person = Person(application.applicant.user)

    page, mine = words(person.get(at(application, "resume"))), words(person.get("/my/"))

    assert "We could not take your file “my résumé.docx”" in page
    assert "A virus scanner reports this file. Write your résumé into a new document" in page
    assert "We have your file" not in page
    assert "A virus scanner reports this file. Write your résumé into a new document" in mine
    assert at(application, "resume") in mine


def test_the_file_before_still_counts_and_the_next_one_ends_the_matter(application: Application) -> None:
    scanned(sent(application))
    scanned(sent(application, virus(), "worse.docx"))
    person = Person(application.applicant.user)
    page = words(person.get(at(application, "resume")))
    assert "We could not take your file “worse.docx”" in page
    assert "We have your file “resume.txt”" in page

    scanned(sent(application, RESUME + b"again", "third.txt"))

    assert "could not take" not in words(person.get(at(application, "resume")))


def test_one_mail_that_names_neither_the_file_nor_the_reason(application: Application) -> None:
    document = sent(application, virus(), "my résumé.docx")
    for _run in range(2):
        scanned(document)

    (message,) = mails_to(application.applicant.user)

    assert "could not take a file" in message.subject
    assert "virus" not in message.body
    assert "résumé.docx" not in message.body


def test_no_mail_when_another_file_came_meanwhile(application: Application) -> None:
    scanned(sent(application, virus(), "resume.docx"))
    sent(application, RESUME + b"again")

    assert mails_to(application.applicant.user) == []


def test_a_submitted_application_whose_file_is_refused_takes_another(application: Application) -> None:
    document = sent(application, virus(), "resume.docx")
    submit_application(application=application, by=application.applicant.user)
    scanned(document)

    assert "could not take" in words(Person(application.applicant.user).get(at(application, "resume")))
    assert scanned(sent(application, is_certified=True)).status == "clean"


# ── Once, and never forgotten ─────────────────────────────────────────────────────────────────────
def test_what_waits_too_long_is_swept_and_what_just_came_is_left_to_its_worker(
    application: Application,
) -> None:
    old, fresh = sent(application), sent(draft())
    Document.objects.filter(pk=old.pk).update(created_at=timezone.now() - LONG_AGO)

    assert scan_quarantined(by=User.objects.system()) == 1

    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.status, fresh.status) == ("clean", "quarantined")


def test_a_file_replaced_during_its_scan_is_no_error(application: Application) -> None:
    first = sent(application)
    default_storage.delete(first.arrived_name)
    second = sent(application, RESUME + b"again")

    scan_document(document=first, by=User.objects.system())
    tasks.scan_document(first.pk)

    assert list(application.documents.values_list("pk", "status")) == [(second.pk, "quarantined")]


def test_bytes_that_cannot_be_found_stay_in_quarantine_and_are_tried_again(application: Application) -> None:
    document = sent(application)
    default_storage.delete(document.arrived_name)

    assert scanned(document).status == "quarantined"

    default_storage.save(document.arrived_name, ContentFile(RESUME))
    assert scanned(document).status == "clean"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content", [RESUME, TEST_VIRUS])
def test_four_workers_that_scan_one_file_come_to_one_outcome(content: bytes) -> None:
    application = draft()
    document = sent(application, content)

    answers = at_once(4, lambda _n: tasks.scan_document(document.pk))

    assert answers == [None] * 4
    document.refresh_from_db()
    outcomes = AuditEvent.objects.filter(
        action__in=["applicants.document:accept", "applicants.document:refuse"]
    )
    assert outcomes.count() == 1
    assert len(mails_to(application.applicant.user)) == (document.status == "refused")


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_application_is_deleted_during_the_scan_leaves_nothing() -> None:
    application = draft()
    document = sent(application)
    person = Person(application.applicant.user)

    answers = at_once(
        2, lambda n: tasks.scan_document(document.pk) if n else person.post(at(application, "discard"))
    )

    assert not any(isinstance(answer, Exception) for answer in answers)
    assert not Application.objects.filter(pk=application.pk).exists()
    assert stored() == set()
