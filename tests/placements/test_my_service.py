"""A person's service: dates, own steps, and in one word what the others do."""

import datetime
from typing import Any

import pytest

from placements.models import ChecklistItem, Placement
from placements.services import accept_offer, seed_placements
from placements.services.standing import step_words, words
from placements.workflow import ITEM, PLACEMENT
from techforce.core.calendar import today
from techforce.core.moments import deadline_text
from tests.factories import placements as made
from tests.factories.accounts import UserFactory
from tests.factories.program import VettingTierFactory
from tests.placements.people import client_of, placement_in, read, words_of
from tests.placements.test_my_words import FORBIDDEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def placement() -> Placement:
    """From an accepted offer, with the real checklists."""
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    seed_placements()
    offer = made.SentOfferFactory()
    return accept_offer(offer=offer, by=offer.applicant.user)


def page_of(placement: Placement) -> str:
    return read(placement.applicant.user, "/my/service/")


def items_of(placement: Placement, **fields: Any) -> Any:
    return ChecklistItem.objects.filter(checklist__placement=placement, **fields)


def own_step(placement: Placement, code: str = "V02") -> ChecklistItem:
    return items_of(placement).get(code=code)


@pytest.mark.parametrize("status", PLACEMENT.states.values)
def test_every_state_has_its_sentence_and_its_dates(status: str) -> None:
    placement = placement_in(status)
    page = page_of(placement)
    assert str(words.PLACEMENT[status].sentence) in page
    assert f"Not to exceed (last day of the term) {placement.ends_on:%B} {placement.ends_on.day}" in page


def test_what_became_of_the_person_stands_there_at_the_end() -> None:
    assert "After the term Left" in page_of(placement_in("closed"))


def test_whoever_serves_nowhere_has_no_such_page() -> None:
    read(UserFactory(), "/my/service/", status=404)
    read(made.SentOfferFactory().applicant.user, "/my/service/", status=404)


def test_own_steps_say_how_to_do_them_and_those_of_others_only_one_word(placement: Placement) -> None:
    page = page_of(placement)
    assert own_step(placement).step.title in page
    assert str(step_words.HOW_TO["V02"]) in page
    others = items_of(placement).exclude(owner_role="candidate").values_list("step__title", flat=True)
    assert [title for title in others if title in page] == []
    assert "Personnel vetting In progress" in page
    assert "Ethics In progress" in page


def test_the_page_tells_no_reason_and_no_result(placement: Placement) -> None:
    items_of(placement, code="V12").update(external_reference="case 4711")
    page = page_of(placement)
    assert not FORBIDDEN.search(page)
    assert "4711" not in page


@pytest.mark.parametrize("status", ITEM.states.values)
def test_every_state_of_an_own_step_has_its_word(status: str) -> None:
    placement = placement_in("pending_checks")
    due = {**DUE_TODAY, "step__code": "C09"}
    made.ChecklistItemFactory(checklist__placement=placement, **due, **of_status(status))
    page = page_of(placement)
    assert str(step_words.OWN_STEP[status]) in page
    assert ("I have done this" in page) == (status in ("not_started", "requested", "returned"))


DUE_TODAY: dict[str, Any] = {"due_on": today(), "undated_reason": ""}


@pytest.mark.parametrize(
    ("dates", "gate", "word"),
    [
        (DUE_TODAY, "none", "To do"),
        (DUE_TODAY | {"is_date_planned": True}, "entry_on_duty", "To do"),
        (DUE_TODAY | {"is_date_planned": True}, "none", "Later"),
        ({}, "firm_offer", "Later"),
    ],
)
def test_what_only_a_planned_start_will_bring_comes_later(
    dates: dict[str, Any], gate: str, word: str
) -> None:
    placement = placement_in("pending_checks")
    made.ChecklistItemFactory(checklist__placement=placement, step__code="C09", step__gate=gate, **dates)
    page = page_of(placement)
    assert word in page
    assert ("I have done this" in page) == (word == "To do")
    tasks = read(placement.applicant.user)
    assert ("Short questions" in tasks) == (word == "To do")


