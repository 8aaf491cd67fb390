"""Which of several résumés counts: the one that was sent last, in whatever order the scanner reads them."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from applicants.models import Application, Document, DocumentText
from applicants.privacy.shares import files
from applicants.services import applications, documents, receive_resume, scan_document, submit_application
from applicants.services.gaps import current_resume
from techforce.accounts.models import User
from techforce.core.errors import Refused
from tests.applicants.filling import Person, at, draft, typed, words
from tests.applicants.test_resume_upload import stored

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def submitted() -> Application:
    application = draft()
    sent(application, "one.txt")
    return submit_application(application=application, by=application.applicant.user, is_certified=True)


def sent(application: Application, name: str, content: bytes = b"", **options: Any) -> Document:
    file = ContentFile(content or f"The words of {name}\n".encode(), name=name)
    return receive_resume(application=application, file=file, by=application.applicant.user, **options)


@pytest.mark.parametrize("is_newest_first", [True, False])
def test_the_newest_counts_whichever_was_scanned_first(submitted: Application, is_newest_first: bool) -> None:
    """Two workers may hold one each."""
    older, newest = (sent(submitted, name, is_certified=True) for name in ("two.txt", "three.txt"))
    for document in (newest, older) if is_newest_first else (older, newest):
        scan_document(document=document, by=User.objects.system())
    assert current_resume(submitted) == newest
    assert [row.status for row in Document.objects.filter(pk__in=[older.pk, newest.pk]).order_by("pk")] == [
        "replaced",
        "clean",
    ]
    assert "three.txt" in DocumentText.objects.get(document__application=submitted).text


def test_the_same_file_sent_twice_is_one_file_one_snapshot_and_one_receipt(submitted: Application) -> None:
    person = Person(submitted.applicant.user)
    page = person.get(at(submitted, "resume"))
    for _press in range(2):
        file = ContentFile(b"The words of two.txt\n", name="two.txt")
        person.post(at(submitted, "resume"), typed(page) | {"file": file, "certify": "on"})
    assert submitted.documents.filter(label="two.txt").count() == 1
    assert submitted.snapshots.count() == 2
    assert len(stored()) == submitted.documents.count()  # nothing is left of the second one


def test_a_file_of_another_tab_is_not_replaced_unseen() -> None:
    application = draft()
    person = Person(application.applicant.user)
    old_tab = person.get(at(application, "resume"))
    person.post(
        at(application, "resume"), typed(old_tab) | {"file": ContentFile(b"Phone\n", name="phone.txt")}
    )
    file = ContentFile(b"Laptop\n", name="laptop.txt")
    answer = person.post(at(application, "resume"), typed(old_tab) | {"file": file})
    assert answer.status_code == 409
    assert "Another file was sent in the meantime" in words(answer)
    assert "phone.txt" in words(answer)
    assert [row.label for row in application.documents.all()] == ["phone.txt"]
    again = person.post(
        at(application, "resume"), typed(answer) | {"file": ContentFile(b"Laptop\n", name="laptop.txt")}
    )
    assert again.status_code == 302
    assert [row.label for row in application.documents.all()] == ["laptop.txt"]


def test_a_file_refused_after_the_deadline_is_a_task_and_another_one_is_taken() -> None:
    application = draft(answers={})
    document = sent(application, "broken.pdf", content=b"%PDF-1.4 nothing\nstartxref\n0\n%%EOF")
    closes_at = application.cohort.closes_at
    with time_machine.travel(closes_at - MINUTE, tick=False) as clock:
        submit_application(application=application, by=application.applicant.user, is_certified=True)
        clock.move_to(closes_at + MINUTE)
        scan_document(document=document, by=User.objects.system())
        person = Person(application.applicant.user)
        home = words(person.get(reverse("my_application")))
        assert "Send another résumé: “broken.pdf” was refused" in home
        page = person.get(at(application, "resume"))
        file = ContentFile(b"The words of two.txt\n", name="two.txt")
        answer = person.post(at(application, "resume"), typed(page) | {"file": file, "certify": "on"})
        assert answer.status_code == 302
        assert current_resume(application).label == "two.txt"  # type: ignore[union-attr]
        assert application.snapshots.count() == 2
        third = ContentFile(b"The words of three.txt\n", name="three.txt")
        late = person.post(at(application, "resume"), {"file": third, "certify": "on"}, follow=True)
        assert "the window is closed" in words(late)


def test_so_many_files_a_day_and_no_more(submitted: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_A_DAY", 2)
    sent(submitted, "two.txt", is_certified=True)
    with pytest.raises(Refused, match="Wait until tomorrow"):
        sent(submitted, "three.txt", is_certified=True)


def test_so_many_submissions_a_day_and_no_more(
    submitted: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applications, "MOST_SNAPSHOTS_A_DAY", 1)
    with pytest.raises(Refused, match="Go on tomorrow"):
        sent(submitted, "two.txt", is_certified=True)
    assert submitted.documents.count() == 1


def test_the_file_of_an_earlier_submission_is_handed_out_with_ones_data(submitted: Application) -> None:
    second = sent(submitted, "two.txt", is_certified=True)
    for document in submitted.documents.order_by("pk"):
        scan_document(document=document, by=User.objects.system())
    names = [name for name, _stored in files(submitted.applicant.user)]
    assert [name.rpartition("-")[2] for name in names] == ["one.txt", second.label]
