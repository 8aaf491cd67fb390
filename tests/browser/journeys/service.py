"""During service: more time for a disclosure, asked for and answered, and a change of duties."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.journeys.ways import enter
from tests.browser.pages import ETHICS, SERVING


def asking_for_more_time(page: Page, base: str) -> Iterator[str]:
    """What the demonstration asked for is withdrawn, and asked for anew."""
    enter(page, base, SERVING)
    page.goto(base + "/my/service/")
    page.get_by_role("link", name="More time").click()
    yield "request that waits"
    page.get_by_role("button", name="Withdraw the request").click()
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("alert")).to_contain_text("How many days more")
    yield "refused request"
    page.get_by_label("How many days more").fill("20")
    page.get_by_label("Why you need them").fill("A statement comes late.")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("Your request waits for the ethics office")).to_be_visible()


def answering_a_request_for_more_time(page: Page, base: str) -> Iterator[str]:
    enter(page, base, ETHICS)
    page.goto(base + "/agency/ethics/")
    page.locator("table:has(caption:text('Requests for more time'))").get_by_role("link").first.click()
    yield "request for more time"
    page.get_by_role("link", name="Decline").click()
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_role("alert")).to_contain_text("Why not")
    yield "refused answer to a request"
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Grant").click()
    yield "grant of more time"


def reporting_a_change_of_duties(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "supervisor")
    page.goto(base + "/agency/placements/?state=serving")
    page.get_by_role("link", name="Adriana Kowalczyk").click()
    page.get_by_role("link", name="Report a change of duties").click()
    page.get_by_role("button", name="Report a change of duties").click()
    expect(page.get_by_role("alert")).to_contain_text("What changed")
    yield "refused report of a change"
    enter(page, base, ETHICS)
    page.goto(base + "/agency/ethics/?step=A26")
    page.get_by_role("link", name="A26").first.click()
    yield "change of duties to look at"
