"""Everybody who works on the road, each at a browser of their own. They come in when they are needed."""

from functools import cached_property
from typing import TypeVar

from playwright.sync_api import Browser, BrowserContext, Page

from techforce.accounts.models import OpmRole
from tests.browser.conftest import is_problem
from tests.browser.road.agency import (
    ApprovingOfficial,
    EthicsOfficial,
    HiringManager,
    HrSpecialist,
    SecurityOfficer,
)
from tests.browser.road.applicant import Applicant
from tests.browser.road.opm import HrDecider, ProgramManager, Reviewer, SecondReviewer
from tests.browser.road.partner import Coordinator
from tests.browser.road.person import Staff
from tests.browser.road.town import Town
from tests.factories.accounts import give_second_factor, opm_staff

SomeStaff = TypeVar("SomeStaff", bound=Staff)
SomeApplicant = TypeVar("SomeApplicant", bound=Applicant)
WINDOW = {"width": 1440, "height": 900}


class Everybody:
    def __init__(self, browser: Browser, town: Town) -> None:
        self.browser, self.town = browser, town
        self.profiles: list[BrowserContext] = []
        self.problems: list[str] = []

    def joined_by(self, kind: type[SomeApplicant], name: str, discipline: str) -> SomeApplicant:
        person = kind(self._page(), self.town)
        person.is_called(name)
        person.discipline = discipline
        return person

    def go_home(self) -> None:
        """What a browser complained about on the way fails the walk."""
        for profile in self.profiles:
            profile.close()
        assert self.problems == []

    def _page(self) -> Page:
        profile = self.browser.new_context(viewport=WINDOW)
        self.profiles.append(profile)
        tab = profile.new_page()
        tab.on("console", lambda line: self.problems.append(line.text) if is_problem(line, tab) else None)
        tab.on("pageerror", lambda error: self.problems.append(str(error)))
        return tab

    def _come(self, kind: type[SomeStaff]) -> SomeStaff:
        person = kind(self._page(), self.town)
        person.come_in()
        return person

    @cached_property
    def hr_specialist(self) -> HrSpecialist:
        return self._come(HrSpecialist)

    @cached_property
    def hiring_manager(self) -> HiringManager:
        return self._come(HiringManager)

    @cached_property
    def approving_official(self) -> ApprovingOfficial:
        return self._come(ApprovingOfficial)

    @cached_property
    def security_officer(self) -> SecurityOfficer:
        return self._come(SecurityOfficer)

    @cached_property
    def ethics_official(self) -> EthicsOfficial:
        return self._come(EthicsOfficial)

    @cached_property
    def coordinator(self) -> Coordinator:
        return self._come(Coordinator)

    @cached_property
    def reviewer(self) -> Reviewer:
        return self._come(Reviewer)

    @cached_property
    def second_reviewer(self) -> SecondReviewer:
        """A colleague whom `/demo/` does not offer: signs in by hand."""
        user = opm_staff(OpmRole.REVIEWER, full_name="Naomi Calder")
        give_second_factor(user)
        person = SecondReviewer(self._page(), self.town)
        person.user = user
        person.come_in()
        return person

    @cached_property
    def hr_decider(self) -> HrDecider:
        return self._come(HrDecider)

    @cached_property
    def program_manager(self) -> ProgramManager:
        return self._come(ProgramManager)
