"""Applying in a real browser: without scripts, with the keyboard alone, and what the script adds."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from applicants.models import Application
from techforce.program.models import Cohort, Discipline
from tests.accounts.visitor import code_mailed_to
from tests.applicants.filling import saved
from tests.browser.journeys import type_password
from tests.factories.accounts import PASSWORD
from tests.factories.applicants import ApplicationFactory

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def draft(house: str) -> Application:
    cohort = Cohort.objects.accepting().order_by("pk").first()
    return ApplicationFactory(
        cohort=cohort, answers={}, disciplines=[Discipline.objects.order_by("pk").first()]
    )


def open_step(page: Page, house: str, draft: Application, step: str) -> None:
    page.goto(f"{house}/apply/{draft.public_id}/{step}/")


def test_what_is_typed_is_saved_by_itself(house: str, page: Page, draft: Application) -> None:
    type_password(page, house, draft.applicant.user.email, PASSWORD)
    open_step(page, house, draft, "employers")
    page.get_by_label("For whom do you work now?").fill("Harbor Board")
    expect(page.get_by_text("Saved at")).to_be_visible(timeout=10_000)
    page.reload()
    expect(page.get_by_label("For whom do you work now?")).to_have_value("Harbor Board")


def test_a_link_that_is_followed_at_once_takes_what_was_typed_along(
    house: str, page: Page, draft: Application
) -> None:
    type_password(page, house, draft.applicant.user.email, PASSWORD)
    open_step(page, house, draft, "employers")
    page.get_by_label("For whom do you work now?").fill("Harbor Board")
    page.get_by_role("link", name="All answers").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(reloaded(page).get_by_text("Harbor Board")).to_be_visible()


def reloaded(page: Page) -> Page:
    """The page after what it left behind has arrived."""
    page.wait_for_timeout(500)
    page.reload()
    return page


def test_a_save_that_another_window_stopped_is_not_called_saved(
    house: str, page: Page, draft: Application
) -> None:
    type_password(page, house, draft.applicant.user.email, PASSWORD)
    open_step(page, house, draft, "employers")
    field = page.get_by_label("For whom do you work now?")
    field.fill("Harbor Board")
    expect(page.get_by_text("Saved at")).to_be_visible(timeout=10_000)
    saved(Application.objects.get(pk=draft.pk), "employers", now=["Pier Nine"])  # on another device
    field.fill("Harbor Board, east")
    expect(page.get_by_text("Not saved yet")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("Saved at")).to_be_hidden()


def test_the_button_waits_for_a_save_that_is_under_way(house: str, page: Page, draft: Application) -> None:
    """And is not taken for another window, although more was typed since."""
    type_password(page, house, draft.applicant.user.email, PASSWORD)
    open_step(page, house, draft, "employers")
    page.route("**/employers/", slowly)
    field = page.get_by_label("For whom do you work now?")
    field.fill("Harbor Board")
    page.wait_for_timeout(3200)
    field.fill("Harbor Board, east")
    page.get_by_role("button", name="Save and continue").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Consent")
    open_step(page, house, draft, "review")
    expect(page.get_by_text("Harbor Board, east")).to_be_visible()


def slowly(route: Route) -> None:
    """Half a second for what the script saves by itself."""
    answer = route.fetch() if route.request.headers.get("x-autosave") else None
    if answer is None:
        return route.continue_()
    time.sleep(0.5)
    return route.fulfill(response=answer)


def test_another_tab_never_overwrites_in_silence(house: str, page: Page, draft: Application) -> None:
    type_password(page, house, draft.applicant.user.email, PASSWORD)
    open_step(page, house, draft, "employers")
    other = page.context.new_page()
    open_step(other, house, draft, "employers")
    other.get_by_label("For whom do you work now?").fill("Harbor Board")
    other.get_by_role("button", name="Save and continue").last.click()
    other.close()
    page.get_by_label("For whom do you work now?").fill("Pier Nine")
    page.get_by_role("button", name="Save and continue").last.click()
    page.get_by_role("button", name="Take the saved one").click()
    expect(page.get_by_label("For whom do you work now?")).to_have_value("Harbor Board")


def sign_up(page: Page, house: str) -> None:
    address = f"plain-{uuid4().hex[:8]}@mail.example"
    page.goto(house + "/accounts/signup/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill("eleven brass kettles singing")
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code").fill(code_mailed_to(address))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("Successfully signed in")).to_be_visible()


def test_without_scripts_on_a_telephone(house: str, browser: Browser, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as plain:
        page = plain.new_page()
        sign_up(page, house)
        page.goto(house + "/apply/")
        page.get_by_label("Your legal name").fill("Noor Plain")
        page.get_by_role("button", name="Start your application").click()
        for question in ("Are you a citizen", "Are you 18 or older"):
            page.get_by_role("group", name=question).get_by_label("Yes").check()
        for _page in ("eligibility", "contact"):
            page.get_by_role("button", name="Save and continue").last.click()
        page.get_by_label("First choice of discipline").select_option(index=1)
        for _page in ("disciplines", "experience"):
            page.get_by_role("button", name="Save and continue").last.click()
        resume = {"name": "résumé.txt", "mimeType": "text/plain", "buffer": b"Noor Plain, tide tables"}
        page.get_by_label("Choose a file").set_input_files(resume)
        for _page in ("resume", "skills", "preferences", "employers"):
            page.get_by_role("button", name="Save and continue").last.click()
        page.get_by_label("Agencies of this cohort").check()
        for _page in ("consent", "support"):
            page.get_by_role("button", name="Save and continue").last.click()
        page.get_by_label("I certify").check()
        page.get_by_role("button", name="Certify and submit").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("We received your application")


def test_with_the_keyboard_alone(house: str, page: Page, draft: Application) -> None:
    """Enter saves and goes on, also on the page that has a button to add a job before it."""
    type_password(page, house, draft.applicant.user.email, PASSWORD)
    open_step(page, house, draft, "experience")
    page.get_by_label("What you were").focus()
    page.keyboard.type("Engineer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Résumé")
    open_step(page, house, draft, "review")
    page.get_by_label("I certify").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("We received your application")
