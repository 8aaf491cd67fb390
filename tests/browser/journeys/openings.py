"""Reading openings, writing one and changing what is published."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.journeys.ways import enter
from tests.browser.pages import HR, PERSON


def reading_an_opening(page: Page, base: str) -> Iterator[str]:
    page.goto(base + "/openings/?Keyword=software")
    page.locator(".tf-listing a").first.click()
    yield "opening"
    page.goto(base + "/openings/?Keyword=nothing+at+all+is+called+this")
    yield "search without a result"
    enter(page, base, PERSON)
    page.goto(base + "/openings/")
    page.locator(".tf-listing a").first.click()
    yield "opening of somebody signed in"


def writing_an_opening(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/openings/new/")
    page.get_by_label("Title").fill("Engineer of the journey")
    page.get_by_label("Office").select_option(index=1)
    page.get_by_label("Cohort").select_option(index=1)
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile(r"/agency/openings/[0-9a-f-]{36}/edit/$"))
    yield "draft"
    page.get_by_label("Lowest pay").fill("20,000")
    page.get_by_label("Highest pay").fill("30,000")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("alert")).to_contain_text("outside the cohort's band")
    yield "refused draft"
    page.get_by_label("We ask OPM for an exception").check()
    page.get_by_role("button", name="Save draft").click()
    yield "draft with open points"
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("alert")).to_contain_text("Still missing")
    yield "refused submission"


def changing_a_published_opening(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/openings/")
    page.get_by_role("row", name="Published").first.get_by_role("link").click()
    yield "published opening of one's agency"
    page.get_by_role("link", name="Propose a change").click()
    yield "change"
    page.get_by_role("button", name="Send to OPM").click()
    yield "refused change"
