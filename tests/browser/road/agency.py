"""The people of the agency: HR, the hiring manager, the approving, security and ethics officials."""

import datetime
import re
from dataclasses import dataclass

from playwright.sync_api import expect

from techforce.core.calendar import today
from techforce.demo.people import HOME_OFFICE
from tests.browser.road.person import Staff

PAY = "152,000"
ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What HR writes; each walk has its own."""

    title: str
    discipline: str
    duty: str
    office: str = HOME_OFFICE
    track: str = "Early-career technologist"


class AgencyPerson(Staff):
    def looks_up(self, name: str, opening: Opening) -> None:
        """The candidate's page, by way of the list."""
        self.follow("Agency work")
        self.follow("Candidates")
        row = self.row(name).filter(has_text=opening.title)
        row.get_by_role("link", name=name).click()
        self.stands_on(name)

    def opens_placement_of(self, name: str, state: str = "Before the start") -> None:
        self.follow("Agency work")
        self.follow("Placements")
        self.stands_on("Placements")
        self.follow(state)
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        self.stands_on(name)


class HrSpecialist(AgencyPerson):
    role = "hr-specialist"

    def writes(self, opening: Opening) -> None:
        """Pay outside the band of the cohort is refused as long as nobody asks for an exception."""
        self.follow("Your openings")
        self.follow("New opening")
        self.fill("Title", opening.title)
        self.choose("Office", opening.office)
        self.choose("Cohort", "Cohort 1")
        self.press("Save and continue")
        self.describes_the_work(opening)
        self.fill("Lowest pay", "95,000")
        self.fill("Highest pay", "110,000")
        self.press("Save draft")
        expect(self.page.get_by_role("alert")).to_contain_text("outside the cohort's band")
        self.fill("Lowest pay", "140,000")
        self.fill("Highest pay", "175,000")
        self.press("Save draft")
        self.reads("ready to submit")

    def describes_the_work(self, opening: Opening) -> None:
        self.choose("Discipline", opening.discipline)
        self.choose("Track", opening.track)
        self.page.get_by_label("Series").select_option(label=self.series())
        self.fill("Seats", "1", exact=True)
        self.fill("Opens on", today().isoformat())
        self.fill("Last day", (today() + 14 * ONE_DAY).isoformat())
        self.fill("Places of work", "Washington, DC")
        self.fill("Summary", "You will make one form in three easier to fill in.")
        self.fill("Duties", "Watch people fill the form in.\nRepair what stops them.")
        self.fill("Requirements", "Shows working software of your own.")
        self.fill("How we evaluate you", "Two people who do this work read your answers without your name.")
        self.tick(opening.duty)
        self.choose(
            "Vetting tier", self.page.get_by_label("Vetting tier").locator("option").nth(1).inner_text()
        )
        self.choose("Sensitivity", "Nonsensitive")
        self.fill("Designated on", today().isoformat())
        self.fill("Designation record", "PDR-ROAD-1")
        self.choose("Financial disclosure", "Not required")

    def series(self) -> str:
        self.page.get_by_label("Series").wait_for()
        options = self.page.get_by_label("Series").locator("option").all_inner_texts()
        return next(option for option in options if "2210" in option)

    def submits(self, opening: Opening) -> None:
        self.press("Submit for approval")
        self.reads("OPM has your opening now")

    def offers_tentatively(self, name: str, opening: Opening) -> None:
        self.looks_up(name, opening)
        self.follow("Prepare a tentative offer")
        self.fill("Rate of pay", PAY.replace(",", ""))
        self.fill("First day", (today() + ONE_DAY).isoformat())
        self.press("Save the draft")
        self.sends()

    def sends(self) -> None:
        self.follow("Send the offer")
        self.press("Send the offer")
        self.reads("It expires unless it is answered by")

    def offers_firmly(self, name: str) -> None:
        self.opens_placement_of(name)
        self.follow("Prepare the firm offer")
        self.press("Save the draft")
        self.sends()

    def cannot_offer_firmly_yet(self, name: str) -> None:
        """The page says so instead of a form."""
        self.opens_placement_of(name)
        self.follow("Prepare the firm offer")
        self.stands_on("The firm offer has to wait")

    def confirms_readiness(self, name: str) -> None:
        self.opens_placement_of(name)
        self.press("Confirm readiness")
        self.reads("Everything is ready")

    def records_the_first_day(self, name: str) -> None:
        self.opens_placement_of(name)
        self.follow("Record entry on duty")
        self.fill("Day of entry on duty", today().isoformat())
        self.press("Record entry on duty")
        self.reads("The entry on duty is recorded")
        self.reads("Serving")

    def records_the_end(self, name: str, reason: str) -> None:
        self.opens_placement_of(name, "Serving")
        self.follow("End early")
        self.fill("Last day of service", today().isoformat())
        self.choose("Reason", reason)
        self.press("End early")

    def closes(self, name: str, outcome: str) -> None:
        self.opens_placement_of(name, "Ended")
        self.follow("Close")
        self.choose("What became of the person", outcome)
        self.press("Close")
        self.reads("Closed")


