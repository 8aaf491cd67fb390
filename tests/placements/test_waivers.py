"""I7: a waiver opens the gate only while it is on file and in force (5 CFR 1400.202)."""

import datetime
from typing import Any

import pytest
import time_machine

from placements import services, tasks
from placements.checklists import Facts, applies
from placements.models import ChecklistItem, Placement, VettingWaiver
from placements.reminders.dates import vetting_waivers
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.invariants import broken
from tests.factories.placements import (
    ActivePlacementFactory,
    ChecklistItemFactory,
    DoneItemFactory,
    checked_placement,
)
from tests.factories.program import SensitivityFactory
from tests.placements.starting import staff

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def sensitive(code: str = "critical") -> Placement:
    return checked_placement(selection__opening__sensitivity=SensitivityFactory(code=code))


def step(placement: Placement, code: str = "V15", condition: str = "waiver_possible") -> ChecklistItem:
    return ChecklistItemFactory(
        checklist=placement.checklists.get(area="vetting"),
        step__code=code,
        step__condition=condition,
        step__alternatives="V15|V18",
        step__recorder_role="security_officer",
    )


def record(placement: Placement, **changes: Any) -> VettingWaiver:
    values = {
        "issued_by": "Deputy Secretary",
        "emergency": "A system of national importance would fail.",
        "document_reference": "VW-1",
        "issued_on": today(),
        "expires_on": today() + 180 * DAY,
        "is_person_told": True,
        "by": staff(placement, "security_officer"),
    }
    return services.record_vetting_waiver(placement=placement, **{**values, **changes})


def complete(item: ChecklistItem, placement: Placement, on: datetime.date | None = None) -> ChecklistItem:
    officer = staff(placement, "security_officer")
    return services.complete_item(item=item, outcome="recorded", effective_on=on or today(), by=officer)


def waived() -> tuple[Placement, ChecklistItem, VettingWaiver]:
    """Ready on a waiver while the adjudication is open."""
    placement = sensitive()
    step(placement, "V18", "")
    item, waiver = step(placement), record(placement)
    complete(item, placement)
    services.confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))
    return placement, item, waiver


def test_without_a_waiver_its_step_is_not_done() -> None:
    placement = sensitive()
    with pytest.raises(TransitionRefused, match="signed waiver first"):
        complete(step(placement), placement)


def test_with_a_waiver_the_placement_becomes_ready() -> None:
    placement, _item, _waiver = waived()
    assert placement.status == "ready"
    assert "I7" not in {invariant.code for invariant in broken()}


def test_nothing_is_recorded_before_it_happened() -> None:
    placement = sensitive()
    record(placement)
    with pytest.raises(Refused, match="future"):
        complete(step(placement), placement, on=today() + DAY)


def test_a_sensitivity_that_allows_no_waiver_gets_none() -> None:
    with pytest.raises(Refused, match="allows no waiver"):
        record(sensitive("special"))


