"""Keyset pages: forwards, backwards, and nobody else's cursor."""

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict

from techforce.core.models import Closure
from techforce.core.paging import Page, keyset_page


@pytest.fixture
def days(db: None) -> list[str]:
    days = [f"2026-01-{day:02}" for day in range(1, 8)]
    Closure.objects.bulk_create(Closure(on=day, reason="snow") for day in days)
    return days


def page(query: str) -> Page:
    return keyset_page(Closure.objects.all(), QueryDict(query.lstrip("?")), keys=("on", "id"), size=3)


def shown(page: Page) -> list[str]:
    return [row.on.isoformat() for row in page.rows]


def test_following_next_shows_every_row_once(days: list[str]) -> None:
    first = page("")
    second = page(first.next_url)
    third = page(second.next_url)
    assert shown(first) + shown(second) + shown(third) == days
    assert (first.previous_url, third.next_url) == ("", "")


def test_previous_leads_back_to_the_same_rows(days: list[str]) -> None:
    first = page("")
    second = page(first.next_url)
    assert shown(page(second.previous_url)) == shown(first)


def test_paging_keeps_the_rest_of_the_address(days: list[str]) -> None:
    assert "Keyword=data" in page("Keyword=data").next_url


@pytest.mark.parametrize("cursor", ["!", "e30=", "WzFd", "WyJ4IiwgMV0="])
def test_a_made_up_cursor_is_a_bad_request(days: list[str], cursor: str) -> None:
    with pytest.raises(BadRequest):
        page(f"after={cursor}")
