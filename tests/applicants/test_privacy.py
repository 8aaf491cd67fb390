"""What is given out, what is destroyed, what stays because it is a record."""

import json
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model

from applicants.models import Applicant, Application, CaseMessage, Document
from techforce.accounts.models import OpmRole, User
from techforce.core import privacy
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.models import LegalHold
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import (
    ApplicantFactory,
    ApplicationFactory,
    CaseMessageFactory,
    CaseThreadFactory,
    DocumentFactory,
    OpeningInterestFactory,
    RatingFactory,
    SnapshotFactory,
    SubmittedApplicationFactory,
)
from tests.factories.core import LegalHoldFactory

pytestmark = pytest.mark.django_db

CANARY = "canary-7c1d"


def test_a_person_gets_all_that_they_gave_and_no_raters_notes() -> None:
    application = SubmittedApplicationFactory(answers={"experience": CANARY})
    SnapshotFactory(application=application)
    RatingFactory(application=application, notes="secret opinion")

    given = json.dumps(privacy.export_person(application.applicant.user), default=str)

    assert given.count(CANARY) == 1
    assert "Five years of software." in given
    assert "secret opinion" not in given


def test_a_draft_goes_at_once_with_all_that_hangs_on_it() -> None:
    draft = ApplicationFactory()
    DocumentFactory(application=draft)
    OpeningInterestFactory(application=draft)

    privacy.erase_person(draft.applicant.user, by=opm_staff(OpmRole.RECORDS_OFFICER))

    assert not Application.objects.exists()
    assert not Applicant.objects.exists()


def text_with(word: str) -> list[str]:
    """Tables of which some row holds `word`, whatever its column."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{word}%"])
            found += [table] if cursor.fetchone()[0] else []
        return found


def filled_with(word: str) -> dict[type[Model], dict[str, str]]:
    """For each table that a draft fills: every column that a person writes freely."""
    return {
        User: {"email": f"{word}@mail.example", "full_name": word},
        EmailAddress: {"email": f"{word}@mail.example"},
        Applicant: dict.fromkeys(("legal_name", "preferred_name", "city", "phone"), word),
        Application: {"answers": {word: word}},
        Document: {"label": word},
        CaseMessage: {"body": word},
    }


def test_nothing_that_the_person_wrote_is_left_of_a_draft() -> None:
    draft = ApplicationFactory()
    DocumentFactory(application=draft)
    CaseMessageFactory(thread__application=draft)
    with privacy.records_mark("redact"):
        for model, columns in filled_with(CANARY).items():
            model._base_manager.update(**columns)
    assert len(text_with(CANARY)) == len(filled_with(CANARY))

    privacy.erase_person(draft.applicant.user, by=UserFactory())

    assert text_with(CANARY) == []
    person = User.objects.get(pk=draft.applicant.user_id)
    assert (person.full_name, person.is_active, person.has_usable_password()) == ("", False, False)


def test_the_stored_files_go_when_the_rows_are_gone(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    document = DocumentFactory()
    default_storage.save(document.stored_name, ContentFile(b"%PDF-1.7"))

    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase_person(document.application.applicant.user, by=UserFactory())

    assert not default_storage.exists(document.stored_name)


@pytest.mark.parametrize("factory", [DocumentFactory, CaseThreadFactory, CaseMessageFactory])
def test_a_hold_on_anything_of_a_draft_stops_all_of_it(factory: Any) -> None:
    draft = ApplicationFactory()
    path = "thread__application" if factory is CaseMessageFactory else "application"
    held = factory(**{path: draft})
    LegalHoldFactory(subject_type=held._meta.label_lower, subject_id=held.pk)

    with pytest.raises(Refused, match="legal hold"):
        privacy.erase_person(draft.applicant.user, by=UserFactory())

    assert type(held).objects.filter(pk=held.pk).exists()


def test_a_name_stays_as_long_as_a_record_names_the_person() -> None:
    application = SubmittedApplicationFactory()

    privacy.erase_person(application.applicant.user, by=UserFactory())

    assert User.objects.get(pk=application.applicant.user_id).full_name == "Robin Reyes"


def test_a_submitted_application_is_a_record_and_stays() -> None:
    application = SubmittedApplicationFactory()

    privacy.erase_person(application.applicant.user, by=opm_staff(OpmRole.RECORDS_OFFICER))

    assert Application.objects.get() == application


def test_a_legal_hold_stops_destruction() -> None:
    draft, officer = ApplicationFactory(), opm_staff(OpmRole.RECORDS_OFFICER)
    LegalHold.objects.create(
        matter="EEO 2027-1",
        subject_type="applicants.application",
        subject_id=draft.pk,
        starts_on=today(),
        placed_by=officer,
    )

    with pytest.raises(Refused, match="legal hold"):
        privacy.erase_person(draft.applicant.user, by=officer)
    assert Application.objects.filter(pk=draft.pk).exists()


def test_a_person_moves_to_another_of_their_accounts_but_two_people_never_merge() -> None:
    applicant, new = ApplicantFactory(), UserFactory()
    holding = next(holding for holding in privacy.holdings() if holding.label == "applicants")

    holding.repoint(applicant.user, new)
    assert Applicant.objects.get().user == new

    with pytest.raises(Refused):
        holding.repoint(new, ApplicantFactory().user)
