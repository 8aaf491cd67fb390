"""The three workbenches and the class page in a real browser, each examined at three widths on the way."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from placements.views.agency_waiting import steps_waiting_for
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.demo.people import PEOPLE
from tests.browser.axe import faults
from tests.browser.journeys import enter
from tests.browser.pages import ETHICS, HR

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Examine = Callable[[str], None]
STEPS = "table:has(caption:text('Steps, the earliest date first'))"


@pytest.fixture
def examine(page: Page, axe_source: str) -> Iterator[Examine]:
    found: list[str] = []
    yield lambda name: found.extend(f"{name}: {line}" for line in faults(page, axe_source))
    assert found == []


def mark_and_record(page: Page, boxes: list[Locator], examine: Examine) -> None:
    """Choose steps by keyboard, see what is missing, and record them."""
    for box in boxes:
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Record the chosen steps").click()
    page.get_by_label("When it happened").fill("")
    page.get_by_role("button", name="Record them").click()
    expect(page.get_by_role("alert")).to_contain_text("When it happened")
    examine("several steps, refused")
    page.get_by_label("When it happened").fill(today().isoformat())
    for choice in page.get_by_role("combobox").all():
        choice.select_option(index=1)
    page.get_by_label(re.compile("^Reference of")).first.fill("CASE-2027-0042")
    page.get_by_role("button", name="Record them").click()
    expect(page.get_by_text(re.compile(f"{len(boxes)} steps? (is|are) recorded"))).to_be_visible()


def test_the_security_officer_records_steps_finds_the_case_and_tries_rows(
    house: str, page: Page, examine: Examine
) -> None:
    enter(page, house, "security-officer")
    page.goto(house + "/agency/vetting/")
    examine("workbench")
    people = page.locator("table:has(caption:text('Vetting by milestones'))")
    reference = people.locator("tbody td").first.inner_text()
    mark_and_record(page, page.locator(STEPS).get_by_role("checkbox").all()[:2], examine)
    page.get_by_label("Find a case").fill("case-2027-0042")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("table:has(caption:text('What was found'))")).to_contain_text("CASE-2027-0042")
    examine("found")
    people.get_by_role("link", name="Record the next one").first.click()
    examine("milestone")
    page.get_by_role("link", name="Back").click()
    page.goto(house + "/agency/import/")
    page.get_by_label("Rows from your system").fill(f"{reference}\tCleared\t2020-01-01\nTF-0\tV11\tsoon")
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_text("2 rows cannot be recorded.")).to_be_visible()
    examine("rows")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the rows to mend").click()
    assert download.value.suggested_filename == "rows-to-mend.csv"


def test_the_ethics_official_records_a_step_and_sends_one_back(
    house: str, page: Page, examine: Examine
) -> None:
    enter(page, house, ETHICS)
    page.goto(house + "/agency/ethics/")
    examine("workbench")
    official = User.objects.get(email=PEOPLE[ETHICS].email)
    before_the_start = steps_waiting_for(official).filter(checklist__placement__status="pending_checks")
    of_ethics = before_the_start.filter(checklist__area="ethics", step__decided_by="")
    # The outcome of C02 must agree with what the person answered.
    step = of_ethics.exclude(code="C02").order_by("day", "pk")[0]
    mark_and_record(page, [page.locator(f"#item-{step.public_id}")], examine)
    page.goto(f"{house}/agency/steps/{step.public_id}/")
    page.get_by_role("link", name="Return for correction").click()
    page.get_by_label("Reason").select_option(label="It is out of date")
    page.get_by_role("button", name="Return for correction").click()
    expect(page.get_by_text("Returned for correction.")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("Returned", exact=True)).to_be_visible()


def test_the_person_hands_in_marked_steps(house: str, page: Page, examine: Examine) -> None:
    enter(page, house, "nominee")
    page.goto(house + "/my/service/")
    examine("my steps")
    mine = page.get_by_role("checkbox")
    waiting = mine.count()
    mine.first.focus()
    page.keyboard.press("Space")
    page.get_by_label("Number or place of the proof").fill("Confirmation 12")
    page.get_by_role("button", name="I have done the marked steps").click()
    expect(page.get_by_text("Thank you. The office that records this step checks it.")).to_be_visible()
    expect(mine).to_have_count(waiting - 1)


def test_everyone_who_starts_on_one_day_has_a_bar(house: str, page: Page, examine: Examine) -> None:
    enter(page, house, HR)
    page.goto(house + "/agency/")
    page.locator("a[href^='/agency/starts/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Starting on")
    expect(page.get_by_role("progressbar").first).to_have_accessible_name(re.compile(r"\d+ of \d+ steps"))
    examine("class")
