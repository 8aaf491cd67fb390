"""A person's download holds everything that they gave, and nothing that others wrote in confidence."""

import datetime
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, models, transaction
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from applicants.models import Rating
from applicants.workflow import NotQualifiedReason
from techforce.accounts.models import User
from techforce.accounts.services.downloads import MOST_AN_HOUR
from techforce.core.models import AccessEvent, AuditEvent
from techforce.core.privacy import records_mark, shares
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.applicants import (
    ApplicationFactory,
    CleanDocumentFactory,
    DisciplineOutcomeFactory,
    SubmittedApplicationFactory,
)
from tests.factories.placements import SentOfferFactory
from tests.placements.people import words_of
from tests.techforce.world import World, again, our_models

pytestmark = pytest.mark.django_db

DOWNLOAD = "/accounts/data/download/"
WITH_FREE_TEXT = ("applicants", "partners", "placements")
WRITABLE = (models.CharField, models.TextField, models.JSONField)
GIVEN, KEPT = "given", "kept"


def person_at(user: User) -> Client:
    """Whose password was asked for a moment ago."""
    client = Client()
    client.force_login(user, "techforce.accounts.backends.SignInBackend")
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, method="password")
    request.session.save()
    return client


def signed_in(user: User) -> Client:
    """By password, a moment ago."""
    client = Client(REMOTE_ADDR=f"10.9.{user.pk % 250}.7")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def downloaded(client: Client, format: str = "json") -> bytes:
    answer = client.post(DOWNLOAD, {"format": format})
    assert answer.status_code == 200, answer.status_code
    return answer.getvalue()


# ── Canaries ──────────────────────────────────────────────────────────────────────────────────────
def columns_of(model: type[models.Model]) -> Iterator[Any]:
    """Where text about a person may stand."""
    for column in model._meta.local_concrete_fields:
        is_free = isinstance(column, models.TextField) and model._meta.app_label in WITH_FREE_TEXT
        is_labelled = getattr(column, "sensitivity", None) in shares.LABELLED
        if isinstance(column, WRITABLE) and not column.choices and (is_free or is_labelled):
            yield column


def canary(kind: str, column: Any, number: int) -> Any:
    word = f"{kind}-{column.model._meta.model_name}-{column.name}-{number}"
    if isinstance(column, models.EmailField):
        return f"{word}@canary.example"
    return {word: word} if isinstance(column, models.JSONField) else word


def given_to(person: User, column: Any) -> models.QuerySet[Any]:
    """Rows of which this column goes into the person's download."""
    found = [
        share
        for share in shares.shares()
        if share.model is column.model and column.name in share.columns.values()
    ]
    rows = column.model._base_manager.all()
    mine = [
        models.Q(pk__in=rows.filter(share.only, **{share.owner: person.pk}).values("pk")) for share in found
    ]
    return rows.filter(mine[0]) if mine else rows.none()


def planted(person: User) -> dict[str, set[str]]:
    """A word of its own in every such column of every row; columns that take no free word are left out."""
    words: dict[str, set[str]] = {GIVEN: set(), KEPT: set()}
    for model in our_models():
        for column in columns_of(model):
            mine = set(given_to(person, column).values_list("pk", flat=True))
            for key in model._base_manager.order_by("pk").values_list("pk", flat=True):
                kind = GIVEN if key in mine else KEPT
                value = canary(kind, column, key)
                if write(model, key, column.name, value):
                    words[kind].add(str(next(iter(value)) if isinstance(value, dict) else value))
    return words


def write(model: type[models.Model], key: int, column: str, value: Any) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=key).update(**{column: value})
    except DatabaseError:
        return False
    return True


@pytest.fixture
def person(world: World) -> User:
    return again(world.sides["home"].person)


@pytest.fixture
def words(person: User) -> dict[str, set[str]]:
    with records_mark("redact"):
        found = planted(person)
    assert len(found[GIVEN]) >= 15
    assert len(found[KEPT]) >= 60
    return found


def columns_in(words: set[str]) -> set[str]:
    return {word.split("@")[0].split("-", 1)[1].rpartition("-")[0] for word in words}


def test_what_the_person_gave_is_in_and_what_others_wrote_is_not(
    person: User, words: dict[str, set[str]]
) -> None:
    content = downloaded(person_at(again(person))).decode()

    assert {word for word in words[GIVEN] if word not in content} == set()
    assert {word for word in words[KEPT] if word in content} == set()
    assert columns_in(words[GIVEN]) >= {
        "user-full_name", "applicant-legal_name", "applicant-phone", "application-answers", "snapshot-content",
        "document-label", "casemessage-body", "nomination-present_role", "equitydeclaration-conditions",
        "recusalstatement-scope",
    }  # fmt: skip
    assert columns_in(words[KEPT]) >= {
        "rating-notes", "ethicswaiver-scope", "vettingwaiver-emergency",
        "payexception-reason", "checklistitem-external_reference", "applicant-legal_name", "casemessage-body",
    }  # fmt: skip


