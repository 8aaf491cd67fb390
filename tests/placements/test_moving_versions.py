"""A checklist under way keeps its version until somebody moves it, after a look at what changes."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from placements import services
from placements.models import Checklist, ChecklistItem, ChecklistTemplate, Placement
from placements.services.items import item_of
from placements.services.moving import rehearse_move
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import agency_member
from tests.factories.program import VettingTierFactory
from tests.placements.attacks import check_deferred
from tests.placements.starting import force_ready, staff
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2026, 10, 5, 15, tzinfo=datetime.UTC)
START = datetime.date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _first_monday_of_october() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture(autouse=True)
def _templates() -> None:
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    services.seed_placements()


@pytest.fixture
def checklist() -> Checklist:
    """The ethics checklist of someone from outside, with its first step done."""
    selection = made.SelectionFactory(status="selected", selected_at=timezone.now())
    hr = agency_member(agency=selection.opening.agency)
    offer = services.draft_offer(selection=selection, pay_rate=Decimal(150_000), starts_on=START, by=hr)
    services.send_offer(offer=offer, response_due_at=timezone.now() + datetime.timedelta(days=5), by=hr)
    placement = services.accept_offer(offer=offer, by=selection.applicant.user)
    found = placement.checklists.get(area="ethics")
    step = item(found, "C01")
    services.complete_item(
        item=step, outcome="recorded", effective_on=MONDAY.date(), by=staff(placement, step.recorder_role)
    )
    return found


def item(checklist: Checklist, code: str) -> ChecklistItem:
    return ChecklistItem.objects.get(checklist=checklist, code=code)


def publish_another(gate: str = "none", gone: str = "C11") -> ChecklistTemplate:
    """C11, or another, is gone, C12 comes earlier, C13 is new, and C01 accepts other outcomes."""
    by = opm_staff("administrator")
    older = ChecklistTemplate.objects.in_use().get(kind="outside")
    draft = services.copy_template_to_draft(template=older, by=by)
    draft.steps.filter(code=gone).delete()
    draft.steps.filter(code="C12").update(offset=-45)
    draft.steps.filter(code="C01").update(outcomes=["noted"], accepted_outcomes=["noted"])
    new = draft.steps.get(code="C12")
    new.pk, new.code, new.gate, new.position = None, "C13", gate, 20
    new.public_id = "00000000-0000-4000-8000-000000000013"
    new.save(force_insert=True)
    return services.publish_template(template=draft, by=by)


def test_a_new_version_leaves_those_under_way_alone(checklist: Checklist) -> None:
    before = list(checklist.items.order_by("pk").values_list("code", "due_on"))
    publish_another()
    services.keep_dates(by=opm_staff("administrator"))
    assert list(checklist.items.order_by("pk").values_list("code", "due_on")) == before


def test_the_difference_is_shown_first_and_nothing_is_changed_by_looking(checklist: Checklist) -> None:
    publish_another()
    version, events = checklist.template, AuditEvent.objects.count()
    lines = {line.code: line for line in rehearse_move(checklist, by=opm_staff("case_manager"))}
    assert {code: line.change for code, line in lines.items() if line.change != "kept"} == {
        "C11": "removed", "C12": "moved", "C13": "added",
    }  # fmt: skip
    assert lines["C12"].old_due_on == datetime.date(2028, 10, 30)
    assert lines["C12"].new_due_on == datetime.date(2028, 10, 15)
    checklist.refresh_from_db()
    assert checklist.template == version
    assert (AuditEvent.objects.count(), item(checklist, "C11").status) == (events, "not_started")


def test_moving_keeps_what_is_settled_and_redates_the_rest(checklist: Checklist) -> None:
    newer, by = publish_another(), opm_staff("case_manager")
    cycle = item(checklist, "C12").reminder_cycle
    services.move_checklist(checklist=checklist, by=by)
    assert checklist.template == newer
    assert (item(checklist, "C01").status, item(checklist, "C01").is_settled) == ("done", True)
    assert item(checklist, "C11").status == "cancelled"
    moved = item(checklist, "C12")
    assert (moved.due_on, moved.reminder_cycle) == (datetime.date(2028, 10, 15), cycle + 1)
    assert item(checklist, "C09").reminder_cycle == item(checklist, "C02").reminder_cycle == cycle
    (event,) = AuditEvent.objects.about(checklist)
    assert (event.action, event.actor) == ("placements.checklist:move_to_version", by)
    assert event.detail["changed"] == {"C11": "removed", "C12": "moved", "C13": "added"}


def test_a_settled_step_that_the_version_does_not_have_stays_as_it_was(checklist: Checklist) -> None:
    """Done, and still a step before the firm offer, should somebody return it."""
    publish_another(gone="C01")
    before = item(checklist, "C01").gate
    services.move_checklist(checklist=checklist, by=opm_staff("case_manager"))
    kept = item(checklist, "C01")
    assert (kept.status, kept.gate, before) == ("done", "firm_offer", "firm_offer")


def test_who_was_ready_goes_back_when_the_version_asks_for_more(checklist: Checklist) -> None:
    publish_another(gate="entry_on_duty")
    force_ready(checklist.placement)
    services.move_checklist(checklist=checklist, by=opm_staff("case_manager"))
    assert Placement.objects.get(pk=checklist.placement_id).status == "pending_checks"
    check_deferred()


def test_after_entry_on_duty_a_new_step_stops_nothing() -> None:
    placement = made.ActivePlacementFactory(starts_on=MONDAY.date())
    in_use = ChecklistTemplate.objects.in_use()
    made.ChecklistFactory(placement=placement, template=in_use.get(tier__code="L"), area="vetting")
    checklist = made.ChecklistFactory(placement=placement, template=in_use.get(kind="outside"))
    publish_another(gate="entry_on_duty")
    services.move_checklist(checklist=checklist, by=opm_staff("case_manager"))
    assert item(checklist, "C13").gate == "none"
    check_deferred()


def test_a_yearly_step_that_is_gone_does_not_come_again() -> None:
    placement = made.ActivePlacementFactory(starts_on=MONDAY.date())
    in_use = ChecklistTemplate.objects.in_use()
    made.ChecklistFactory(placement=placement, template=in_use.get(tier__code="L"), area="vetting")
    checklist = made.ChecklistFactory(placement=placement, template=in_use.get(kind="outside"))
    item_of(checklist.template.steps.get(code="C10"), checklist).save()
    services.keep_dates(by=opm_staff("administrator"))
    by = staff(placement, "ethics_official")
    services.complete_item(item=item(checklist, "C10"), outcome="recorded", effective_on=MONDAY.date(), by=by)
    publish_another(gone="C10")
    services.move_checklist(checklist=checklist, by=opm_staff("case_manager"))
    services.keep_dates(by=opm_staff("administrator"))
    rows = checklist.items.filter(code="C10").order_by("pk")
    assert list(rows.values_list("status", flat=True)) == ["done", "cancelled"]


def test_the_checklist_of_a_placement_that_is_over_stays_on_its_version(checklist: Checklist) -> None:
    publish_another()
    placement = Placement.objects.get(pk=checklist.placement_id)
    hr = agency_member(agency=placement.opening.agency)
    services.record_fall_through(placement=placement, reason_code="withdrew", by=hr)
    with pytest.raises(Refused, match="This checklist is over"):
        services.move_checklist(checklist=checklist, by=opm_staff("case_manager"))


def test_it_is_moved_once_and_not_by_everybody(checklist: Checklist) -> None:
    publish_another()
    with pytest.raises(NotPermitted):
        services.move_checklist(checklist=checklist, by=checklist.placement.applicant.user)
    by = opm_staff("case_manager")
    services.move_checklist(checklist=checklist, by=by)
    with pytest.raises(Refused, match="on the version in use already"):
        services.move_checklist(checklist=checklist, by=by)


def test_a_step_that_comes_back_in_a_later_version_is_asked_again(checklist: Checklist) -> None:
    by = opm_staff("administrator")
    first = ChecklistTemplate.objects.in_use().get(kind="outside")
    publish_another()
    services.move_checklist(checklist=checklist, by=by)
    back = services.copy_template_to_draft(template=first, by=by)
    services.publish_template(template=back, by=by)
    services.move_checklist(checklist=checklist, by=by)
    found = checklist.items.filter(code="C11").order_by("pk").values_list("status", flat=True)
    assert list(found) == ["cancelled", "not_started"]


def test_a_case_manager_looks_and_moves_in_the_admin(checklist: Checklist) -> None:
    publish_another()
    desk: Any = Desk(opm_staff("case_manager"))
    page = reverse("admin:placements_checklist_change", args=[checklist.pk])
    text = desk.get(page).content.decode()
    assert "Not asked for any more" in text
    assert "Oct. 15, 2028" in text
    act = reverse("admin:placements_checklist_act", args=[checklist.pk, "move"])
    assert desk.post(act, {}).status_code == 422
    assert (
        "follows the version in use" in desk.post(act, {"is_looked_at": "on"}, follow=True).content.decode()
    )


def test_a_step_to_which_the_version_gives_no_date_loses_its_own(checklist: Checklist) -> None:
    """And nobody is reminded of it any more."""
    assert item(checklist, "C09").next_reminder_at is not None
    by = opm_staff("administrator")
    draft = services.copy_template_to_draft(template=checklist.template, by=by)
    draft.steps.filter(code="C09").update(
        anchors=[], offset=None, unit="", undated_reason="before_the_activity", depends_on=[]
    )
    services.publish_template(template=draft, by=by)
    (line,) = [one for one in services.move_checklist(checklist=checklist, by=by) if one.code == "C09"]
    moved = item(checklist, "C09")
    assert (line.change, line.new_due_on) == ("moved", None)
    assert (moved.due_on, moved.nudge_on, moved.next_reminder_at) == (None, None, None)
    assert moved.undated_reason == "before_the_activity"
