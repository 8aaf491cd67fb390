"""What waits for a named party stays in sight of whoever records it, and the page says whose move it is."""

import pytest

from placements.services import block_item, complete_item, excuse_item
from techforce.core.calendar import today
from tests.placements.agency_room import HR, SECURITY, desk
from tests.placements.people import words_of
from tests.placements.starting import staff
from tests.placements.vetting_desk import step, vetted

pytestmark = pytest.mark.django_db


def test_the_workbench_counts_and_lists_it_apart() -> None:
    placement = vetted("M")
    officer = staff(placement, SECURITY)
    seat = desk(SECURITY, placement.opening)
    assert "Waiting for others" not in words_of(seat.get("/agency/vetting/"))
    block_item(item=step(placement, "V13"), waiting_on="investigator", by=officer)
    page = words_of(seat.get("/agency/vetting/"))
    assert "Waiting for others (1)" in page
    assert "V13 Investigation opened" not in page
    others = words_of(seat.get("/agency/vetting/?others=1"))
    assert "V13 Investigation opened" in others
    assert "Investigator, since" in others
    assert "Record the chosen steps" not in others
    assert desk(HR, placement.opening).get("/agency/vetting/?others=1").status_code == 404


def test_the_page_of_a_step_says_whose_move_it_is_and_of_a_settled_one_whose_it_was() -> None:
    placement = vetted("M")
    officer = staff(placement, SECURITY)
    seat = desk(SECURITY, placement.opening)

    def page(code: str) -> str:
        return words_of(seat.get(f"/agency/steps/{step(placement, code).public_id}/"))

    assert "Whose move The person" in page("V02")
    block_item(item=step(placement, "V13"), waiting_on="adjudicator", by=officer)
    assert "Whose move Adjudicator" in page("V13")
    complete_item(item=step(placement, "V03"), outcome="new", effective_on=today(), by=officer)
    assert "Owner Security officer" in page("V03")
    assert "Whose move" not in page("V03")


def test_the_page_of_an_excused_step_names_who_excused_it() -> None:
    placement = vetted("M")
    item = step(placement, "V21")
    official = staff(placement, SECURITY)
    excuse_item(item=item, authority="GSA memo of May 3", by=official)
    page = words_of(desk(SECURITY, placement.opening).get(f"/agency/steps/{item.public_id}/"))
    assert f"Excused by {official.full_name}" in page
