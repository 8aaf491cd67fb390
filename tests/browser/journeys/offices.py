"""The work of an agency and of the staff: candidates, offers, figures, steps, conflicts, failed forms, mail."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.journeys.ways import enter
from tests.browser.pages import ETHICS, HR


def reading_the_mailbox(page: Page, base: str) -> Iterator[str]:
    page.goto(base + "/demo/mail/")
    page.get_by_role("link", name="A message").click()
    yield "one message"


def failing_a_staff_form(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "program-manager")
    page.goto(base + "/admin/agencies/opening/add/")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    yield "failed staff form"


def choosing_a_candidate(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "approving-official")
    page.goto(base + "/agency/candidates/?standing=considered")
    page.locator("table a").first.click()
    yield "candidate"
    page.get_by_role("link", name="Do not select").click()
    page.get_by_role("button", name="Do not select").click()
    expect(page.get_by_role("alert")).to_contain_text("Reason")
    yield "refused answer about a candidate"
    page.goto(base + "/agency/candidates/")
    page.get_by_role("main").get_by_role("list").last.get_by_role("link").first.click()
    yield "certificate"


def making_an_offer(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/offers/")
    page.locator("table a").first.click()
    yield "offer"
    page.goto(base + "/agency/candidates/?standing=selected")
    page.locator("table a").first.click()
    page.get_by_role("link", name="Prepare a tentative offer").click()
    page.get_by_label("Rate of pay").fill("20000")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("The cohort pays")
    yield "refused offer"


def correcting_a_figure(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/numbers/")
    page.get_by_role("link", name="Correct").first.click()
    page.get_by_role("button", name="Correct the figure").click()
    expect(page.get_by_role("alert")).to_contain_text("Why")
    yield "refused correction of a figure"


def recording_a_step(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "security-officer")
    page.goto(base + "/agency/placements/")
    page.locator("table a").first.click()
    yield "placement of an agency"
    page.goto(base + "/agency/")
    page.locator("table a").first.click()
    yield "step"
    page.get_by_role("link", name="Record the outcome").click()
    page.get_by_label("When it happened").fill("")
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.get_by_role("alert")).to_contain_text("When it happened")
    yield "refused outcome"


def deciding_about_a_conflict(page: Page, base: str) -> Iterator[str]:
    enter(page, base, ETHICS)
    page.goto(base + "/agency/conflicts/")
    page.locator("table a").first.click()
    yield "conflict"
    page.get_by_role("link", name="Screen again").click()
    page.get_by_role("button", name="Screen again").click()
    expect(page.get_by_role("alert")).to_contain_text("Why")
    yield "refused screening"
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Record another relationship").click()
    yield "relationship of an office"
