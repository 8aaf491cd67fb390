"""Each format of the download holds what the person gave through the pages, and no word that others wrote."""

import io
import json
import zipfile
from typing import Any

import pypdf
import pytest
from django.utils.html import escape

from applicants.models import OpeningInterest
from placements.services import decline_offer
from techforce.accounts.models import User
from techforce.core import pdf
from techforce.core.models import MailChoice
from tests.factories.placements import SentOfferFactory
from tests.techforce.test_own_data import GIVEN, KEPT, downloaded, person, person_at, words
from tests.techforce.world import again

__all__ = ["person", "words"]

pytestmark = pytest.mark.django_db


def text_of_pdf(content: bytes) -> str:
    """Without the breaks that the layout puts into long words."""
    return "".join(
        "".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages
    )


def in_zip(content: bytes) -> str:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return "".join([archive.read("my-data.json").decode(), *archive.namelist()])


def test_no_format_holds_a_word_of_others_and_the_archive_holds_every_word_of_the_person(
    person: User, words: dict[str, set[str]]
) -> None:
    client = person_at(again(person))
    found = {
        "zip": in_zip(downloaded(client, "zip")),
        "page": downloaded(client, "page").decode(),
        "pdf": text_of_pdf(downloaded(client, "pdf")) if pdf.is_available() else "",
    }

    assert {word for word in words[GIVEN] if word not in found["zip"]} == set()
    for kind, content in found.items():
        assert {word for word in words[KEPT] if word in content} == set(), kind


def test_what_is_read_is_what_is_stored(person: User, words: dict[str, set[str]]) -> None:
    """Free words stand on the page as in the JSON; only answers and submissions read otherwise."""
    page = downloaded(person_at(again(person)), "page").decode()

    free = {
        word for word in words[GIVEN] if not word.startswith((f"{GIVEN}-application-", f"{GIVEN}-snapshot-"))
    }
    assert {word for word in free if escape(word) not in page} == set()


def test_offers_answered_reasons_interests_and_choices_are_in() -> None:
    offer = SentOfferFactory()
    person = offer.applicant.user
    decline_offer(offer=offer, reason_code="other_job", by=person)
    OpeningInterest.objects.create(
        application=offer.selection.application, opening=offer.opening, cohort=offer.cohort, rank=1
    )
    MailChoice.objects.create(user=person, has_early_reminders=False)

    sections: dict[str, Any] = {
        section["name"]: section["rows"] for section in json.loads(downloaded(person_at(person)))["sections"]
    }

    assert [row["status"] for row in sections["offers"]] == ["declined"]
    assert [row["reason_code"] for row in sections["reasons_given"]] == ["other_job"]
    assert [row["opening"] for row in sections["interests"]] == [offer.opening.title]
    assert sections["mail_choice"] == [{"has_early_reminders": False}]
    assert "I have another job" in downloaded(person_at(person), "page").decode()


def test_reasons_of_others_are_not_in() -> None:
    mine, theirs = SentOfferFactory(), SentOfferFactory()
    decline_offer(offer=theirs, reason_code="other_job", by=theirs.applicant.user)

    assert "other_job" not in downloaded(person_at(mine.applicant.user)).decode()
