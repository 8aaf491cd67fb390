"""In what kind of mail and at what hour a step is mentioned, and when it is not."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from placements.models import ChecklistItem
from placements.reminders import CHECKLIST_ITEM
from placements.services import complete_item
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.closures import forget_closures
from techforce.core.models import Closure, Delivery, MessageClass, OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.placements.reminding import (
    agency_of,
    at,
    beside,
    dry_run,
    owner_of,
    step,
    sweep_and_send,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]


def test_staff_get_one_mail_a_work_day_at_half_past_eight() -> None:
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    officer = agency_member("security_officer", agency=agency_of(item))
    beside(item, "V03", "security_officer", due_on=datetime.date(2026, 12, 11))
    assert sweep_and_send("2026-12-09T00:05") == []
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.message_class) == (officer, MessageClass.DIGEST)
    assert message.not_before == at("2026-12-09T08:30")
    assert message.reminders.count() == 2
    (sent,) = sweep_and_send("2026-12-09T08:31")
    assert sent.subject == "2 steps wait for you in Tech Force"
    assert "Due within three work days" in sent.body
    assert "V10" not in sent.body


def test_after_an_outage_the_digest_of_the_due_day_still_leaves_on_it() -> None:
    """Beat comes back at two in the afternoon; tomorrow's digest would come after the date. There is one a day."""
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    officer = agency_member("security_officer", agency=agency_of(item))
    assert len(sweep_and_send("2026-12-16T14:00")) == 1
    beside(item, "V03", "security_officer", due_on=datetime.date(2026, 12, 16))
    assert len(sweep_and_send("2026-12-16T15:00")) == 1  # the same one
    waiting = OutboxMessage.objects.get(delivery=Delivery.PENDING)
    assert (waiting.recipient, waiting.not_before) == (officer, at("2026-12-17T08:30"))


def test_a_digest_leaves_out_what_is_done_and_is_not_sent_when_nothing_is_left() -> None:
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    agency_member("security_officer", agency=agency_of(item))
    other = beside(item, "V03", "security_officer", due_on=datetime.date(2026, 12, 11))
    sweep_and_send("2026-12-09T00:05")
    ChecklistItem.objects.filter(pk=other.pk).delete()
    reminders.move_due_date(item, CHECKLIST_ITEM, datetime.date(2027, 1, 20))
    assert sweep_and_send("2026-12-09T08:31") == []
    assert OutboxMessage.objects.get().delivery == Delivery.CANCELLED


def test_a_digest_leaves_out_what_was_recorded_in_the_half_hour_before_it() -> None:
    """The step keeps its cycle and the mail its line; what stands in it is asked when it leaves."""
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    officer = agency_member("security_officer", agency=agency_of(item))
    done = beside(
        item, "V03", "security_officer", due_on=datetime.date(2026, 12, 11), step__outcomes=["recorded"]
    )
    official = agency_member("ethics_official", agency=agency_of(item))
    sweep_and_send("2026-12-09T00:05")
    with time_machine.travel(at("2026-12-09T08:10"), tick=False):
        complete_item(item=done, outcome="recorded", effective_on=datetime.date(2026, 12, 8), by=official)
    (sent,) = [one for one in sweep_and_send("2026-12-09T08:31") if one.to == [officer.email]]
    assert sent.subject == "1 step waits for you in Tech Force"


def test_what_two_sweeps_find_before_that_hour_is_one_mail() -> None:
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    agency_member("security_officer", agency=agency_of(item))
    sweep_and_send("2026-12-09T00:05")
    beside(item, "V03", "security_officer", due_on=datetime.date(2026, 12, 12))  # a Saturday
    sweep_and_send("2026-12-09T07:00")
    (sent,) = sweep_and_send("2026-12-09T08:31")
    assert sent.subject == "2 steps wait for you in Tech Force"
    assert "December 11" in sent.body
    assert "December 12" not in sent.body


def test_what_a_sweep_finds_while_the_digest_leaves_is_said_in_the_next_one() -> None:
    """The sweep began a second before the digest left, and ends after it."""
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    officer = agency_member("security_officer", agency=agency_of(item))
    sweep_and_send("2026-12-09T00:05")
    assert len(sweep_and_send("2026-12-09T08:31")) == 1
    beside(item, "V03", "security_officer", due_on=datetime.date(2026, 12, 11))
    with time_machine.travel(at("2026-12-09T08:29:59"), tick=False):
        reminders.sweep()
    waiting = OutboxMessage.objects.get(delivery=Delivery.PENDING)
    assert (waiting.recipient, waiting.not_before) == (officer, at("2026-12-10T08:30"))
    assert waiting.reminders.count() == 1


