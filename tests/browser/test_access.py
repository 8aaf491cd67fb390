"""Without a mouse, with large text, in forced colors, with reduced motion."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as NotFound

from techforce.demo.people import PASSWORD, PEOPLE
from tests.browser.axe import overflow
from tests.browser.journeys import enter
from tests.browser.pages import PERSON, WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PUBLIC_PAGES = ("/", "/accounts/login/", "/accounts/signup/", "/openings/", "/numbers/", "/apply/")
SIGNED_IN = {
    "early-career": ("/my/", "/my/questions/", "/my/calendar/", "/accounts/data/"),
    "security-officer": ("/agency/", "/agency/vetting/", "/agency/import/"),
    "program-manager": ("/admin/",),
}


def tab_to(page: Page, target: Locator, most: int = 30) -> None:
    """Press Tab until the focus is there; a focus that cannot be seen on the way is a fault."""
    for _press in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        if target.evaluate("element => element === document.activeElement"):
            return
    raise NotFound(f"the keyboard does not reach {target}")


def test_the_keyboard_alone_signs_in_and_out(house: str, page: Page) -> None:
    page.goto(house + "/")
    tab_to(page, page.get_by_role("link", name="Sign in"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(house + "/accounts/login/")
    tab_to(page, page.locator("#id_login"))
    page.keyboard.type(PEOPLE[PERSON].email)
    tab_to(page, page.locator("#id_password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    sign_out = page.get_by_role("button", name="Sign out")
    expect(sign_out).to_be_visible()
    tab_to(page, sign_out)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_on_a_telephone_the_keyboard_opens_the_menu_and_goes_through_it(house: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(house + "/")
    tab_to(page, page.get_by_role("button", name="Menu"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Openings").first)
    tab_to(page, page.get_by_role("link", name="Sign in"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(house + "/accounts/login/")


def test_a_failed_form_takes_the_focus_to_its_errors_and_on_into_the_field(house: str, page: Page) -> None:
    page.goto(house + "/accounts/signup/")
    tab_to(page, page.locator("#id_email"))
    page.keyboard.type("not an address")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Error: Create an account | Tech Force")
    expect(page.get_by_role("alert").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_email")).to_have_value("not an address")


def test_staff_reach_their_work_past_the_navigation(house: str, page: Page) -> None:
    enter(page, house, "program-manager")
    page.goto(house + "/admin/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("main").get_by_role("link").first, most=3)


@pytest.mark.parametrize("width", WIDTHS)
def test_text_of_double_size_stays_on_the_page(width: int, house: str, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for url in PUBLIC_PAGES:
        page.goto(house + url)
        assert overflow_at_double_size(page) == 0, url
    for role, urls in SIGNED_IN.items():
        page.set_viewport_size({"width": 1440, "height": 900})  # where the menu is open
        enter(page, house, role)
        page.set_viewport_size({"width": width, "height": 900})
        for url in urls:
            page.goto(house + url)
            assert overflow_at_double_size(page) == 0, url


def overflow_at_double_size(page: Page) -> int:
    """As a reader does who sets the browser's text to 200 percent; the script is not held back by the policy."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    return overflow(page)


def test_in_forced_colors_controls_keep_their_edges(house: str, browser: Browser) -> None:
    with browser.new_context(forced_colors="active") as profile:
        page = profile.new_page()
        page.goto(house + "/accounts/login/")
        for control in (page.locator("#id_login"), page.get_by_role("button", name="Sign in", exact=True)):
            edges = control.evaluate(
                "e => ['borderTopWidth', 'outlineWidth'].map(n => getComputedStyle(e)[n])"
            )
            assert any(float(edge.removesuffix("px")) >= 1 for edge in edges)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport()


def test_with_reduced_motion_nothing_moves(house: str, browser: Browser) -> None:
    with browser.new_context(reduced_motion="reduce") as profile:
        page = profile.new_page()
        for url in PUBLIC_PAGES:
            page.goto(house + url)
            assert page.evaluate(SLOWEST_MOTION_S) <= 0.01, url


SLOWEST_MOTION_S = """
    Math.max(0, ...Array.from(document.querySelectorAll("*")).flatMap(element => {
      const style = getComputedStyle(element);
      return [style.transitionDuration, style.animationDuration].flatMap(text => text.split(",").map(parseFloat));
    }))
"""
