"""Every page at three widths: WCAG 2.2 AA, no sideways scrolling, no script or style refused."""

from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from techforce.accounts.models import OpmRole, User
from tests.accounts.visitor import Visitor
from tests.browser.axe import faults, violations
from tests.browser.pages import PERSON, PUBLIC, Visit, public_urls, visits
from tests.factories.accounts import UserFactory, give_second_factor, opm_staff

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MAKERS: dict[str, Callable[[], User]] = {
    PERSON: UserFactory,
    **{role: lambda role=role: opm_staff(role) for role in OpmRole.values},
}


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings) -> None:
    """The components page and the roles page exist only there."""
    settings.DEMO = True


@pytest.fixture
def sign_in(live_server: LiveServer, context: BrowserContext) -> Callable[[str], None]:
    """Gives the browser the session of somebody in this role, second factor included."""

    def enter(role: str) -> None:
        if role == PUBLIC:
            return
        user, visitor = MAKERS[role](), Visitor()
        give_second_factor(user)
        visitor.sign_in_fully(user)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": visitor.cookies[name].value, "url": live_server.url}])

    return enter


@pytest.mark.parametrize("visit", visits(), ids=lambda visit: f"{visit.role} {visit.url}")
def test_nothing_is_wrong_with_the_page(
    visit: Visit, live_server: LiveServer, sign_in: Callable[[str], None], page: Page, axe_source: str
) -> None:
    sign_in(visit.role)
    page.goto(live_server.url + visit.url)
    expect(page.get_by_role("main")).to_be_visible()
    assert faults(page, axe_source) == []


@pytest.mark.parametrize("role", [OpmRole.ADMINISTRATOR, OpmRole.PROGRAM_MANAGER, OpmRole.AUDITOR])
def test_nothing_is_wrong_with_what_the_admin_offers(
    role: str, live_server: LiveServer, sign_in: Callable[[str], None], page: Page, axe_source: str
) -> None:
    sign_in(role)
    page.goto(live_server.url + "/admin/")
    expect(page.get_by_role("heading", name="All records")).to_be_visible()
    assert faults(page, axe_source) == []
    links = page.locator("#content a[href^='/admin/']").evaluate_all("links => links.map(link => link.href)")
    assert links
    for link in sorted(set(links)):
        page.goto(link)
        assert faults(page, axe_source) == [], link


def test_the_pages_that_must_be_public_are_among_those_visited() -> None:
    expected = {"/", "/openings/", "/accounts/login/", "/accounts/signup/", "/privacy/", "/design/"}
    assert expected <= set(public_urls())


def test_axe_finds_what_is_wrong(page: Page, axe_source: str) -> None:
    page.set_content("<main><h1>A page</h1><img src='data:,'><input></main>")
    found = " ".join(violations(page, axe_source))
    assert "image-alt" in found
    assert "label" in found


def test_nothing_is_wrong_with_an_error_page(
    live_server: LiveServer, page: Page, axe_source: str, console_problems: list[str]
) -> None:
    page.goto(live_server.url + "/nowhere/")
    assert faults(page, axe_source) == []
    # The browser reports the status of the page itself; anything else is a problem.
    console_problems[:] = [line for line in console_problems if "status of 404" not in line]