@pytest.mark.parametrize(
    "changes",
    [
        {"issued_by": ""},
        {"emergency": ""},
        {"expires_on": today()},
        {"issued_on": today() + DAY},
        {"is_person_told": False},
    ],
)
def test_a_waiver_says_who_why_and_for_how_long(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        record(sensitive(), **changes)


def test_a_renewal_takes_the_place_of_the_one_before_and_nobody_falls_back() -> None:
    placement, item, waiver = waived()
    renewal = record(placement, document_reference="VW-2", expires_on=today() + 300 * DAY)
    waiver.refresh_from_db()
    assert (waiver.revoked_on, renewal.revoked_on) == (today(), None)
    tasks.expire_steps()
    placement.refresh_from_db()
    item.refresh_from_db()
    assert (placement.status, item.status) == ("ready", "done")


def test_the_same_waiver_is_not_recorded_twice() -> None:
    placement = sensitive()
    record(placement)
    with pytest.raises(Refused, match="on file already"):
        record(placement)


def test_only_the_security_officer_revokes_one() -> None:
    placement = sensitive()
    waiver = record(placement)
    with pytest.raises(NotPermitted):
        services.revoke_vetting_waiver(
            waiver=waiver, revoked_on=today(), by=staff(placement, "hr_specialist")
        )


def test_only_the_security_officer_records_one() -> None:
    placement = sensitive()
    with pytest.raises(NotPermitted):
        record(placement, by=staff(placement, "hr_specialist"))


def test_a_revoked_waiver_takes_the_step_and_readiness_away() -> None:
    placement, item, waiver = waived()
    officer = staff(placement, "security_officer")
    services.revoke_vetting_waiver(waiver=waiver, revoked_on=today(), by=officer)
    item.refresh_from_db()
    placement.refresh_from_db()
    assert (item.status, placement.status) == ("expired", "pending_checks")


def run_out(waiver: VettingWaiver) -> None:
    dates = {"issued_on": today() - 10 * DAY, "expires_on": today() - DAY}
    VettingWaiver.objects.filter(pk=waiver.pk).update(**dates)


def test_a_waiver_that_ran_out_stops_the_start_before_beat_comes_by() -> None:
    placement, _item, waiver = waived()
    run_out(waiver)
    with pytest.raises(TransitionRefused, match="V15"):
        services.enter_on_duty(
            placement=placement, effective_on=today(), by=staff(placement, "hr_specialist")
        )


def test_beat_expires_the_step_of_a_waiver_that_ran_out() -> None:
    placement, item, waiver = waived()
    run_out(waiver)
    tasks.expire_steps()
    item.refresh_from_db()
    placement.refresh_from_db()
    assert (item.status, placement.status) == ("expired", "pending_checks")


def test_after_entry_on_duty_a_corrective_step_stands_beside_it_once() -> None:
    placement, item, waiver = waived()
    services.enter_on_duty(placement=placement, effective_on=today(), by=staff(placement, "hr_specialist"))
    run_out(waiver)
    tasks.expire_steps()
    tasks.expire_steps()
    assert item.corrections.count() == 1


def test_after_a_renewal_the_next_end_asks_again() -> None:
    placement, item, waiver = waived()
    services.enter_on_duty(placement=placement, effective_on=today(), by=staff(placement, "hr_specialist"))
    run_out(waiver)
    tasks.expire_steps()
    renewal = record(placement, document_reference="VW-2")
    complete(item.corrections.get(), placement)
    tasks.expire_steps()
    assert item.corrections.count() == 1
    run_out(renewal)
    tasks.expire_steps()
    assert item.corrections.filter(status="not_started").count() == 1


@pytest.mark.parametrize("is_serving", [False, True])
def test_after_the_adjudication_the_end_of_a_waiver_means_nothing(is_serving: bool) -> None:
    placement, item, waiver = waived()
    if is_serving:
        hr = staff(placement, "hr_specialist")
        services.enter_on_duty(placement=placement, effective_on=today(), by=hr)
    complete(ChecklistItem.objects.get(code="V18"), placement)
    run_out(waiver)
    tasks.expire_steps()
    item.refresh_from_db()
    placement.refresh_from_db()
    assert (item.status, item.corrections.count()) == ("done", 0)
    assert placement.status == ("active" if is_serving else "ready")
    assert list(vetting_waivers(VettingWaiver.objects.all())) == []


def test_a_step_asked_again_ends_with_the_adjudication() -> None:
    placement, item, waiver = waived()
    services.enter_on_duty(placement=placement, effective_on=today(), by=staff(placement, "hr_specialist"))
    run_out(waiver)
    tasks.expire_steps()
    complete(ChecklistItem.objects.get(code="V18"), placement)
    tasks.expire_steps()
    assert item.corrections.get().status == "cancelled"


@pytest.mark.parametrize(("days", "status"), [(120, "done"), (121, "expired")])
def test_a_result_runs_out_after_its_days(days: int, status: str) -> None:
    checklist = checked_placement().checklists.get(area="vetting")
    item = DoneItemFactory(
        checklist=checklist, step__code="V11", step__valid_days=120, effective_on=today() - days * DAY
    )
    tasks.expire_steps()
    item.refresh_from_db()
    assert item.status == status


def test_a_result_that_was_good_on_the_first_day_is_not_asked_for_again() -> None:
    placement = checked_placement(ActivePlacementFactory(starts_on=today() - 60 * DAY))
    item = DoneItemFactory(
        checklist=placement.checklists.get(area="vetting"),
        step__code="V11",
        step__valid_days=120,
        effective_on=today() - 130 * DAY,
    )
    tasks.expire_steps()
    item.refresh_from_db()
    assert (item.status, item.corrections.count()) == ("done", 0)


def test_new_fingerprints_are_taken_before_there_is_a_new_result() -> None:
    placement = checked_placement()
    checklist = placement.checklists.get(area="vetting")
    taken = DoneItemFactory(checklist=checklist, step__code="V08", effective_on=today() - 130 * DAY)
    result = DoneItemFactory(
        checklist=checklist,
        step__code="V11",
        step__valid_days=120,
        step__anchors=["V08"],
        step__offset=5,
        step__unit="business_days",
        effective_on=today() - 125 * DAY,
    )
    hr = staff(placement, "hr_specialist")
    with pytest.raises(TransitionRefused, match="V11"):  # before beat comes by
        services.confirm_ready(placement=placement, by=hr)
    with time_machine.travel(datetime.datetime.now(tz=datetime.UTC) - 10 * DAY, tick=False):
        services.confirm_ready(placement=placement, by=hr)
    with pytest.raises(TransitionRefused, match="V11"):
        services.enter_on_duty(placement=placement, effective_on=today(), by=hr)
    tasks.expire_steps()
    for item in (taken, result, placement):
        item.refresh_from_db()
    assert (taken.status, result.status, placement.status) == ("expired", "expired", "pending_checks")


def test_an_accepted_earlier_result_needs_neither_adjudication_nor_waiver() -> None:
    accepted = Facts(outcomes={"V03": "accept", "V04": "accepted"}, is_waiver_possible=True)
    assert applies("investigation_needed", accepted) is applies("waiver_possible", accepted) is False
    assert applies("waiver_possible", Facts(is_waiver_possible=True)) is True
    assert applies("waiver_possible", Facts(is_waiver_possible=False)) is False
