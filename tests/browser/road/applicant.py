"""The person who applies, from the first click to the end of the term."""

import re
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.road.person import Person

PASSWORD = "eleven brass kettles singing"
CODE = re.compile(r"^\s*([A-Z0-9-]{6,})\s*$", re.MULTILINE)
RESUME = "Engineer at Harborlight Logistics, 2021 to now.\nBuilt the booking service and its tests.\n"


class Applicant(Person):
    name = email = discipline = reference_number = ""
    track = "Early-career technologist"

    def is_called(self, name: str) -> None:
        self.name = name
        self.email = f"{name.split()[0].lower()}-{uuid4().hex[:10]}@mail.example"

    def creates_an_account(self) -> None:
        """With a code that comes by mail."""
        self.open("/")
        self.follow("Apply")
        self.follow("Create an account")
        self.fill("Email", self.email)
        self.fill("Password", PASSWORD)
        self.press("Create account")
        self.enters_the_code()

    def enters_the_code(self) -> None:
        mail = self.town.wait_for_mail(self.email, "Your Tech Force code")
        found = CODE.search(mail.text)
        assert found, mail.text
        self.fill("Code", found[1])
        self.press("Confirm")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_attached()

    def begins_an_application(self) -> None:
        self.follow("Apply")
        self.fill("Your legal name", self.name)
        self.press("Start your application")
        self.stands_on("Eligibility")
        self.answer("Are you a citizen of the United States?", "Yes")
        self.answer("Are you 18 or older?", "Yes")
        self.goes_on_to("Contact")

    def goes_on_to(self, step: str) -> None:
        self.page.get_by_role("button", name="Save and continue").last.click()
        self.stands_on(step)

    def leaves_and_comes_back(self) -> None:
        """The draft is still there, and says that it is one."""
        self.sign_out()
        self.open("/accounts/login/")
        self.fill("Email", self.email)
        self.fill("Password", PASSWORD)
        self.press("Sign in")
        self.stands_on("My application")
        self.reads("Not submitted")

    def fills_in_the_rest(self, folder: Path) -> None:
        self.follow("Finish and submit your application")
        self.stands_on("Review and submit")
        self.follow("Edit Contact")
        self.stands_on("Contact")
        self.goes_on_to("Track and disciplines")
        self.answer("Which track fits you?", self.track)
        self.choose("First choice of discipline", self.discipline)
        self.goes_on_to("Experience")
        self.fill("In your own words", "I keep a log of defects that I caused.")
        self.goes_on_to("Résumé")
        resume = folder / "resume.txt"
        resume.write_text(RESUME)
        self.page.get_by_label("Choose a file").set_input_files(resume)
        self.goes_on_to("Skills")
        self.goes_on_to("Preferences")
        self.goes_on_to("Employers")
        self.fill("For whom do you work now?", "Harborlight Logistics")
        self.goes_on_to("Consent")
        self.tick("Agencies of this cohort may see my application")
        self.goes_on_to("Preference and accommodation")
        self.answer("Do you claim veterans’ preference?", "Not claimed")
        self.goes_on_to("Review and submit")

    def submits(self) -> None:
        self.tick("I certify that")
        self.press("Certify and submit")
        self.stands_on("We received your application")
        found = re.search(r"TF-\d{8}", self.page.get_by_role("main").inner_text())
        assert found
        self.reference_number = found[0]
        mail = self.town.wait_for_mail(self.email, f"We received your application {self.reference_number}")
        assert self.town.url in mail.text

    def marks(self, title: str) -> None:
        """On the public list, which everybody reads."""
        self.follow("Openings")
        self.follow(title)
        self.stands_on(title)
        self.press("Interested")
        self.reads("You marked this opening")

    def accepts(self, title: str, kind: str) -> None:
        """The mail says that an offer waits, and not which."""
        self.opens_mail("You have an offer to answer")
        self.does_not_read(title)
        self.goes_home()
        self.follow(f"Answer your {kind} offer: {title}")
        self.reads("Do not resign" if kind == "tentative" else title)
        self.follow("Accept")
        self.press("Accept this offer")

    def goes_home(self) -> None:
        self.open("/")
        self.follow("My application")
        self.stands_on("My application")

    def reads_own_steps(self) -> None:
        self.goes_home()
        self.follow(re.compile("Your start and your service"))
        self.stands_on("Your service")

    def hands_in(self, step: str) -> None:
        self.reads_own_steps()
        self.row(step).get_by_role("button").click()
        expect(self.row(step).get_by_role("button")).to_have_count(0)