class HiringManager(AgencyPerson):
    role = "hiring-manager"

    def shortlists(self, name: str, opening: Opening) -> None:
        self.looks_up(name, opening)
        self.press("Put on the short list")
        self.reads("On the short list")

    def interviews(self, name: str, opening: Opening) -> None:
        self.looks_up(name, opening)
        self.press("Record an interview")
        self.reads("The interview is recorded")

    def shortlists_again(self, name: str, opening: Opening) -> None:
        self.looks_up(name, opening)
        self.press("Shortlist")
        self.reads("On the short list")

    def cannot_have(self, name: str, opening: Opening) -> None:
        """Blocked by a conflict: nothing to do, and nothing of the person's ties."""
        self.looks_up(name, opening)
        self.reads("Not available for this opening")
        self.reads("There is nothing for you to do here.")
        self.does_not_read("Docusign")


class ApprovingOfficial(AgencyPerson):
    role = "approving-official"

    def selects(self, name: str, opening: Opening) -> None:
        self.looks_up(name, opening)
        self.press("Select")
        self.reads("Selected. HR can prepare the tentative offer now.")

    def is_refused(self, name: str, opening: Opening) -> None:
        """Told that somebody else has to decide first, and not why."""
        self.looks_up(name, opening)
        self.press("Select")
        self.reads("The ethics official has to decide first.")
        self.does_not_read("Docusign")


class SecurityOfficer(AgencyPerson):
    role = "security-officer"

    def records(self, name: str, step: str, outcome: str = "") -> None:
        """A step that can only be done asks for the day alone."""
        self.opens_placement_of(name)
        self.follow(re.compile(step))
        self.follow("Record the outcome")
        if outcome:
            self.answer("Outcome", outcome)
        self.fill("When it happened", today().isoformat())
        self.press("Record the outcome")
        self.reads("The outcome is recorded")


class EthicsOfficial(AgencyPerson):
    role = "ethics-official"

    def opens_conflict_of(self, name: str) -> None:
        self.follow("Agency work")
        self.follow("Conflicts of interest")
        self.follow(name)
        self.stands_on(name)

    def signs(self, name: str, result: str) -> None:
        self.opens_conflict_of(name)
        self.answer("Your decision", result)
        self.press("Sign")

    def records_a_waiver(self, name: str, company: str) -> None:
        self.follow("Agency work")
        self.follow("Conflicts of interest")
        self.follow("What is signed")
        self.follow(name)
        self.follow("Record a waiver")
        self.choose("Company", company)
        self.fill("Scope and limits", "Service contracts of the office; signature products only.")
        self.fill("Issued by", "Deputy Assistant Secretary")
        self.fill("Issued on", today().isoformat())
        self.fill("Document reference", "EW-ROAD-1")
        self.press("Record a waiver")
