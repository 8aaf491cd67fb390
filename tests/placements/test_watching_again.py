"""What waits again is watched again: after a return to checks, after a suspension, and when service is over."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from placements import services
from placements.models import (
    ChecklistItem,
    DivestitureCertificate,
    Placement,
    RecusalStatement,
    TrainingEnrollment,
)
from placements.reminders import CHECKLIST_ITEM, PLACEMENT, next_day_of
from placements.reminders.dates import ending_recusals, open_courses, uninvested
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.calendar import EASTERN, today
from techforce.core.errors import TransitionRefused
from techforce.core.mail import mailer
from techforce.core.mail.notifications import NothingToSay, render
from techforce.core.models import OutboxMessage, ReminderLedger
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.factories.program import VettingTierFactory
from tests.placements.agency_room import ETHICS, HR, desk, placed
from tests.placements.starting import staff

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 11, 30, 10, tzinfo=EASTERN)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def swept(moment: datetime.datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return reminders.sweep()


def at_nine(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9), EASTERN)


def last_step(placement: Placement, code: str = "C12") -> ChecklistItem:
    return ChecklistItem.objects.of_placements([placement.pk]).get(code=code)


# ── Before the start ─────────────────────────────────────────────────────────────────────────────────────────────────


def was_ready(starts_on: datetime.date) -> Placement:
    """Nobody is asked whether it will be ready; after the first day whether it began."""
    placement = placed("ready", starts_on=starts_on)
    reminders.move_due_date(placement, PLACEMENT, starts_on)
    assert swept(at_nine(starts_on - 20 * DAY)) == 0
    placement.refresh_from_db()
    assert placement.next_reminder_at > at_nine(starts_on)
    return placement


@pytest.mark.parametrize("status", ["ready", "pending_checks"])
def test_a_first_day_that_passed_without_a_record_is_asked_after(status: str) -> None:
    first = datetime.date(2027, 2, 1)
    placement = made.checked_placement(starts_on=first)
    hr = staff(placement, HR)
    reminders.move_due_date(placement, PLACEMENT, first)
    if status == "ready":
        services.confirm_ready(placement=placement, by=hr)
    swept(at_nine(first))
    ReminderLedger.objects.all().delete()
    assert swept(at_nine(first + DAY)) == 1
    assert ReminderLedger.objects.get().recipient == hr
    assert swept(at_nine(first + 8 * DAY)) >= 1  # every week


def test_a_confirmed_placement_is_on_that_ladder_at_once() -> None:
    placement = made.checked_placement(starts_on=datetime.date(2027, 2, 1))
    reminders.move_due_date(placement, PLACEMENT, placement.starts_on)
    services.confirm_ready(placement=placement, by=staff(placement, HR))
    placement.refresh_from_db()
    assert next_day_of(placement) == "start_unrecorded"
    assert placement.next_reminder_at > at_nine(placement.starts_on)


def by_the_button(placement: Placement) -> None:
    answers = {"reason_code": "step_returned"}
    desk(HR, placement.opening).post(f"/agency/placements/{placement.public_id}/return-to-checks/", answers)


def by_a_step(placement: Placement) -> None:
    item = ChecklistItem.objects.of_placements([placement.pk]).get(code="C02")
    services.send_item_back(item=item, reason_code="outdated", by=staff(placement, ETHICS))


def by_another_first_day(placement: Placement) -> None:
    by = staff(placement, HR)
    services.move_planned_start(placement=placement, starts_on=placement.starts_on + DAY, by=by)


@pytest.mark.parametrize("back", [by_the_button, by_a_step, by_another_first_day])
def test_a_placement_that_was_ready_and_goes_back_is_watched_again(back: Any) -> None:
    placement = was_ready(datetime.date(2027, 2, 1))
    cycle = placement.reminder_cycle
    back(placement)
    placement.refresh_from_db()
    assert placement.status == "pending_checks"
    assert placement.reminder_cycle > cycle
    assert placement.next_reminder_at is not None


# ── During a suspension ──────────────────────────────────────────────────────────────────────────────────────────────


DUE, A_WEEK_BEFORE = datetime.date(2026, 12, 30), datetime.date(2026, 12, 24)


def serving_with_a_step() -> ChecklistItem:
    placement = made.checked_placement(made.ActivePlacementFactory())
    reminders.move_due_date(placement, PLACEMENT, placement.ends_on)
    checklist = last_step(placement, "C02").checklist
    item = made.ChecklistItemFactory(
        checklist=checklist, step__code="A19", step__gate="none", due_on=DUE, undated_reason=""
    )
    reminders.watch_again(item, CHECKLIST_ITEM)
    return item


def suspend(placement: Placement) -> None:
    hr = agency_member(agency=placement.opening.agency)
    services.suspend_placement(placement=placement, reason_code="furlough", by=hr)


def test_nobody_is_reminded_during_a_suspension_and_again_afterwards() -> None:
    item = serving_with_a_step()
    placement = item.checklist.placement
    Placement.objects.update(next_reminder_at=timezone.now())
    suspend(placement)
    assert swept(at_nine(A_WEEK_BEFORE)) == 0
    item.refresh_from_db()
    placement.refresh_from_db()
    assert (item.next_reminder_at, placement.next_reminder_at) == (None, None)

    services.resume_placement(placement=placement, by=agency_member(agency=placement.opening.agency))

    item.refresh_from_db()
    assert item.next_reminder_at is not None
    assert placement.next_reminder_at is not None
    assert swept(at_nine(A_WEEK_BEFORE)) == 1


def test_what_is_queued_when_service_is_suspended_does_not_leave(mailoutbox: list[Any]) -> None:
    item = serving_with_a_step()
    assert swept(at_nine(A_WEEK_BEFORE)) == 1
    suspend(item.checklist.placement)
    with time_machine.travel(at_nine(A_WEEK_BEFORE) + DAY, tick=False):
        mailer.send_due()
    assert mailoutbox == []


# ── When service is over ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def _templates() -> None:
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    services.seed_placements()


def with_steps(placement: Placement) -> Placement:
    services.open_checklists(placement)
    services.redate([placement], by=agency_member(agency=placement.opening.agency))
    return placement


@pytest.fixture
def served(_templates: None) -> Placement:
    """Somebody from outside who serves, with the steps of the templates in use."""
    return with_steps(made.ActivePlacementFactory(starts_on=today() - 200 * DAY))


def end_early(placement: Placement, **fields: Any) -> Placement:
    answers = {"ended_on": today(), "reason": "resigned"} | fields
    hr = agency_member(agency=placement.opening.agency)
    return services.end_placement_early(placement=placement, by=hr, **answers)


def test_the_last_steps_count_from_the_day_on_which_service_ended(served: Placement) -> None:
    other = last_step(served, "C09").due_on
    assert last_step(served).due_on == served.ends_on - 30 * DAY
    end_early(served)
    assert last_step(served).due_on == today() - 30 * DAY
    assert last_step(served, "C09").due_on == other


def test_the_dates_of_the_last_steps_are_kept_until_they_are_settled(served: Placement) -> None:
    end_early(served)
    ChecklistItem.objects.filter(pk=last_step(served).pk).update(due_on=today(), nudge_on=today())
    assert services.keep_dates(by=User.objects.system()) == 1
    assert last_step(served).due_on == today() - 30 * DAY


def test_the_last_steps_of_service_that_is_over_are_reminded_of(served: Placement) -> None:
    official = agency_member(ETHICS, agency=served.opening.agency)
    end_early(served)
    swept(NOW + DAY)
    told = OutboxMessage.objects.filter(recipient=official, template_key="staff_digest")
    assert last_step(served).pk in set(told.values_list("reminders__subject_id", flat=True))


@pytest.mark.usefixtures("_templates")
@pytest.mark.parametrize("status", ["completed", "curtailed", "transferred"])
def test_the_last_steps_stay_on_the_work_page(status: str) -> None:
    placement = with_steps(made.EndedPlacementFactory(status=status))
    page = desk(ETHICS, placement.opening).get("/agency/").content.decode()
    assert str(last_step(placement).public_id) in page
    assert str(last_step(placement, "C07").public_id) not in page


def test_a_placement_is_closed_once_its_last_steps_are_settled(served: Placement) -> None:
    end_early(served)
    hr = agency_member(agency=served.opening.agency)
    with pytest.raises(TransitionRefused, match="C11, C12, V26"):
        services.close_placement(placement=served, outcome="left", by=hr)
    for code in ("C11", "C12", "V26"):
        step = last_step(served, code)
        by = staff(served, step.recorder_role)
        services.complete_item(item=step, outcome="recorded", effective_on=today(), by=by)
    assert services.close_placement(placement=served, outcome="left", by=hr).status == "closed"


def test_nothing_is_asked_for_after_a_death(served: Placement) -> None:
    end_early(served, reason="deceased")
    assert last_step(served).status == "cancelled"
    hr = agency_member(agency=served.opening.agency)
    assert services.close_placement(placement=served, outcome="left", by=hr).status == "closed"


# ── The gates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def told_of(gate: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template_key=f"{gate}_gate_open").order_by("pk"))


def one_step_is_missing(*, is_firm: bool) -> ChecklistItem:
    placement = made.checked_placement(is_firm=is_firm)
    agency_member(agency=placement.opening.agency)
    item = last_step(placement, "C02")
    return services.send_item_back(item=item, reason_code="outdated", by=staff(placement, ETHICS))


def finish(item: ChecklistItem) -> None:
    by = staff(item.checklist.placement, ETHICS)
    services.complete_item(item=item, outcome="recorded", effective_on=today(), by=by)


def test_hr_hears_of_a_gate_each_time_a_change_opens_it() -> None:
    item = one_step_is_missing(is_firm=False)
    finish(item)
    (first,) = told_of("firm_offer")
    assert render(first) is not None
    services.send_item_back(item=item, reason_code="outdated", by=staff(item.checklist.placement, ETHICS))
    with pytest.raises(NothingToSay):
        render(first)
    finish(item)
    assert len(told_of("firm_offer")) == 2


def test_a_change_that_opens_no_gate_tells_nobody() -> None:
    placement = made.checked_placement(is_firm=False)
    agency_member(agency=placement.opening.agency)
    checklist = last_step(placement, "C02").checklist
    finish(made.ChecklistItemFactory(checklist=checklist, step__code="C07", step__gate="none"))
    assert told_of("firm_offer") == told_of("entry_on_duty") == []


def test_nobody_is_told_to_prepare_a_firm_offer_that_is_out() -> None:
    finish(one_step_is_missing(is_firm=True))
    (firm,), (entry,) = told_of("firm_offer"), told_of("entry_on_duty")
    with pytest.raises(NothingToSay):
        render(firm)
    assert render(entry) is not None


def test_of_other_dates_only_what_the_law_runs_on_is_said_during_a_suspension() -> None:
    placement = made.ActivePlacementFactory()
    made.RecusalStatementFactory(placement=placement, ends_on=DUE)
    made.TrainingEnrollmentFactory(placement=placement, due_on=DUE)
    sold = {"issued_on": NOW.date() - DAY, "number": "CD-1", "sold_on": NOW.date()}
    made.DivestitureCertificateFactory(placement=placement, requested_on=NOW.date() - 3 * DAY, **sold)
    asked = (
        (ending_recusals, RecusalStatement),
        (open_courses, TrainingEnrollment),
        (uninvested, DivestitureCertificate),
    )
    assert [len(list(dates(model.objects.all()))) for dates, model in asked] == [1, 1, 1]
    suspend(placement)
    assert [len(list(dates(model.objects.all()))) for dates, model in asked] == [0, 0, 1]
