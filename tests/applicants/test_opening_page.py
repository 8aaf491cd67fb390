"""The public page of an opening, and the button "Interested"."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Opening
from applicants.models import Application, OpeningInterest
from techforce.program.models import Cohort
from tests.factories.accounts import UserFactory
from tests.factories.agencies import (
    OpeningFactory,
    OpeningPlaceFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.factories.applicants import ApplicationFactory, OpeningInterestFactory
from tests.factories.program import CohortFactory, past_window
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

NO_SUCH_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(status="open")


@pytest.fixture
def opening(cohort: Cohort) -> Opening:
    return PublishedOpeningFactory(cohort=cohort, title="Data Scientist, Floods")


@pytest.fixture
def application(cohort: Cohort) -> Application:
    return ApplicationFactory(cohort=cohort)


@pytest.fixture
def desk(application: Application) -> Desk:
    return Desk(application.applicant.user)


def address(opening: Opening, part: str = "") -> str:
    return f"/openings/{opening.public_id}/{part}"


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def mark(desk: Client, opening: Opening, answer: str = "yes") -> Any:
    return desk.post(address(opening, "interest/"), {"interested": answer})


def state(opening: Opening, status: str) -> Opening:
    """The same opening in another state: one is made in it, since no test writes a status."""
    return PublishedOpeningFactory(cohort=opening.cohort, status=status)


# ── What everybody reads ──────────────────────────────────────────────────────────────────────────
def test_a_stranger_reads_what_the_job_is_and_until_when(client: Client, opening: Opening) -> None:
    closes_at = datetime(2030, 1, 9, 5, tzinfo=UTC)
    Opening.objects.filter(pk=opening.pk).update(closes_at=closes_at, travel_percent=20)
    OpeningPlaceFactory(opening=opening, city="Austin", state="TX")
    page = text(client.get(address(opening)))
    for said in (
        "Data Scientist, Floods",
        "January 8, 2030, 11:59 p.m. ET",
        "$140,000 to $180,000 a year",
        "GS-13 to GS-14",
        "Austin, TX",
        "20 percent of the time",
        "Term, 24 months",
        "Tier M",
        "Nonsensitive",
        "U.S. citizens",
        "OGE Form 450",
    ):
        assert said in page


def test_its_parts_stand_in_the_order_of_usajobs(client: Client, opening: Opening) -> None:
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", text(client.get(address(opening))))
    assert headings[:8] == [
        "Open to",
        "Summary",
        "Duties",
        "Requirements",
        "How you will be evaluated",
        "Documents",
        "Benefits",
        "How to apply",
    ]


@pytest.mark.parametrize("status", ["archived", "cancelled"])
def test_what_is_no_longer_public_is_not_found(status: str, client: Client, opening: Opening) -> None:
    assert client.get(address(state(opening, status))).status_code == 404


def test_a_draft_is_not_found_by_anybody_here(client: Client) -> None:
    draft = OpeningFactory()
    member = Desk(agency_member(agency=draft.agency))
    assert client.get(address(draft)).status_code == 404
    assert member.get(address(draft)).status_code == 404
    assert client.get(f"/openings/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("status", "sentence"), [("closed", "This opening is closed."), ("paused", "has paused this opening")]
)
def test_a_closed_or_paused_opening_says_so(
    status: str, sentence: str, client: Client, opening: Opening
) -> None:
    page = text(client.get(address(state(opening, status))))
    assert sentence in page
    assert "application/ld+json" not in page


def test_search_engines_read_the_same(client: Client, opening: Opening) -> None:
    Opening.objects.filter(pk=opening.pk).update(summary="</script><b>&", is_remote=True)
    page = client.get(address(opening)).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    posting = json.loads(block)
    assert posting["title"] == "Data Scientist, Floods"
    assert posting["description"].startswith("</script><b>&")
    assert posting["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": 140_000,
        "maxValue": 180_000,
        "unitText": "YEAR",
    }
    assert posting["jobLocationType"] == "TELECOMMUTE"


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_costs_the_same_with_one_place_and_with_three(
    size: int, client: Client, opening: Opening
) -> None:
    for _n in range(size):
        OpeningPlaceFactory(opening=opening)
    with CaptureQueriesContext(connection) as queries:
        client.get(address(opening))
    assert len(queries) == 2


# ── Marking it ────────────────────────────────────────────────────────────────────────────────────
def test_a_person_marks_an_opening_from_the_draft_on_and_takes_it_back(
    opening: Opening, application: Application, desk: Desk
) -> None:
    page = text(desk.post(address(opening, "interest/"), {"interested": "yes"}, follow=True))
    assert "You marked this opening." in page
    assert "No longer interested" in page
    mark(desk, opening)
    assert application.interests.get().opening == opening

    page = text(desk.post(address(opening, "interest/"), {"interested": "no"}, follow=True))
    assert "No longer marked." in page
    assert not application.interests.exists()


def test_whoever_has_no_application_is_led_to_begin_one(opening: Opening) -> None:
    desk = Desk(UserFactory())
    page = text(desk.get(address(opening)))
    assert f'href="/apply/?opening={opening.public_id}"' in page
    assert "interest/" not in page
    assert mark(desk, opening).headers["Location"] == f"/apply/?opening={opening.public_id}"
    assert not OpeningInterest.objects.exists()


def test_an_application_of_another_cohort_does_not_count(opening: Opening) -> None:
    desk = Desk(ApplicationFactory(cohort=CohortFactory(status="open")).applicant.user)
    assert mark(desk, opening).headers["Location"] == f"/apply/?opening={opening.public_id}"


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_opening(
    client: Client, opening: Opening, desk: Desk
) -> None:
    assert f"/accounts/login/?next={address(opening)}" in text(client.get(address(opening)))
    assert mark(client, opening).headers["Location"].startswith("/accounts/login/")
    assert desk.get(address(opening, "interest/")).headers["Location"] == address(opening)


def test_after_the_window_nobody_is_led_to_apply(client: Client) -> None:
    late = PublishedOpeningFactory(cohort=past_window())
    page = text(client.get(address(late)))
    assert "The window to apply for this cohort is closed." in page
    assert 'href="/apply/' not in page.partition("<main")[2]


@pytest.mark.parametrize("status", ["closed", "paused"])
def test_only_what_is_published_is_marked(
    status: str, opening: Opening, application: Application, desk: Desk
) -> None:
    other = state(opening, status)
    assert "interest/" not in text(desk.get(address(other)))
    answer = mark(desk, other)
    assert answer.status_code == 422
    assert "This opening is not published." in text(answer)
    assert not application.interests.exists()


def test_a_mark_on_what_has_closed_can_still_be_taken_back(
    opening: Opening, application: Application, desk: Desk
) -> None:
    other = state(opening, "closed")
    OpeningInterestFactory(application=application, opening=other)
    assert "No longer interested" in text(desk.get(address(other)))
    mark(desk, other, "no")
    assert not application.interests.exists()


def test_an_application_that_is_decided_marks_nothing(opening: Opening) -> None:
    decided = ApplicationFactory(
        cohort=opening.cohort,
        status="not_qualified",
        submitted_at=timezone.now() - timedelta(days=9),
        decided_at=timezone.now(),
    )
    desk = Desk(decided.applicant.user)
    assert "interest/" not in text(desk.get(address(opening)))
    assert mark(desk, opening).status_code == 422
    assert not decided.interests.exists()


# ── Back to the opening after signing up ──────────────────────────────────────────────────────────
def test_a_visitor_keeps_the_opening_through_sign_up(client: Client, opening: Opening) -> None:
    page = text(client.get(f"/apply/?opening={opening.public_id}"))

    assert "You came from the opening “Data Scientist, Floods”" in page
    assert f"?next=/apply/%3Fopening%3D{opening.public_id}" in page


def test_beginning_leads_back_to_the_opening_where_it_can_be_marked(opening: Opening) -> None:
    desk = Desk(UserFactory())
    start = mark(desk, opening).headers["Location"]

    begun = desk.post(start, {"legal_name": "Robin Reyes"})

    assert begun.headers["Location"] == address(opening)
    assert mark(desk, opening).headers["Location"] == address(opening)
    assert OpeningInterest.objects.get().opening == opening


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example/", "x", "", NO_SUCH_ID, "\N{SNOWMAN}"]
)
def test_nothing_else_is_an_opening_to_come_back_to(wanted: str, cohort: Cohort) -> None:
    desk = Desk(UserFactory())

    begun = desk.post(f"/apply/?opening={wanted}", {"legal_name": "Robin Reyes"})

    assert begun.headers["Location"].startswith("/apply/")
    assert begun.headers["Location"].endswith("/eligibility/")


def test_an_opening_that_is_not_public_is_not_named(cohort: Cohort) -> None:
    hidden = OpeningFactory(cohort=cohort, title="Nobody knows of it")
    desk = Desk(UserFactory())

    assert "Nobody knows of it" not in text(desk.get(f"/apply/?opening={hidden.public_id}"))
