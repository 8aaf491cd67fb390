"""OPM's program office: raters, the person who decides, the program manager."""

import re

from playwright.sync_api import expect

from techforce.accounts.models import User
from tests.browser.road.agency import Opening
from tests.browser.road.person import Staff
from tests.factories.accounts import PASSWORD, app_code


class OpmPerson(Staff):
    def goes_home(self) -> None:
        self.open("/admin/")

    def opens_work(self, label: str) -> None:
        self.goes_home()
        self.page.locator(".tf-work").get_by_role("link", name=label, exact=True).click()


class Reviewer(OpmPerson):
    role = "reviewer"

    def rates(self, reference_number: str, score: int, name: str) -> None:
        """Blind: nothing on the page says who it is."""
        self.opens_work("To rate")
        self.press("Take the next application")
        expect(self.page.get_by_text(reference_number).first).to_be_visible()
        expect(self.page.locator("body")).not_to_contain_text(name)
        expect(self.page.locator("body")).not_to_contain_text("Harborlight")
        self.page.get_by_role("radio").nth(5 - score).check()
        self.fill("Reason for the score", "Found the cause alone, and measured before and after.")
        self.press("Submit and take the next")
        expect(self.page.get_by_text("Your rating is in.")).to_be_visible()


class SecondReviewer(Reviewer):
    """Signs in with a password and the code of an authenticator app."""

    user: User

    def come_in(self) -> None:
        self.open("/accounts/login/")
        self.fill("Email", self.user.email)
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        self.fill("Code", app_code())
        self.press("Sign In")
        expect(self.page).to_have_url(re.compile("/admin/$"))


class HrDecider(OpmPerson):
    role = "hr-decider"

    def qualifies(self, reference_number: str, discipline: str) -> None:
        self.opens_work("To decide")
        self.follow(reference_number)
        self.answer(f"Result in {discipline}", "Qualified")
        self.press("Record the results and decide")
        expect(self.page.get_by_text(f"{reference_number}: Qualified")).to_be_visible()


class ProgramManager(OpmPerson):
    role = "program-manager"

    def publishes(self, opening: Opening) -> None:
        self.opens_work("Openings to approve")
        self.follow(opening.title)
        self.press("Approve and publish")
        expect(self.page.get_by_text("The opening is published")).to_be_visible()

    def certifies(self, name: str, discipline: str) -> None:
        self.opens_work("Qualified people to certify")
        self.choose("Discipline", discipline)
        self.press("Show the list")
        expect(self.page.get_by_role("table").first).to_contain_text(name)
        self.press("Issue this certificate")
        expect(self.page.get_by_text("is issued with 1 name")).to_be_visible()

    def refers(self, opening: Opening) -> None:
        self.follow(re.compile("^Refer"))
        self.page.get_by_label("Opening").wait_for()
        options = self.page.get_by_label("Opening").locator("option").all_inner_texts()
        self.choose("Opening", next(option for option in options if opening.title in option))
        self.press("Refer to an agency")
