"""After an outage one reminder, not three; after a new date, a return or a new year each rung once more."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from placements import services
from placements.models import ChecklistItem
from placements.reminders import CHECKLIST_ITEM
from techforce.core import reminders
from techforce.core.calendar import EASTERN, today
from techforce.core.models import OutboxMessage, ReminderLedger
from tests.factories import placements as made
from tests.factories.agencies import agency_member

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
DUE = datetime.date(2026, 12, 16)  # a Wednesday; "-7d", "-2bd", "0d", "+1d", "+7d"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(at(DUE - 20 * DAY), tick=False) as traveller:
        yield traveller


def at(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(9, 30), tzinfo=EASTERN)


def step(owner: str = "candidate", **fields: Any) -> ChecklistItem:
    item = made.ChecklistItemFactory(
        step__code="A11",
        owner_role=owner,
        recorder_role="ethics_official",
        due_on=DUE,
        undated_reason="",
        **fields,
    )
    reminders.watch_again(item, CHECKLIST_ITEM)
    return item


def beat_runs(clock: Any, first: datetime.date, last: datetime.date) -> list[tuple[datetime.date, str]]:
    """Every hour of these days; the day and rung of what was new."""
    known = ReminderLedger.objects.count()
    day, found = first, []
    while day <= last:
        for hour in (1, 9, 17):
            clock.move_to(at(day) + datetime.timedelta(hours=hour - 9), tick=False)
            reminders.sweep()
            rows = ReminderLedger.objects.order_by("pk").values_list("threshold", flat=True)
            found += [(day, threshold) for threshold in rows[known:]]
            known = rows.count()
        day += DAY
    return found


def test_beat_that_stood_still_for_three_days_sends_one_reminder_for_each_item(clock: Any) -> None:
    """From Monday on beat is away: two business days before, the day itself and the first day late go by."""
    mine, theirs = step(), step("ethics_official")
    agency_member("ethics_official", agency=theirs.checklist.placement.opening.agency)
    beat_runs(clock, DUE - 8 * DAY, DUE - 3 * DAY)
    before = ReminderLedger.objects.count()
    found = beat_runs(clock, DUE + DAY, DUE + DAY)
    assert (before, found) == (2, [(DUE + DAY, "+1d"), (DUE + DAY, "+1d")])
    assert set(ReminderLedger.objects.order_by("-pk").values_list("subject_id", flat=True)[:2]) == {
        mine.pk,
        theirs.pk,
    }


def test_control_beat_that_runs_says_each_of_the_three(clock: Any) -> None:
    step()
    days = [day for day, _rung in beat_runs(clock, DUE - 2 * DAY, DUE + DAY)]
    assert days == [DUE - 2 * DAY, DUE, DUE + DAY]


def test_a_date_that_moves_after_its_seven_day_notice_reminds_again_once(clock: Any) -> None:
    item = step()
    assert beat_runs(clock, DUE - 8 * DAY, DUE - 5 * DAY) == [(DUE - 7 * DAY, "-7d")]
    reminders.move_due_date(item, CHECKLIST_ITEM, DUE + 14 * DAY)
    assert beat_runs(clock, DUE - 4 * DAY, DUE + 11 * DAY) == [(DUE + 7 * DAY, "-7d")]
    first, second = OutboxMessage.objects.order_by("pk")
    assert (first.delivery, second.delivery) == ("cancelled", "pending")


def test_a_step_that_is_returned_reminds_again_once(clock: Any) -> None:
    """Done before its date and sent back: what is still to come comes, what was said stays said."""
    item = step(step__outcomes=["recorded"])
    official = agency_member("ethics_official", agency=item.checklist.placement.opening.agency)
    beat_runs(clock, DUE - 8 * DAY, DUE - 5 * DAY)
    done = services.complete_item(item=item, outcome="recorded", effective_on=today(), by=official)
    assert beat_runs(clock, DUE - 4 * DAY, DUE - 2 * DAY) == []
    services.send_item_back(item=done, reason_code="incomplete", by=official)
    ChecklistItem.objects.filter(pk=item.pk).update(due_on=DUE, undated_reason="")
    item.refresh_from_db()
    reminders.watch_again(item, CHECKLIST_ITEM)
    assert beat_runs(clock, DUE - DAY, DUE + DAY) == [(DUE, "0d"), (DUE + DAY, "+1d")]
