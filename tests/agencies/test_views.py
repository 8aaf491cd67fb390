"""The public list of openings."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.agencies import OpeningFactory, PublishedOpeningFactory

pytestmark = pytest.mark.django_db


def test_the_list_shows_published_openings_with_their_deadline_and_zone(client: Client) -> None:
    OpeningFactory(title="Still a draft")
    closes_at = datetime(2030, 1, 9, 4, 59, tzinfo=UTC)
    PublishedOpeningFactory(title="Data Scientist, Floods", closes_at=closes_at, time_zone="America/New_York")
    page = client.get("/openings/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Data Scientist, Floods" in page
    assert "January 8, 2030, 11:59 p.m. ET" in page
    assert "Still a draft" not in page


def test_the_next_page_goes_on_where_the_first_one_ended(client: Client) -> None:
    for n in range(26):
        PublishedOpeningFactory(
            title=f"Opening {n:02}", closes_at=timezone.now() + timedelta(days=5, minutes=n)
        )
    first = client.get("/openings/")
    second = client.get(f"/openings/{first.context['next_url']}")
    assert [opening.title for opening in second.context["openings"]] == ["Opening 25"]


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_costs_the_same_with_one_row_and_with_three(
    size: int, client: Client, django_assert_num_queries: Any
) -> None:
    for _n in range(size):
        PublishedOpeningFactory()
    with django_assert_num_queries(1):
        client.get("/openings/")


@pytest.mark.parametrize("cursor", ["after=x", "before=%5B1%5D", "after=WzEsIDJd"])
def test_a_made_up_cursor_is_a_bad_request(cursor: str, client: Client) -> None:
    PublishedOpeningFactory()
    assert client.get(f"/openings/?{cursor}").status_code == 400
