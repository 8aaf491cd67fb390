"""What scripts add, and that nothing is lost without them."""

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_on_a_telephone_the_menu_opens_and_escape_closes_it(house: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(house)
    toggle, link = page.get_by_role("button", name="Menu"), page.get_by_role("link", name="Sign in")
    expect(link).to_be_hidden()
    toggle.click()
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(toggle).to_be_focused()


def test_without_scripts_the_menu_is_open(house: str, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as plain:
        page = plain.new_page()
        page.goto(house)
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        expect(page.get_by_role("button", name="Menu")).to_be_hidden()


def test_a_failed_form_focuses_its_errors_and_leads_into_the_field(house: str, page: Page) -> None:
    page.goto(house + "/design/")
    summary = page.get_by_role("alert", name="Please correct what is marked below")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Track").click()
    expect(page.locator("#failed_track")).to_be_focused()


def test_letters_are_counted_down(house: str, page: Page) -> None:
    page.goto(house + "/design/")
    page.locator("#empty_why").fill("Because it matters")
    expect(page.locator("#empty_why_count")).to_have_text("282 characters left")
    page.locator("#empty_why").fill("a" * 301)
    expect(page.locator("#empty_why_count")).to_have_text("1 characters over the limit")


def test_the_first_focus_is_the_way_past_the_navigation(house: str, page: Page) -> None:
    page.goto(house)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
