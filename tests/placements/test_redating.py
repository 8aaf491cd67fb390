"""Dates of real placements follow their anchors, and reminders of old dates do not go out (domain.md §6.3 rule 6)."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from placements import services
from placements.models import ChecklistItem, Placement
from placements.services.invariants import wrongly_nudged
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.closures import forget_closures
from techforce.core.models import AuditEvent, Closure, Delivery, OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.factories.program import VettingTierFactory
from tests.placements.starting import staff

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


def accepted() -> Placement:
    """Of someone from outside who accepted on the day on which the offer was sent."""
    selection = made.SelectionFactory(status="selected", selected_at=timezone.now())
    hr = agency_member(agency=selection.opening.agency)
    offer = services.draft_offer(selection=selection, pay_rate=Decimal(150_000), starts_on=START, by=hr)
    services.send_offer(offer=offer, response_due_at=timezone.now() + datetime.timedelta(days=5), by=hr)
    return services.accept_offer(offer=offer, by=selection.applicant.user)


def item(placement: Placement, code: str) -> ChecklistItem:
    return ChecklistItem.objects.get(checklist__placement=placement, code=code)


def due(placement: Placement, code: str) -> str | None:
    day = item(placement, code).due_on
    return day.isoformat() if day else None


def finish(placement: Placement, code: str, outcome: str = "recorded", **fields: Any) -> ChecklistItem:
    step = item(placement, code)
    by = staff(placement, step.recorder_role)
    return services.complete_item(item=step, outcome=outcome, by=by, **fields)


def test_a_placement_that_opens_has_dates_at_once_and_says_which_are_planned() -> None:
    placement = accepted()
    assert [due(placement, code) for code in ("V02", "C02", "C07")] == [
        "2026-10-07",
        "2026-10-13",
        "2026-12-30",
    ]
    assert item(placement, "C09").nudge_on == datetime.date(2027, 2, 26)
    assert [item(placement, code).is_date_planned for code in ("V02", "V10", "C07")] == [False, True, True]
    assert wrongly_nudged() == []
    placement.refresh_from_db()
    assert placement.due_on == START


def test_a_start_that_moves_takes_its_dates_along_and_notes_old_and_new() -> None:
    placement = accepted()
    hr = staff(placement, "hr_specialist")
    services.move_planned_start(placement=placement, starts_on=datetime.date(2026, 12, 14), by=hr)
    assert due(placement, "C07") == "2027-01-13"
    placement.refresh_from_db()
    assert placement.due_on == datetime.date(2026, 12, 14)
    event = AuditEvent.objects.get(action="placements.placement:redate")
    assert event.detail["moved"]["C07"] == ["2026-12-30", "2027-01-13"]
    assert "V02" not in event.detail["moved"]
    assert wrongly_nudged() == []


def queued_about(step: ChecklistItem) -> list[str]:
    found = OutboxMessage.objects.filter(subject_type="placements.checklistitem", subject_id=step.pk)
    return list(found.order_by("pk").values_list("delivery", flat=True))


def remind_of_disclosure(placement: Placement) -> ChecklistItem:
    """The notice fourteen days before the disclosure is due, still in the outbox."""
    reminders.sweep(now=datetime.datetime(2026, 12, 16, 6, tzinfo=datetime.UTC))
    return item(placement, "C07")


def test_a_moved_anchor_cancels_what_is_queued_for_the_old_date() -> None:
    placement = accepted()
    step = remind_of_disclosure(placement)
    assert queued_about(step) == [Delivery.PENDING]
    hr = staff(placement, "hr_specialist")
    services.move_planned_start(placement=placement, starts_on=datetime.date(2027, 1, 4), by=hr)
    assert queued_about(step) == [Delivery.CANCELLED]
    assert item(placement, "C07").reminder_cycle == step.reminder_cycle + 1


def test_control_a_date_moved_past_the_services_leaves_a_stale_reminder() -> None:
    placement = accepted()
    step = remind_of_disclosure(placement)
    ChecklistItem.objects.filter(pk=step.pk).update(due_on=datetime.date(2027, 2, 3))
    assert queued_about(step) == [Delivery.PENDING]
    assert wrongly_nudged() == ["1 open steps due 2027-02-03 are nudged 2026-12-30"]


def test_what_did_not_move_keeps_its_reminders() -> None:
    placement = accepted()
    before = item(placement, "V06").reminder_cycle
    services.move_planned_start(
        placement=placement, starts_on=datetime.date(2026, 12, 14), by=staff(placement, "hr_specialist")
    )
    assert item(placement, "V06").reminder_cycle == before


def test_a_step_that_is_done_early_moves_those_that_hang_on_it() -> None:
    placement = accepted()
    assert due(placement, "C03") == "2026-10-20"
    finish(placement, "C02", "some_yes", effective_on=datetime.date(2026, 10, 5))
    assert due(placement, "C03") == "2026-10-13"
    assert not item(placement, "C03").is_date_planned


def test_a_step_sent_back_moves_them_back() -> None:
    placement = accepted()
    done = finish(placement, "C02", "some_yes", effective_on=datetime.date(2026, 10, 5))
    services.send_item_back(item=done, reason_code="incorrect", by=staff(placement, "ethics_official"))
    assert [due(placement, code) for code in ("C02", "C03")] == ["2026-10-13", "2026-10-20"]


def test_an_answer_that_makes_a_step_pointless_takes_its_date() -> None:
    placement = accepted()
    finish(placement, "C02", "all_no", effective_on=datetime.date(2026, 10, 5))
    step = item(placement, "C03")
    assert (step.due_on, step.nudge_on, step.undated_reason) == (None, None, "does_not_apply")
    assert step.next_reminder_at is None


def enter_on_duty(placement: Placement, day: datetime.date) -> None:
    official = staff(placement, "approving_official")
    services.enter_on_duty_by_exception(
        placement=placement, effective_on=day, authority="Agency head", reason="An emergency.", by=official
    )


def test_legal_dates_count_from_the_day_that_happened() -> None:
    placement = accepted()
    with time_machine.travel(datetime.datetime(2026, 12, 1, 15, tzinfo=datetime.UTC), tick=False):
        enter_on_duty(placement, datetime.date(2026, 12, 1))
    assert [due(placement, code) for code in ("C07", "C09")] == ["2026-12-31", "2027-03-01"]
    assert not item(placement, "C07").is_date_planned
    placement.refresh_from_db()
    assert placement.due_on == placement.ends_on == datetime.date(2028, 11, 30)


def test_a_start_on_the_planned_day_makes_dates_facts_without_new_reminders() -> None:
    placement = accepted()
    before = item(placement, "C07").reminder_cycle
    with time_machine.travel(datetime.datetime(2026, 11, 30, 15, tzinfo=datetime.UTC), tick=False):
        enter_on_duty(placement, START)
    step = item(placement, "C07")
    assert (step.is_date_planned, step.reminder_cycle) == (False, before)


def test_an_extension_moves_the_end_of_the_term() -> None:
    placement = accepted()
    with time_machine.travel(datetime.datetime(2026, 11, 30, 15, tzinfo=datetime.UTC), tick=False):
        enter_on_duty(placement, START)
        official = staff(placement, "approving_official")
        services.extend_placement(placement=placement, ends_on=datetime.date(2029, 5, 29), by=official)
    assert due(placement, "C12") == "2029-04-29"
    placement.refresh_from_db()
    assert placement.due_on == datetime.date(2029, 5, 29)


@pytest.mark.usefixtures("_closures_read_anew")
def test_a_day_that_staff_close_moves_what_counted_on_it() -> None:
    placement = accepted()
    Closure.objects.create(on=datetime.date(2026, 10, 6), reason="Snow")
    forget_closures()
    assert due(placement, "V02") == "2026-10-07"
    assert services.keep_dates(by=User.objects.system()) > 0
    assert due(placement, "V02") == "2026-10-08"
    assert wrongly_nudged() == []


def queries_of(placements: list[Placement]) -> int:
    for placement in placements:  # as if every start had moved
        Placement.objects.filter(pk=placement.pk).update(
            starts_on=placement.starts_on + datetime.timedelta(days=7)
        )
    system = User.objects.system()
    with CaptureQueriesContext(connection) as captured:
        services.redate(placements, by=system)
    return len(captured)


def test_three_placements_cost_as_many_queries_as_one() -> None:
    first, *others = (accepted() for _n in range(4))
    assert queries_of([first]) == queries_of(others)
