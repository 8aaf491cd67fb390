"""Sign-in with Login.gov in a real browser, under our policy, against the stand-in of the demonstration."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from techforce.demo.login_gov.keys import CLIENT_KEY
from tests.accounts.stand_in import running, using
from tests.browser.axe import faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def stand_in(house: str, tmp_path: Path) -> Iterator[None]:
    with running(tmp_path, house) as url, using(url, tmp_path / CLIENT_KEY):
        yield


@pytest.mark.usefixtures("stand_in")
def test_somebody_new_comes_in_through_login_gov(house: str, page: Page, axe_source: str) -> None:
    page.goto(house + "/accounts/login/?next=/accounts/profile/")
    page.get_by_role("link", name="Login.gov").click()
    assert faults(page, axe_source) == []
    page.get_by_role("button", name="Continue to Login.gov").click()
    page.get_by_label("E-mail address").fill("grace@mail.example")
    page.get_by_role("button", name="Sign in and go back").click()
    expect(page).to_have_url(house + "/accounts/profile/")
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()


@pytest.mark.usefixtures("stand_in")
def test_somebody_who_thinks_better_of_it_reads_so(house: str, page: Page, axe_source: str) -> None:
    page.goto(house + "/accounts/login_gov/login/")
    page.get_by_role("button", name="Continue to Login.gov").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="You canceled the sign-in")).to_be_visible()
    assert faults(page, axe_source) == []
