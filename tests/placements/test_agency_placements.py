"""The readiness board and the pages of steps: what each role reads, and what each may do."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements.models import ChecklistItem, Placement
from placements.services import seed_placements
from placements.services.checklist import open_checklists
from techforce.core.calendar import today
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.program import SensitivityFactory, VettingTierFactory
from tests.placements.agency_room import (
    APPROVER,
    ETHICS,
    HR,
    MANAGER,
    SECURITY,
    SUPERVISOR,
    VIEWER,
    desk,
    placed,
)

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def two_open_steps() -> Placement:
    """A vetting and an ethics step under way, both with an outcome that only few may read."""
    placement = made.PlacementFactory()
    vetting = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    for area, template, fields in (
        (
            "vetting",
            vetting,
            {"step__code": "V11", "step__title": "Fingerprint result", "outcome": "under_review"},
        ),
        ("ethics", made.ChecklistTemplateFactory(), {"step__code": "C02", "outcome": "some_yes"}),
    ):
        role = "security_officer" if area == "vetting" else "ethics_official"
        made.DoneItemFactory(
            checklist=made.ChecklistFactory(placement=placement, template=template, area=area),
            step__owner_role=role,
            step__recorder_role=role,
            step__outcomes=["favorable", "under_review", "some_yes"],
            step__accepted_outcomes=["favorable"],
            external_reference=f"REF-{area}",
            **fields,
        )
    return placement


def page_of(placement: Placement) -> str:
    return f"/agency/placements/{placement.public_id}/"


def step_of(placement: Placement, code: str) -> str:
    item = ChecklistItem.objects.get(checklist__placement=placement, code=code)
    return f"/agency/steps/{item.public_id}/"


# ── Who reads what ────────────────────────────────────────────────────────────────────────────────
SEEN = {
    HR: ("Fingerprint result", "Short questions"),
    APPROVER: ("Fingerprint result", "Short questions"),
    SECURITY: ("Fingerprint result", "Under review"),
    ETHICS: ("Short questions", "At least one answer was yes"),
    MANAGER: (),
    SUPERVISOR: (),
    VIEWER: (),
}
DETAILS = ("Fingerprint result", "Short questions", "Under review", "At least one answer was yes", "REF-")


@pytest.mark.parametrize("role", SEEN)
def test_each_role_reads_its_own_part_of_a_placement(role: str) -> None:
    placement = two_open_steps()
    page = desk(role, placement.opening).get(page_of(placement)).content.decode()
    assert {word for word in DETAILS if word in page} == set(SEEN[role])
    assert "Vetting: In progress" in page
    assert "Ethics: In progress" in page


@pytest.mark.parametrize("role", SEEN)
def test_only_whoever_keeps_a_step_opens_its_page(role: str) -> None:
    placement = two_open_steps()
    seat = desk(role, placement.opening)
    codes = {code: seat.get(step_of(placement, code)).status_code for code in ("V11", "C02")}
    assert codes == {"V11": 200 if role == SECURITY else 404, "C02": 200 if role == ETHICS else 404}


def test_a_hiring_manager_reads_no_word_of_what_the_seeded_steps_found() -> None:
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    seed_placements()
    placement = made.PlacementFactory()
    open_checklists(placement)
    page = desk(MANAGER, placement.opening).get(page_of(placement)).content.decode().split("<main")[1]
    foreign = ChecklistItem.objects.filter(checklist__placement=placement).exclude(owner_role=MANAGER)
    titles = foreign.exclude(recorder_role=MANAGER).values_list("step__title", flat=True)
    assert [title for title in titles if title in page] == []
    for word in ("favorable", "eligibility", "recusal", "waived", "due process", "not met", "determination"):
        assert word not in page.lower()


def test_another_agency_finds_no_placement_and_no_step() -> None:
    placement = two_open_steps()
    seat = desk(SECURITY, PublishedOpeningFactory())
    assert seat.get(page_of(placement)).status_code == 404
    assert seat.get(step_of(placement, "V11")).status_code == 404
    assert seat.post(f"{step_of(placement, 'V11')}send-back/").status_code == 404
    assert seat.get("/agency/placements/").content.decode().count("Robin Reyes") == 0


def test_the_board_costs_the_same_for_one_and_for_three() -> None:
    costs = []
    for count in (1, 3):
        opening = PublishedOpeningFactory()
        for _number in range(count):
            made.ChecklistItemFactory(checklist__placement__selection__opening=opening)
        seat = desk(HR, opening)
        with CaptureQueriesContext(connection) as caught:
            assert seat.get("/agency/placements/").content.decode().count("<tr>") == count + 1
        costs.append(len(caught))
    assert costs[0] == costs[1]


# ── Steps ─────────────────────────────────────────────────────────────────────────────────────────
def open_step(**fields: object) -> ChecklistItem:
    placement = made.PlacementFactory()
    return made.ChecklistItemFactory(  # type: ignore[no-any-return]
        checklist=made.ChecklistFactory(placement=placement),
        step__outcomes=["all_no", "some_yes"],
        step__accepted_outcomes=["all_no", "some_yes"],
        **fields,
    )


def test_an_outcome_is_recorded_with_its_day_and_reference() -> None:
    item = open_step()
    seat = desk(ETHICS, item.checklist.placement.opening)
    answers = {"outcome": "all_no", "effective_on": today().isoformat(), "reference": "F-1"}
    seat.post(f"/agency/steps/{item.public_id}/complete/", answers)
    item.refresh_from_db()
    assert (item.status, item.outcome, item.external_reference) == ("done", "all_no", "F-1")
    assert item.recorded_by == seat.user


def test_a_wrong_answer_comes_back_with_what_was_typed() -> None:
    item = open_step()
    seat = desk(ETHICS, item.checklist.placement.opening)
    answers = {"outcome": "", "effective_on": (today() + DAY).isoformat(), "reference": "F-77"}
    answer = seat.post(f"/agency/steps/{item.public_id}/complete/", answers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert "F-77" in page
    assert "cannot lie in the future" in page


def test_a_step_waits_for_a_named_party_and_goes_on() -> None:
    item = open_step()
    seat, address = desk(ETHICS, item.checklist.placement.opening), f"/agency/steps/{item.public_id}/"
    seat.post(f"{address}block/", {"waiting_on": "partner"})
    assert "Partner company" in seat.get(address).content.decode()
    seat.post(f"{address}unblock/")
    item.refresh_from_db()
    assert item.status == "requested"


def test_only_a_role_that_the_template_names_excuses() -> None:
    item = open_step(step__excusable_by=["ethics_official"])
    opening, address = item.checklist.placement.opening, f"/agency/steps/{item.public_id}/excuse/"
    assert desk(SECURITY, opening).post(address, {"authority": "x"}).status_code == 404
    desk(ETHICS, opening).post(address, {"authority": "5 CFR 2634"})
    item.refresh_from_db()
    assert (item.status, item.excuse_authority) == ("excused", "5 CFR 2634")


def test_a_step_says_why_it_has_no_date() -> None:
    item = open_step()
    page = desk(ETHICS, item.checklist.placement.opening).get(f"/agency/steps/{item.public_id}/")
    assert "What it counts from has not happened yet" in page.content.decode()


# ── The start and the service ─────────────────────────────────────────────────────────────────────
def test_from_ready_to_the_end_of_the_service() -> None:
    placement = placed()
    hr, page = desk(HR, placement.opening), page_of(placement)
    hr.post(f"{page}confirm-ready/")
    hr.post(f"{page}activate/", {"effective_on": today().isoformat()})
    hr.post(f"{page}suspend/", {"reason_code": "furlough"})
    hr.post(f"{page}resume/")
    later = placement.ends_on - 30 * DAY
    assert hr.post(f"{page}extend/", {"ends_on": later.isoformat()}).status_code == 404
    hr.post(f"{page}curtail/", {"ended_on": today().isoformat(), "reason": "resigned"})
    hr.post(f"{page}close/", {"outcome": "left"})
    placement.refresh_from_db()
    assert (placement.status, placement.outcome, placement.ended_on) == ("closed", "left", today())


def test_a_start_by_exception_is_the_approving_officials_own() -> None:
    placement = two_open_steps()
    page, answers = (
        page_of(placement),
        {"effective_on": today().isoformat(), "authority": "Deputy", "reason": "Now."},
    )
    assert desk(HR, placement.opening).post(f"{page}activate-with-exception/", answers).status_code == 404
    desk(APPROVER, placement.opening).post(f"{page}activate-with-exception/", answers)
    placement.refresh_from_db()
    assert placement.status == "active"
    assert placement.start_exception.open_codes == ["C02", "V11"]


def test_a_start_by_exception_is_followed_up_once() -> None:
    placement = made.ActivePlacementFactory()
    made.StartExceptionFactory(placement=placement)
    approver, address = desk(APPROVER, placement.opening), f"{page_of(placement)}follow-up/"
    approver.post(address, {"followed_up_on": today().isoformat()})
    placement.start_exception.refresh_from_db()
    assert placement.start_exception.followed_up_on == today()
    assert approver.post(address, {"followed_up_on": today().isoformat()}).status_code == 422


def test_a_start_with_an_open_step_is_refused_with_its_codes() -> None:
    placement = two_open_steps()
    answer = desk(HR, placement.opening).post(f"{page_of(placement)}confirm-ready/")
    assert answer.status_code == 422
    assert "C02, V11" in answer.content.decode()


def test_the_planned_start_moves_and_a_past_day_is_refused() -> None:
    placement = placed(starts_on=today() + 10 * DAY)
    hr, address = desk(HR, placement.opening), f"{page_of(placement)}move-start/"
    assert hr.post(address, {"starts_on": today().isoformat()}).status_code == 422
    hr.post(address, {"starts_on": (today() + 40 * DAY).isoformat()})
    placement.refresh_from_db()
    assert placement.starts_on == today() + 40 * DAY


def test_an_extension_beyond_all_terms_is_refused_with_the_last_day() -> None:
    placement = made.ActivePlacementFactory()
    approver = desk(APPROVER, placement.opening)
    far = placement.starts_on + datetime.timedelta(days=365 * 9)
    answer = approver.post(f"{page_of(placement)}extend/", {"ends_on": far.isoformat()})
    assert answer.status_code == 422
    assert "at the latest" in answer.content.decode()


def test_a_vetting_waiver_is_recorded_where_the_position_allows_it() -> None:
    opening = PublishedOpeningFactory(
        sensitivity=SensitivityFactory(code="critical", is_waiver_possible=True)
    )
    placement = made.PlacementFactory(selection__opening=opening)
    answers = {
        "issued_by": "Deputy Secretary",
        "emergency": "A national system would fail.",
        "document_reference": "VW-9",
        "issued_on": today().isoformat(),
        "expires_on": (today() + 90 * DAY).isoformat(),
    }
    seat, page = desk(SECURITY, opening), f"{page_of(placement)}record-waiver/"
    assert "Tell the person first" in seat.post(page, answers).content.decode()
    assert not placement.vetting_waivers.exists()
    seat.post(page, answers | {"is_person_told": "on"})
    assert placement.vetting_waivers.get().document_reference == "VW-9"


def test_hr_and_the_supervisor_hear_that_somebody_is_ready() -> None:
    placement = placed()
    hr, supervisor = desk(HR, placement.opening), desk(SUPERVISOR, placement.opening)
    hr.post(f"{page_of(placement)}confirm-ready/")
    told = OutboxMessage.objects.filter(template_key="placement_ready")
    assert {message.recipient for message in told} == {hr.user, supervisor.user}


def test_hr_hears_once_that_every_step_is_complete() -> None:
    placement = made.PlacementFactory()
    vetting = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    made.DoneItemFactory(
        checklist=made.ChecklistFactory(placement=placement, template=vetting, area="vetting"),
        step__code="V12",
    )
    item = made.ChecklistItemFactory(checklist=made.ChecklistFactory(placement=placement))
    hr = desk(HR, placement.opening)
    answers = {"outcome": "recorded", "effective_on": today().isoformat(), "reference": ""}
    desk(ETHICS, placement.opening).post(f"/agency/steps/{item.public_id}/complete/", answers)
    keys = OutboxMessage.objects.filter(recipient=hr.user).values_list("template_key", flat=True)
    assert sorted(keys) == ["entry_on_duty_gate_open", "firm_offer_gate_open"]
