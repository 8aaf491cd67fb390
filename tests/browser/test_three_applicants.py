"""Each kind of applicant from sign-up to the receipt, on a telephone's width, with the keyboard alone."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect

from applicants.models import Application
from partners.models import Nomination
from techforce.core.mail.mailer import send_due
from tests.accounts.visitor import code_mailed_to
from tests.browser.journeys import enter, nominate
from tests.browser.keyboard import Keyboard
from tests.browser.pages import MEMBER
from tests.partners.desks import link_mailed_to

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "eleven brass kettles singing"
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def sign_up(page: Page, keys: Keyboard, address: str) -> None:
    keys.write("Email", address)
    keys.write("Password", PASSWORD)
    keys.press("Create account")
    expect(page.locator("#id_code")).to_be_visible()
    keys.write("Code", code_mailed_to(address))
    keys.press("Confirm")
    expect(page.get_by_text("Successfully signed in")).to_be_visible()


def apply(keys: Keyboard, page: Page, house: str, tmp_path: Path, *, name: str, track: str) -> Application:
    """Every step, one after the other, from the start page on; returns what was submitted."""
    page.goto(house + "/apply/")
    keys.write("Your legal name", name)
    keys.press("Start your application")
    keys.stands_on("Eligibility")
    keys.answer("Are you a citizen of the United States?", "Yes")
    keys.answer("Are you 18 or older?", "Yes")
    go_on(keys, "Contact")
    go_on(keys, "Track and disciplines")
    keys.answer("Which track fits you?", track)
    keys.choose("First choice of discipline", "Software")
    go_on(keys, "Experience")
    keys.write("In your own words", "I keep a log of defects that I caused.")
    go_on(keys, "Résumé")
    file = tmp_path / "resume.txt"
    file.write_text(f"{name}\nEngineer at Harborlight Logistics since 2021.\n")
    keys.give_file("Choose a file", file)
    go_on(keys, "Skills")
    go_on(keys, "Preferences")
    go_on(keys, "Employers")
    keys.write("For whom do you work now?", "Harborlight Logistics")
    go_on(keys, "Consent")
    keys.tick("Agencies of this cohort may see my application")
    go_on(keys, "Preference and accommodation")
    keys.answer("Do you claim veterans’ preference?", "Not claimed")
    go_on(keys, "Review and submit")
    keys.tick("I certify that")
    keys.press("Certify and submit")
    keys.stands_on("We received your application")
    return Application.objects.get(applicant__legal_name=name)


def go_on(keys: Keyboard, step: str) -> None:
    keys.press("Save and continue")
    keys.stands_on(step)


@pytest.mark.parametrize(
    ("kind", "track"),
    [("early", "Early-career technologist"), ("experienced", "Experienced engineering manager")],
)
def test_somebody_from_outside(house: str, page: Page, tmp_path: Path, kind: str, track: str) -> None:
    keys, address = Keyboard(page), f"{kind}-{uuid4().hex[:8]}@mail.example"
    page.goto(house + "/accounts/signup/")
    sign_up(page, keys, address)
    application = apply(keys, page, house, tmp_path, name=f"Noor {kind}", track=track)
    assert application.status == "submitted"
    assert str(application.reference_number) in receipt_mailed_to(address)


def test_somebody_whom_a_company_lends(house: str, page: Page, browser: Browser, tmp_path: Path) -> None:
    address = f"lent-{uuid4().hex[:8]}@mail.example"
    with browser.new_context() as office:
        coordinator = office.new_page()
        enter(coordinator, house, MEMBER)
        nominate(coordinator, house, f"work-{address}")
    keys = Keyboard(page)
    page.goto(house + link_mailed_to(f"work-{address}"))
    keys.press("Create account")
    sign_up(page, keys, address)
    keys.stands_on("You are nominated")
    keys.answer("Is the company privately held?", "No")
    keys.tick("None of these")
    keys.answer("Is there a right, or an understanding, that you come back to the company?", "No")
    keys.answer("Does your spouse or minor child work for the company, or hold equity in it?", "No")
    keys.tick("I am the person named above")
    keys.press("Confirm the nomination")
    keys.stands_on("Your nomination")
    application = apply(
        keys, page, house, tmp_path, name="Nora Lent", track="Experienced engineering manager"
    )
    assert application.status == "submitted"
    assert Nomination.objects.get(nominee__email=address).status == "confirmed"


def receipt_mailed_to(address: str) -> str:
    while send_due():
        pass
    return str([message.body for message in mail.outbox if message.to == [address]][-1])