def test_the_first_sentence_names_the_earliest_date_and_says_when_it_is_late() -> None:
    placement = placement_in("pending_checks")
    checklist = made.ChecklistFactory(placement=placement)
    for code, days in (("C04", 4), ("C07", -3)):
        date = {"due_on": today() + datetime.timedelta(days=days), "undated_reason": ""}
        made.ChecklistItemFactory(checklist=checklist, step__code=code, step__title=f"Step {days}", **date)
    made.ChecklistItemFactory(checklist=checklist, status="requested", undated_reason="before_the_activity")
    late = f"late since {deadline_text(today() - datetime.timedelta(days=3))} (3 days late)"
    assert f"First for you: Step -3 , {late}" in read(placement.applicant.user)
    assert "Before the activity" in read(placement.applicant.user)
    assert f"Your next step: Step -3: {late}" in page_of(placement)


@pytest.mark.parametrize("status", ["pending_checks", "ready", "active"])
def test_who_accepted_reads_how_to_leave(status: str) -> None:
    placement = placement_in(status)
    for page in (read(placement.applicant.user), page_of(placement)):
        assert "If you no longer want to go on" in page


def of_status(status: str) -> dict[str, Any]:
    now, person = datetime.datetime.now(tz=datetime.UTC), UserFactory()
    extra = {
        "done": {"outcome": "recorded", "effective_on": today(), "recorded_at": now, "recorded_by": person},
        "excused": {"excused_by": person, "excuse_authority": "5 CFR 1"},
        "blocked": {"waiting_on": "security_officer"},
    }
    return {"status": status, **extra.get(status, {})}


def test_requirements_not_met_is_said_in_the_agreed_words() -> None:
    placement = placement_in("pending_checks")
    vetting = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    made.ChecklistItemFactory(
        checklist=made.ChecklistFactory(placement=placement, template=vetting, area="vetting"),
        step__owner_role="adjudicator",
        status="not_met",
    )
    assert "Requirements not met; the security office writes to you" in page_of(placement)


def test_when_every_gate_is_open_the_offices_are_complete() -> None:
    placement = made.checked_placement(placement_in("pending_checks"))
    items_of(placement).update(owner_role="security_officer")
    page = page_of(placement)
    assert "Personnel vetting Complete" in page
    assert "Ethics Complete" in page


def test_an_own_step_is_handed_in_once(placement: Placement) -> None:
    item, client = own_step(placement), client_of(placement.applicant.user)
    for _click in range(2):
        page = words_of(client.post(f"/my/service/steps/{item.public_id}/done/", follow=True))
        assert "The office that records this step checks it" in page
    item.refresh_from_db()
    assert (item.status, item.version) == ("submitted", 2)
    assert "Handed in" in page


def test_nobody_hands_in_a_step_of_somebody_else(placement: Placement) -> None:
    item = own_step(placement)
    path = f"/my/service/steps/{item.public_id}/done/"
    assert client_of(UserFactory()).post(path).status_code == 404
    others = items_of(placement).exclude(owner_role="candidate").first()
    path = f"/my/service/steps/{others.public_id}/done/"
    assert client_of(placement.applicant.user).post(path).status_code == 404


def test_a_step_that_is_over_is_not_handed_in_again() -> None:
    placement = made.checked_placement(placement_in("pending_checks"))
    item = items_of(placement, code="C02").get()
    client = client_of(placement.applicant.user)
    page = words_of(client.post(f"/my/service/steps/{item.public_id}/done/", follow=True))
    assert "cannot be moved" in page


def test_steps_of_a_placement_that_came_to_nothing_are_no_tasks() -> None:
    placement = placement_in("fell_through")
    made.ChecklistItemFactory(checklist__placement=placement, status="requested")
    assert "I have done this" not in page_of(placement)


def test_the_page_costs_the_same_with_one_step_and_with_three(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    clients = [client_of(person_with_steps(count)) for count in (1, 3)]
    with django_assert_max_num_queries(27) as first:
        clients[0].get("/my/service/")
    with django_assert_num_queries(len(first)):
        clients[1].get("/my/service/")


def person_with_steps(count: int) -> Any:
    placement = placement_in("pending_checks")
    checklist = made.ChecklistFactory(placement=placement)
    for number in range(count):
        made.ChecklistItemFactory(checklist=checklist, step__code=f"C1{number}")
        made.ChecklistItemFactory(
            checklist=checklist, step__code=f"C2{number}", step__owner_role="ethics_official"
        )
    return placement.applicant.user
