"""Everyone who starts on one day: how far each has come, and who must move."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Opening
from placements.models import Placement
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.program import VettingTierFactory
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.people import words_of

DAY = datetime.timedelta(days=1)
OPEN, DONE = made.ChecklistItemFactory, made.DoneItemFactory

pytestmark = pytest.mark.django_db


def monday() -> datetime.date:
    return today() + (14 - today().weekday()) * DAY


def address(day: datetime.date | None = None) -> str:
    return f"/agency/starts/{(day or monday()).isoformat()}/"


def starter(opening: Opening, *steps: tuple[str, Any, dict[str, Any]], **fields: Any) -> Placement:
    placement: Placement = made.PlacementFactory(
        selection__opening=opening, starts_on=fields.pop("starts_on", monday()), **fields
    )
    template = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    checklist = made.ChecklistFactory(placement=placement, template=template, area="vetting")
    for code, factory, own in steps:
        factory(checklist=checklist, step__code=code, **own)
    return placement


HALF_WAY = (
    ("V11", DONE, {}),
    ("V12", OPEN, {"owner_role": "security_officer", "due_on": today() - 3 * DAY, "undated_reason": ""}),
    ("V06", OPEN, {"owner_role": "candidate"}),
    ("V07", OPEN, {"owner_role": "hr_specialist", "status": "blocked", "waiting_on": "candidate"}),
    ("V04", OPEN, {"status": "not_applicable"}),
    ("V24", OPEN, {"step__gate": "none"}),
)


def test_a_bar_counts_what_stops_the_start_and_names_who_must_move() -> None:
    """One of four: what does not apply and what comes after the start do not count. Two wait for the person."""
    opening = PublishedOpeningFactory()
    placement = starter(opening, *HALF_WAY)
    answer = desk(HR, opening).get(address())
    page = words_of(answer)
    assert f"{placement.applicant} " in page
    assert "1 of 4 steps" in page
    assert "The person: 2 steps Security officer: 1 step" in page
    assert "3 days late" in page
    assert 'value="1" max="4"' in answer.content.decode()


def test_of_alternatives_one_that_is_done_fills_the_bar() -> None:
    opening = PublishedOpeningFactory()
    either = {"step__alternatives": "V14|V18"}
    starter(opening, ("V14", DONE, either), ("V18", OPEN, either))
    assert "2 of 2 steps" in words_of(desk(HR, opening).get(address()))


@pytest.mark.parametrize("role", [MANAGER, SECURITY, ETHICS, SUPERVISOR, VIEWER])
def test_who_plans_no_start_reads_one_word_an_area(role: str) -> None:
    opening = PublishedOpeningFactory()
    starter(opening, *HALF_WAY)
    page = words_of(desk(role, opening).get(address()))
    assert "Vetting: In progress" in page
    assert "of 4 steps" not in page
    assert "The person:" not in page


@pytest.mark.parametrize("role", [HR, APPROVER])
def test_who_plans_starts_reads_the_bar(role: str) -> None:
    opening = PublishedOpeningFactory()
    starter(opening, *HALF_WAY)
    assert "1 of 4 steps" in words_of(desk(role, opening).get(address()))


def test_only_those_who_start_on_that_day_are_of_the_class() -> None:
    opening = PublishedOpeningFactory()
    people = [
        starter(opening),
        starter(opening, starts_on=monday() + 7 * DAY),
        starter(opening, status="fell_through"),
    ]
    page = desk(HR, opening).get(address()).content.decode()
    assert [f"/agency/placements/{one.public_id}/" in page for one in people] == [True, False, False]


def test_another_agency_and_an_unknown_day_have_no_such_page() -> None:
    opening = PublishedOpeningFactory()
    starter(opening)
    assert desk(HR, PublishedOpeningFactory()).get(address()).status_code == 404
    seat = desk(HR, opening)
    assert seat.get(address(monday() + DAY)).status_code == 404
    assert seat.get("/agency/starts/next-monday/").status_code == 404


def test_the_work_page_leads_to_the_classes_of_the_next_weeks() -> None:
    opening = PublishedOpeningFactory()
    for _number in range(2):
        starter(opening)
    starter(opening, starts_on=today() + 100 * DAY)
    answer = desk(HR, opening).get("/agency/")
    assert answer.content.decode().count("/agency/starts/") == 1
    assert address() in answer.content.decode()
    assert "2 people" in words_of(answer)


def test_it_costs_the_same_for_one_and_for_three() -> None:
    costs = []
    for count in (1, 3):
        opening = PublishedOpeningFactory()
        for _number in range(count):
            starter(opening, *HALF_WAY)
        seat = desk(HR, opening)
        with CaptureQueriesContext(connection) as caught:
            assert words_of(seat.get(address())).count("1 of 4 steps") == count
        costs.append(len(caught))
    assert costs[0] == costs[1]
