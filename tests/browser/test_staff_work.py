"""The work of OPM's staff, by links alone: rate, decide, issue, return with comments."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.journeys import enter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Examine = Callable[[str], None]


@pytest.fixture
def examine(page: Page, axe_source: str) -> Iterator[Examine]:
    """Collects what is wrong with the page that is open; the test fails with all of it at its end."""
    found: list[str] = []

    def look(name: str) -> None:
        found.extend(f"{name}: {line}" for line in faults(page, axe_source))

    yield look
    assert found == []


def begin(page: Page, house: str, role: str, card: str) -> None:
    """From the first page of the staff to what waits there."""
    enter(page, house, role)
    page.goto(f"{house}/admin/")
    page.get_by_role("link", name=card, exact=True).click()


def test_a_reviewer_rates_and_gets_the_next(house: str, page: Page, examine: Examine) -> None:
    begin(page, house, "reviewer", "To rate")
    examine("queue")
    page.get_by_role("button", name="Go on with yours").or_(
        page.get_by_role("button", name="Take the next application")
    ).click()
    expect(page.get_by_role("heading", name="Your rating")).to_be_visible()
    examine("application")

    page.get_by_label("Reason for the score").fill("")
    page.get_by_role("button", name="Submit and take the next").click()
    expect(page.get_by_role("alert")).to_be_focused()
    examine("application with errors")
    page.get_by_label("4. Strong").check()
    page.get_by_label("Reason for the score").fill("Clear evidence, twice.")
    page.get_by_role("button", name="Submit and take the next").click()

    expect(page.get_by_text("Your rating is in.")).to_be_visible()


def test_a_decider_reads_the_reasons_and_decides(house: str, page: Page, examine: Examine) -> None:
    begin(page, house, "hr-decider", "To decide")
    examine("list")
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("heading", name="Ratings")).to_be_visible()
    examine("decision")

    page.get_by_role("button", name="Record the results and decide").click()

    expect(page.get_by_role("alert")).to_be_focused()
    examine("decision with errors")


def test_a_program_manager_looks_at_a_list_before_it_is_issued(
    house: str, page: Page, examine: Examine
) -> None:
    begin(page, house, "program-manager", "Qualified people to certify")
    examine("empty form")
    page.get_by_label("Discipline").select_option(label="Software engineering")
    page.get_by_role("button", name="Show the list").click()
    expect(page.get_by_role("button", name="Issue this certificate")).to_be_visible()
    examine("preview")


def test_a_program_manager_returns_an_opening_with_comments(house: str, page: Page, examine: Examine) -> None:
    begin(page, house, "program-manager", "Openings to approve")
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("heading", name="Against the cohort’s bounds")).to_be_visible()
    examine("opening")
    page.get_by_role("link", name="Return with comments").click()
    page.get_by_role("button", name="Return with comments").click()
    expect(page.get_by_role("alert")).to_be_focused()
    examine("comments with errors")
    page.get_by_role("link", name="Back without doing it").click()
    expect(page.get_by_role("button", name="Approve and publish")).to_be_visible()


def test_a_program_manager_sees_where_a_certificate_went(house: str, page: Page, examine: Examine) -> None:
    enter(page, house, "program-manager")
    page.goto(f"{house}/admin/placements/certificate/?status__exact=issued")
    page.locator("#result_list tbody th a").first.click()
    expect(page.get_by_role("heading", name="Names and referrals")).to_be_visible()
    examine("certificate")
    page.get_by_role("link", name="Refer to an agency").click()
    expect(page.get_by_label("To be returned by")).to_be_visible()
    examine("referral")
