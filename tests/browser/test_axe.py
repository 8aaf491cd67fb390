"""Every page: WCAG 2.2 AA by axe, no sideways scrolling, no script or style refused by the policy.

Public and personal pages, error pages and steps of journeys are examined at 320, 390 and 1440 pixels, and so is the
first page of each staff role. The other staff pages (every list, its first record, the page to add one, and some
filtered lists and searches without result) take the three widths in turn: each kind of page meets each width. What
looks the same to two roles is examined once.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults, faults_as_shown, violations
from tests.browser.journeys import JOURNEYS, Journey, enter
from tests.browser.pages import PUBLIC, SIGNED_IN_PAGES, WIDTHS, forgotten, public_urls, visits
from tests.browser.staff import KINDS, ROLES, Tour
from tests.browser.urls import FAILURES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Examine = Callable[[str], None]


@pytest.fixture(scope="module")
def tour() -> Tour:
    """One for all roles, so that what looks the same to two of them is examined once."""
    return Tour()


@pytest.fixture
def examine(page: Page, axe_source: str) -> Iterator[Examine]:
    """Collects what is wrong with the page that is open; the test fails with all of it at its end."""
    found: list[str] = []

    def look(name: str) -> None:
        expect(page.get_by_role("main")).to_be_visible()
        found.extend(f"{name}: {line}" for line in faults(page, axe_source))

    yield look
    assert found == []


@pytest.mark.parametrize("role", [PUBLIC, *dict.fromkeys(visit.role for visit in SIGNED_IN_PAGES)])
def test_nothing_is_wrong_with_a_page(role: str, house: str, page: Page, examine: Examine) -> None:
    if role != PUBLIC:
        enter(page, house, role)
    for url in (visit.url for visit in visits() if visit.role == role):
        answer = page.goto(house + url)
        assert answer is not None
        assert answer.ok, url
        assert page.url == house + url
        examine(url)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_nothing_is_wrong_on_the_way(journey: Journey, house: str, page: Page, examine: Examine) -> None:
    for step in journey(page, house):
        examine(step)


@pytest.mark.parametrize("status", [*FAILURES, 429])
def test_nothing_is_wrong_with_an_error_page(status: int, house: str, page: Page, examine: Examine) -> None:
    answer = page.goto(f"{house}/fail/{status}/")
    assert answer is not None
    assert answer.status == status
    expect(page.get_by_text(f"Error {status}")).to_be_visible()
    examine(f"error {status}")


@pytest.mark.parametrize("role", ROLES)
def test_nothing_is_wrong_with_what_the_staff_see(
    role: str, house: str, page: Page, axe_source: str, tour: Tour, examine: Examine
) -> None:
    enter(page, house, role)
    page.goto(house + "/admin/")
    expect(page.get_by_role("heading", name="All records")).to_be_visible()
    examine("first page")
    assert [
        f"{stop.url} at {stop.width} px: {line}"
        for stop in tour.through(page, house)
        for line in faults_as_shown(page, axe_source)
    ] == []


@pytest.mark.usefixtures("house")  # so that it stays behind those that it looks back on
def test_every_kind_of_staff_page_was_seen_at_every_width(tour: Tour) -> None:
    seen = {(stop.kind, stop.width) for stop in tour.stops}
    assert seen == {(kind, width) for kind in KINDS for width in WIDTHS}


def test_no_page_is_forgotten() -> None:
    assert forgotten() == set()
    assert {"/", "/openings/", "/accounts/login/", "/accounts/signup/", "/privacy/"} <= set(public_urls())


def test_axe_finds_what_is_wrong(page: Page, axe_source: str) -> None:
    page.set_content("<main><h1>A page</h1><img src='data:,'><input></main>")
    found = " ".join(violations(page, axe_source))
    assert "image-alt" in found
    assert "label" in found
