"""A partner company's coordinator, and the person whom the company lends."""

import datetime
import re

from techforce.core.calendar import add_months
from tests.browser.road.applicant import PASSWORD, Applicant
from tests.browser.road.person import Staff


class Nominee(Applicant):
    """Confirms from an account of their own, by the link that the company's invitation brought."""

    track = "Experienced engineering manager"

    def opens_the_invitation(self) -> None:
        self.opens_mail("would like to nominate you")
        self.page.get_by_role("link", name=re.compile("nomination")).click()
        self.stands_on("You are nominated")

    def creates_an_account(self) -> None:
        """From the invitation, which the new account leads back to."""
        self.page.get_by_role("main").get_by_role("link", name="Create account").click()
        self.fill("Email", self.email)
        self.fill("Password", PASSWORD)
        self.press("Create account")
        self.enters_the_code()

    def goes_to_apply(self) -> None:
        """A nomination is not an application."""
        self.goes_home()
        self.follow("See your nomination")
        self.reads("Nominees apply like everyone else")

    def confirms(self, *, expects_return: bool) -> None:
        self.stands_on("You are nominated")
        self.answer("Is the company privately held?", "No")
        self.tick("None of these")
        self.answer(
            "Is there a right, or an understanding, that you come back to the company?",
            "Yes" if expects_return else "No",
        )
        self.answer("Does your spouse or minor child work for the company, or hold equity in it?", "No")
        self.tick("I am the person named above, and I agree to be nominated.")
        self.press("Confirm the nomination")
        self.stands_on("Your nomination")


class Coordinator(Staff):
    role = "coordinator"

    def nominates(self, nominee: Nominee) -> None:
        self.follow("Nominations")
        self.follow("Nominate a person")
        self.fill("Name", nominee.name, exact=True)
        self.fill("E-mail address for the invitation", nominee.email)
        self.fill("Role in your company now", "Engineering manager, storage")
        self.answer("Did they serve federal customers in the last 24 months?", "No")
        self.answer("Did they work on federal bids in the last 24 months?", "No")
        self.press("Send the invitation")
        self.reads("an invitation is on its way")

    def reads_the_state(self, name: str, state: str) -> None:
        self.follow("Nominations")
        self.row(name).get_by_text(state, exact=True).wait_for()

    def records_a_leave(self, name: str, begins_on: datetime.date) -> None:
        self.opens_terms_of(name)
        self.answer("How does the person leave your company?", "Leave of absence")
        self.fill_day("First day of the leave, or last day at the company", begins_on)
        self.choose("For a leave: which kind", "Unpaid leave for public service")
        self.answer("For a leave: may the person come back?", "Yes")
        self.fill_day("For a leave with a right to return: expected day of return", add_months(begins_on, 24))
        self.files_the_terms()

    def records_a_separation(self, name: str, last_day_on: datetime.date) -> None:
        self.opens_terms_of(name)
        self.answer("How does the person leave your company?", "Separation")
        self.fill_day("First day of the leave, or last day at the company", last_day_on)
        self.files_the_terms()

    def opens_terms_of(self, name: str) -> None:
        self.follow("Nominations")
        self.follow(name)
        self.follow("Record the terms")

    def files_the_terms(self) -> None:
        self.tick("The company pays no salary, bonus or allowance")
        self.press("Record the terms of the loan")
