"""Staff find people by the words of their résumés; raters, strangers and those who stand aside do not."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core.files.storage import default_storage
from django.db import connection

from applicants.models import DocumentText
from applicants.privacy import destroy_drafts
from applicants.services import submit_application
from applicants.services.documents import kept_text
from techforce.accounts.models import OpmRole, User
from techforce.core.models import AccessEvent
from techforce.core.privacy import records_mark
from tests.applicants.filling import RESUME, draft, open_cohort, words
from tests.applicants.test_quarantine import scanned, sent
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import ApplicantFactory, DocumentTextFactory, RecusalFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db
CLEAN = b"Robin Reyes\nKubernetes, Terraform and tide tables.\n"


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def submitted(content: bytes = CLEAN, name: str = "resume.txt", **fields: Any) -> Any:
    application = draft(**fields)
    scanned(sent(application, content, name))
    return submit_application(application=application, by=application.applicant.user)


def found(user: User, query: str) -> str:
    answer = Desk(user).get(f"/admin/search-resumes/?q={query}")
    assert answer.status_code == 200
    return words(answer)


def test_a_resume_is_found_by_its_words_with_its_person_and_the_reader_leaves_a_trace() -> None:
    application = submitted(CLEAN + b"<script>alert(1)</script>")
    reader = opm_staff(OpmRole.HR_DECIDER)

    page = found(reader, "terraform -cobol")

    assert application.reference_number in page
    assert "<mark>Terraform</mark>" in page
    assert "<script>alert(1)" not in page
    event = AccessEvent.objects.get()
    assert (event.actor, event.purpose) == (reader, "search")


@pytest.mark.parametrize(
    "query", ["cobol", "terraform -tide", "%22tables and tide%22", "the", "%27", "!:*(", ""]
)
def test_other_words_find_nothing_and_break_nothing(query: str) -> None:
    application = submitted()

    assert application.reference_number not in found(opm_staff(OpmRole.CASE_MANAGER), query)
    assert not AccessEvent.objects.exists()


@pytest.mark.parametrize(
    "roles",
    [[OpmRole.REVIEWER], [OpmRole.REVIEWER, OpmRole.HR_DECIDER], [OpmRole.ADMINISTRATOR], [OpmRole.AUDITOR]],
)
def test_no_rater_searches_whatever_else_they_are(roles: list[str]) -> None:
    submitted()
    user = opm_staff(*roles)

    assert Desk(user).get("/admin/search-resumes/?q=terraform").status_code == 403
    assert not DocumentText.objects.visible_to(user).exists()


def test_nobody_finds_a_draft_themselves_or_whom_they_stand_aside_from() -> None:
    reader = opm_staff(OpmRole.HR_DECIDER)
    cohort = open_cohort()
    scanned(sent(draft(cohort=cohort), CLEAN))
    submitted(cohort=cohort, applicant=ApplicantFactory(user=reader))
    tied = submitted(cohort=cohort)
    assert tied.reference_number in found(reader, "terraform")  # the negative: only the tie hides it

    RecusalFactory(user=reader, applicant=tied.applicant)

    assert "No résumé has these words" in found(reader, "terraform")


def test_only_the_resume_that_counts_is_found() -> None:
    application = draft()
    scanned(sent(application, CLEAN))
    scanned(sent(application, b"Robin Reyes\nCOBOL\n"))

    assert list(DocumentText.objects.values_list("document__status", flat=True)) == ["clean"]


def test_the_text_goes_with_its_file() -> None:
    application = draft()
    scanned(sent(application, CLEAN))
    assert DocumentText.objects.filter(text__contains="Terraform").exists()

    with records_mark("redact"):
        destroy_drafts(type(application).objects.filter(pk=application.pk))

    assert not DocumentText.objects.exists()


def test_the_search_uses_the_index() -> None:
    DocumentTextFactory()
    query = SearchQuery("terraform", config="english", search_type="websearch")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = DocumentText.objects.filter(words=query).order_by().explain()
    assert "document_text_words" in plan


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b", "a b"),
        ("half \ud800 character", "half ? character"),
        ("o\ufb03ce", "office"),
        ("SSN 123-45-6789.", "SSN [removed]."),
        ("x" * 150_000, "x" * 100_000),
    ],
)
def test_a_text_is_kept_as_the_search_takes_it(text: str, kept: str) -> None:
    assert kept_text(text) == kept
    DocumentTextFactory(text=kept)


def test_many_long_words_that_differ_are_still_taken() -> None:
    """PostgreSQL takes at most 1 MB of different words of one text."""
    DocumentTextFactory(
        text=" ".join(f"{chr(0x20000 + number)}{number}" for number in range(12_000))[:100_000]
    )


@pytest.mark.shared_data
def test_every_good_file_is_found_by_what_it_says(shared_data: Path) -> None:
    folder, cohort = shared_data / "resumes" / "good", open_cohort()
    people = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    missing = {}
    for person in people:
        application = draft(cohort=cohort, applicant=ApplicantFactory(user=UserFactory()))
        document = scanned(sent(application, (folder / person["file"]).read_bytes(), person["file"]))
        text = " ".join(document.text.text.split())
        told = [
            person[key] for key in ("name", "email", "phone", "most_recent_title", "most_recent_employer")
        ]
        missing[person["file"]] = [word for word in (*told, *person["skills"]) if word not in text]
        assert default_storage.exists(document.stored_name)
    assert {file: gone for file, gone in missing.items() if gone} == {}
    assert len(people) >= 14


def test_a_text_that_was_not_rewritten_is_not_kept() -> None:
    application = draft()
    sent(application, RESUME)
    assert not DocumentText.objects.exists()
