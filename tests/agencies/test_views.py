"""The public list of openings."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.agencies import AgencyFactory, OpeningFactory, PublishedOpeningFactory
from tests.factories.program import DisciplineFactory

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
    with django_assert_num_queries(3):  # the choices of the filters with their counts, the rows, their places
        client.get("/openings/")


def titles(client: Client, **query: str) -> list[str]:
    return [opening.title for opening in client.get("/openings/", query).context["openings"]]


def test_every_word_is_found_in_the_title_the_agency_or_the_summary(client: Client) -> None:
    veterans = AgencyFactory(name="Department of Veterans Affairs", acronym="VA")
    PublishedOpeningFactory(title="Cloud Engineer", office__agency=veterans, summary="Faster claims.")
    PublishedOpeningFactory(title="Cloud Architect", summary="Weather.")
    assert titles(client, Keyword="cloud VETERANS  claims") == ["Cloud Engineer"]
    assert titles(client, Keyword="va cloud") == ["Cloud Engineer"]
    assert sorted(titles(client, Keyword="cloud")) == ["Cloud Architect", "Cloud Engineer"]
    assert titles(client, Keyword="100%_") == []


def test_the_filters_count_what_they_would_show(client: Client) -> None:
    veterans, census = AgencyFactory(code="VA", name="Veterans"), AgencyFactory(code="CM63", name="Census")
    data = DisciplineFactory(code="data", name="Data")
    for agency, discipline in ((veterans, data), (veterans, DisciplineFactory()), (census, data)):
        PublishedOpeningFactory(office__agency=agency, discipline=discipline)
    page = client.get("/openings/", {"Organization": "VA"})
    assert [(facet.code, facet.count) for facet in page.context["agencies"]] == [("CM63", 1), ("VA", 2)]
    assert [(facet.code, facet.count) for facet in page.context["disciplines"]] == [
        ("data", 1),
        ("software", 1),
    ]
    assert len(page.context["openings"]) == 2
    both = client.get("/openings/", {"Organization": "VA", "Discipline": "data"})
    assert "1 opening</p>" in both.content.decode()


def test_what_was_searched_stays_in_the_box_and_on_the_next_page(client: Client) -> None:
    for _n in range(26):
        PublishedOpeningFactory(title='Engineer "A" & B')
    page = client.get("/openings/", {"Keyword": 'engineer "a"'})
    assert 'value="engineer &quot;a&quot;"' in page.content.decode()
    assert "26 openings" in page.content.decode()
    assert len(client.get(f"/openings/{page.context['next_url']}").context["openings"]) == 1


def test_an_empty_result_leads_back_to_all(client: Client) -> None:
    PublishedOpeningFactory()
    page = client.get("/openings/", {"Keyword": "no such thing"}).content.decode()
    assert "No opening fits your search" in page
    assert "See all openings" in page


def test_each_entry_leads_to_its_opening(client: Client) -> None:
    opening = PublishedOpeningFactory()
    assert f'href="/openings/{opening.public_id}/"' in client.get("/openings/").content.decode()


@pytest.mark.parametrize("cursor", ["after=x", "before=%5B1%5D", "after=WzEsIDJd"])
def test_a_made_up_cursor_is_a_bad_request(cursor: str, client: Client) -> None:
    PublishedOpeningFactory()
    assert client.get(f"/openings/?{cursor}").status_code == 400
