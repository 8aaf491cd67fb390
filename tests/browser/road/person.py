"""Somebody at a browser of their own, who finds the way by what the pages offer."""

import datetime
import re

from playwright.sync_api import Locator, Page, expect

from techforce.demo.people import PEOPLE
from tests.browser.road.town import Town

MOST_WAIT_MS = 15_000


class Person:
    """Pages are reached by links and buttons; an address is typed only for the first page of all."""

    email = ""

    def __init__(self, page: Page, town: Town) -> None:
        self.page, self.town = page, town
        page.set_default_timeout(MOST_WAIT_MS)

    def open(self, path: str) -> None:
        self.page.goto(self.town.url + path)

    def follow(self, name: str | re.Pattern[str], *, exact: bool = True) -> None:
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def fill(self, label: str, text: str, *, exact: bool = False) -> None:
        self.page.get_by_label(label, exact=exact).first.fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label).first.select_option(label=option)

    def tick(self, label: str | re.Pattern[str]) -> None:
        self.page.get_by_label(label).first.check()

    def answer(self, question: str, answer: str) -> None:
        """Of a group of radio buttons."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_label(answer, exact=True).check()

    def fill_day(self, question: str, day: datetime.date) -> None:
        """A date in three fields."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_label("Month").select_option(value=str(day.month))
        group.get_by_label("Day", exact=True).fill(str(day.day))
        group.get_by_label("Year").fill(str(day.year))

    def reads(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def does_not_read(self, words: str) -> None:
        expect(self.page.get_by_role("main")).not_to_contain_text(words)

    def stands_on(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def row(self, words: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words)

    def sign_out(self) -> None:
        self.press("Sign out")

    def opens_mail(self, about: str) -> None:
        """In the mailbox of the demonstration, as soon as the worker has sent it."""
        mail = self.town.wait_for_mail(self.email, about)
        self.open(f"/demo/mail/?to={self.email}")
        self.follow(mail.subject)
        self.stands_on(mail.subject)


class Staff(Person):
    """A person of the demonstration, signed in by their button; the page supplies the second factor."""

    role = ""

    def __init__(self, page: Page, town: Town) -> None:
        super().__init__(page, town)
        self.email = PEOPLE[self.role].email

    def come_in(self) -> None:
        self.open("/demo/")
        self.page.locator(f"form[action='/demo/sign-in/{self.role}/'] button").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_attached()