def test_a_column_given_by_mistake_is_noticed(
    person: User, words: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the test above."""
    monkeypatch.setattr(shares, "_SHARES", shares._SHARES.copy())
    shares.give("leak", "Leak", Rating, owner="application__applicant__user", columns=["notes"])

    content = downloaded(person_at(again(person))).decode()

    assert [word for word in words[KEPT] if word in content]


def test_every_labelled_column_is_given_or_named_as_confidential(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shares.unaccounted() == []
    monkeypatch.setattr(shares, "_WITHHELD", [])
    assert "applicants.Rating.notes" in shares.unaccounted()


# ── The page ──────────────────────────────────────────────────────────────────────────────────────
def test_the_data_is_complete_well_formed_and_says_what_each_column_is(person: User) -> None:
    data = json.loads(downloaded(person_at(person)))

    assert (data["format"], data["is_complete"]) == ("techforce-my-data/1", True)
    sections = {section["name"]: section for section in data["sections"]}
    assert {share.name for share in shares.shares()} == set(sections)
    assert sections["contact"]["columns"]["phone"] == "telephone"
    assert sections["account"]["rows"][0]["email"] == person.email
    assert [row["status"] for row in sections["applications"]["rows"]] == ["qualified"]


def test_files_come_along_and_only_those_that_were_found_clean(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    draft = ApplicationFactory()
    document = CleanDocumentFactory(application=draft, label="résumé/of me.pdf")
    default_storage.save(document.stored_name, ContentFile(b"%PDF-1.7 canary"))

    archive = zipfile.ZipFile(io.BytesIO(downloaded(person_at(draft.applicant.user), "zip")))

    name = f"files/{draft.reference_number}/{document.pk}-résumé_of me.pdf"
    assert archive.namelist() == ["my-data.json", name]
    assert archive.read(name) == b"%PDF-1.7 canary"


@pytest.mark.parametrize("format", ["page", "pdf"])
def test_it_can_be_read_without_a_program(format: str, settings: Any) -> None:
    draft = ApplicationFactory(answers={"experience": {"jobs": [{"title": "Älteste <b>Tide</b>"}]}})

    content = downloaded(person_at(draft.applicant.user), format)

    assert content.startswith(b"%PDF-") or "Älteste &lt;b&gt;Tide" in content.decode()


def test_people_read_words_and_their_result_with_its_reason() -> None:
    offer = SentOfferFactory(pay_rate=150000)
    decided = SubmittedApplicationFactory(
        status="not_qualified", applicant=offer.applicant, decided_at=timezone.now()
    )
    waiting = SubmittedApplicationFactory(status="in_review", applicant=offer.applicant)
    for application in (decided, waiting):
        DisciplineOutcomeFactory(
            application=application, result="not_qualified", expires_on=None, reason_code="experience"
        )

    page = words_of(person_at(offer.applicant.user).post(DOWNLOAD, {"format": "page"}))

    reason = NotQualifiedReason.EXPERIENCE.label
    assert page.count(f"Result Not qualified Reason {reason}") == 1
    assert decided.reference_number in page
    assert "$150,000" in page
    assert not re.search(r"not_qualified|\d{4}-\d\d-\d\d|[0-9a-f]{8}-[0-9a-f]{4}-", page)


def test_the_page_names_what_it_holds_and_keeps_the_rest_closed() -> None:
    page = person_at(ApplicationFactory().applicant.user).get("/accounts/data/").content.decode()
    shown, closed = page.split("<details>")
    assert "Your applications and drafts" in shown
    assert "Roles in the program office" not in shown
    assert "Roles in the program office" in closed


def test_it_asks_for_the_password_again_and_leads_back_to_the_choice() -> None:
    person = UserFactory()
    client = signed_in(person)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        asked = client.post(DOWNLOAD, {"format": "json"}, follow=True)
        proof = asked.redirect_chain[-1][0]
        assert proof.startswith("/accounts/reauthenticate/")
        confirmed = client.post(proof, {"password": PASSWORD}, follow=True)
        assert confirmed.request["PATH_INFO"] == "/accounts/data/"
        given = client.post(DOWNLOAD, {"format": "json"})
    assert json.loads(given.getvalue())["is_complete"]


def test_each_download_is_written_down_and_there_are_not_many_an_hour() -> None:
    person = UserFactory()
    client = person_at(person)
    for _number in range(MOST_AN_HOUR):
        downloaded(client, "page")

    assert client.post(DOWNLOAD, {"format": "json"}).status_code == 429
    assert (
        AuditEvent.objects.filter(action="accounts.user:data-downloaded", actor=person).count()
        == MOST_AN_HOUR
    )
    assert AccessEvent.objects.filter(purpose="own_data", subject_id=person.pk).count() == MOST_AN_HOUR


def test_an_unknown_format_is_refused_and_nothing_leaves_by_a_link() -> None:
    client = person_at(UserFactory())

    assert client.post(DOWNLOAD, {"format": "xml"}).status_code == 400
    assert client.get(DOWNLOAD).status_code == 405


def test_the_page_is_in_the_account_menu() -> None:
    page = person_at(UserFactory()).get("/accounts/profile/").content.decode()
    assert 'href="/accounts/data/"' in page
    assert 'href="/accounts/close/"' in page