@pytest.mark.usefixtures("_closures_read_anew")
def test_on_a_day_closed_by_order_neither_staff_nor_the_person_hear_anything() -> None:
    """Closed at seven, after the plan was made: the mails of that day leave on the next work day."""
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    agency_member("security_officer", agency=agency_of(item))
    beside(item, "A15", due_on=datetime.date(2026, 12, 16))
    Closure.objects.create(on=datetime.date(2026, 12, 9), reason="Snow")
    forget_closures()
    late = [line["leaves_at"][:10] for line in dry_run("2026-12-09T07:30")]
    assert late == ["2026-12-10", "2026-12-10"]


def test_a_legal_deadline_of_staff_goes_at_once_on_its_day() -> None:
    item = step("A20", "ethics_official", step__is_legal=True)
    agency_member("ethics_official", agency=agency_of(item))
    assert [line["message"] for line in dry_run("2026-12-21T09:00")] == ["staff_digest"]
    assert [line["message"] for line in dry_run("2026-12-30T09:00")] == ["deadline_reminder"]


def test_an_applicant_hears_from_us_once_a_day_as_long_as_there_is_time() -> None:
    first = step("A11")
    for code in ("A15", "A06"):
        beside(first, code)
    days = [line["leaves_at"][:10] for line in dry_run("2026-12-23T00:05")]
    assert days == ["2026-12-23", "2026-12-24", "2026-12-28"]


def test_a_day_is_taken_by_what_an_earlier_sweep_sent() -> None:
    first = step("A11")
    assert len(sweep_and_send("2026-12-23T09:30")) == 1
    beside(first, "A15")
    assert len(sweep_and_send("2026-12-23T10:00")) == 1
    assert OutboxMessage.objects.latest("pk").not_before == at("2026-12-24T09:00")


def test_what_is_late_anyway_keeps_to_the_caps() -> None:
    first = step("A11")
    beside(first, "A15", due_on=datetime.date(2026, 12, 31))
    days = [line["leaves_at"][:10] for line in dry_run("2027-01-04T00:05")]
    assert days == ["2027-01-04", "2027-01-05"]


def test_a_deadline_is_never_passed_for_the_sake_of_a_cap() -> None:
    first = step("A11")
    for code in ("A15", "A06"):
        beside(first, code)
    lines = dry_run("2026-12-30T00:05")
    assert {line["leaves_at"] for line in lines} == {"2026-12-30T09:00-05:00"}


def test_hours_are_those_of_the_recipient() -> None:
    item = step()
    User.objects.filter(pk=owner_of(item).pk).update(time_zone="Pacific/Honolulu")
    (line,) = dry_run("2026-12-30T00:05")
    assert line["leaves_at"] == "2026-12-30T14:00-05:00"


def test_the_mail_shows_the_work_day_before_a_weekend_deadline() -> None:
    step("A21", due_on=datetime.date(2027, 2, 28))
    (sent,) = sweep_and_send("2027-02-24T09:30")
    assert sent.subject == "You have a step due February 26 in Tech Force"


def test_a_step_that_is_done_before_the_mail_leaves_is_not_mentioned() -> None:
    item = step()
    with time_machine.travel(at("2026-12-16T00:05"), tick=False):
        reminders.sweep()
    ChecklistItem.objects.filter(pk=item.pk).delete()
    assert sweep_and_send("2026-12-16T09:30") == []


def test_a_person_whose_placement_fell_through_is_left_alone() -> None:
    item = step(checklist__placement=made.PlacementFactory(status="fell_through", closed_at=timezone.now()))
    assert item.next_reminder_at is not None
    assert dry_run("2026-12-24T09:00") == []


def test_nobody_is_pressed_for_the_other_of_two_alternatives() -> None:
    item = step("V18", "security_officer", alternatives="V15|V18")
    agency_member("ethics_official", agency=agency_of(item))
    assert dry_run("2026-12-30T09:00") != []
    made.DoneItemFactory(checklist=item.checklist, step__code="V15", alternatives="V15|V18")
    assert dry_run("2026-12-30T09:00") == []
