"""Nominating a person, the terms of a loan and the nominee's answer."""

from collections.abc import Iterator
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.journeys.ways import enter, nominate, type_password
from tests.browser.pages import MEMBER
from tests.factories.accounts import PASSWORD as FACTORY_PASSWORD
from tests.factories.accounts import UserFactory
from tests.partners.desks import link_mailed_to


def nominating_a_person(page: Page, base: str) -> Iterator[str]:
    enter(page, base, MEMBER)
    page.goto(base + "/partner/nominate/")
    page.get_by_role("button", name="Send the invitation").click()
    yield "refused nomination"
    nominate(page, base, f"nominee-{uuid4().hex[:12]}@mail.example")
    expect(page.get_by_text("an invitation is on its way")).to_be_visible()
    yield "roster with a message"
    page.get_by_role("link", name="Nora Example").first.click()
    yield "invited nominee"
    page.get_by_role("link", name="Take the nomination back").click()
    page.get_by_role("button", name="Take the nomination back").click()
    yield "taking back without a reason"


def recording_the_terms_of_a_loan(page: Page, base: str) -> Iterator[str]:
    enter(page, base, MEMBER)
    page.goto(base + "/partner/")
    page.get_by_role("link", name="Priya Castellan").click()
    yield "nominee whose checks are under way"
    page.get_by_role("link", name="Change the terms").click()
    yield "terms"
    page.get_by_label("Year").last.fill("1999")
    page.get_by_role("button", name="Record the terms of the loan").click()
    yield "refused terms"


def answering_a_nomination(page: Page, base: str) -> Iterator[str]:
    address = f"nominee-{uuid4().hex[:12]}@mail.example"
    enter(page, base, MEMBER)
    nominate(page, base, address)
    page.goto(base + link_mailed_to(address))
    yield "nomination from an address of the company"
    page.get_by_role("button", name="Sign out").click()
    page.goto(base + link_mailed_to(address))
    yield "nomination of a visitor"
    page.get_by_role("link", name="Decline the nomination").click()
    yield "saying no"
    type_password(page, base, UserFactory().email, FACTORY_PASSWORD)
    page.goto(base + link_mailed_to(address))
    page.get_by_role("button", name="Confirm the nomination").click()
    yield "confirmation without answers"
    page.get_by_label("No", exact=True).nth(0).check()
    page.get_by_label("None of these").check()
    page.get_by_label("No", exact=True).nth(1).check()
    page.get_by_label("No", exact=True).nth(2).check()
    page.get_by_label("I am the person named above").check()
    page.get_by_role("button", name="Confirm the nomination").click()
    expect(page.get_by_role("heading", name="Your nomination")).to_be_visible()
    yield "confirmed nomination"
    page.goto(f"{base}/nomination/{uuid4()}/")
    yield "nomination that is gone"
