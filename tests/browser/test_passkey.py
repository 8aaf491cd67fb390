"""A passkey is added and used under our policy, with the browser's own virtual authenticator."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import faults
from tests.browser.journeys import enter
from tests.browser.pages import MEMBER

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def authenticator(page: Page) -> Iterator[None]:
    """A telephone that says yes whenever the browser asks it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    yield
    session.detach()


def add_a_passkey(page: Page, house: str) -> None:
    page.goto(house + "/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))


@pytest.mark.usefixtures("authenticator")
def test_a_passkey_signs_in_without_a_password(house: str, page: Page) -> None:
    enter(page, house, MEMBER)
    add_a_passkey(page, house)
    page.goto(house + "/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="My phone")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(house + "/accounts/login/?next=/accounts/profile/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(house + "/accounts/profile/")
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()


@pytest.mark.usefixtures("authenticator")
def test_nothing_is_wrong_with_the_pages_of_a_passkey(house: str, page: Page, axe_source: str) -> None:
    enter(page, house, "hr-specialist")
    add_a_passkey(page, house)
    page.goto(house + "/accounts/2fa/webauthn/")
    links = page.locator("main .tf-listing a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) == 2
    for url in (page.url, *links, house + "/accounts/2fa/webauthn/reauthenticate/"):
        page.goto(url)
        assert page.url == url
        assert faults(page, axe_source) == [], url
