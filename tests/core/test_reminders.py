"""Each reminder once, to the right person, and not when the reason is gone (I8)."""

import dataclasses
import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from placements.models import ChecklistItem
from placements.reminders import CHECKLIST_ITEM
from techforce.core import reminders
from techforce.core.mail import mailer, notifications, outbox
from techforce.core.models import Delivery, OutboxMessage, ReminderLedger
from techforce.core.reminders import registry
from tests.factories.placements import ChecklistItemFactory
from tests.parallel import at_once

DAY = datetime.timedelta(days=1)
MONDAY_AT_TEN = datetime.datetime(2026, 11, 2, 15, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    """A moment at which reminders leave at once."""
    with time_machine.travel(MONDAY_AT_TEN):
        yield


def item_due_in(days: int, **fields: Any) -> ChecklistItem:
    """A step of the person, watched since long ago."""
    return ChecklistItemFactory(
        owner_role="candidate",
        due_on=timezone.localdate() + days * DAY,
        next_reminder_at=timezone.now() - DAY,
        undated_reason="",
        **fields,
    )


@pytest.mark.django_db
def test_a_step_due_tomorrow_reminds_its_owner_once() -> None:
    item = item_due_in(1)
    assert (reminders.sweep(), reminders.sweep()) == (1, 0)
    row = ReminderLedger.objects.get()
    assert row.recipient == item.checklist.placement.applicant.user
    assert row.message.template_key == "deadline_reminder"


@pytest.mark.django_db
def test_the_mail_names_a_date_and_a_link_and_nothing_else() -> None:
    item_due_in(1, code="V06")
    reminders.sweep()
    mailer.send_due()
    (message,) = mail.outbox
    due = (timezone.localdate() + DAY).strftime("%B %-d")
    assert message.subject == f"You have a step due {due} in Tech Force"
    assert "V06" not in message.body


@pytest.mark.django_db
def test_after_three_silent_days_one_reminder_goes_and_the_next_rung_is_planned() -> None:
    item = item_due_in(-1)
    assert reminders.sweep() == 1
    item.refresh_from_db()
    assert item.next_reminder_at > timezone.now()


@pytest.mark.django_db
def test_a_settled_step_is_not_mentioned_and_not_watched_any_more() -> None:
    item = item_due_in(1, status="cancelled")
    assert reminders.sweep() == 0
    item.refresh_from_db()
    assert item.next_reminder_at is None


@pytest.mark.django_db
def test_a_step_settled_after_the_sweep_cancels_its_mail() -> None:
    item = item_due_in(1)
    reminders.sweep()
    type(item).objects.filter(pk=item.pk).delete()
    mailer.send_due()
    assert OutboxMessage.objects.get().delivery == Delivery.CANCELLED


@pytest.mark.django_db
def test_a_moved_due_date_begins_a_new_cycle_that_reminds_again() -> None:
    item = item_due_in(1)
    reminders.sweep()
    reminders.move_due_date(item, CHECKLIST_ITEM, timezone.localdate() + 30 * DAY)
    assert OutboxMessage.objects.get().delivery == Delivery.CANCELLED
    assert reminders.sweep(now=timezone.now() + 29 * DAY) == 1
    assert list(ReminderLedger.objects.order_by("id").values_list("cycle", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_beats_four_workers_and_a_manual_run_remind_once() -> None:
    for _n in range(20):
        item_due_in(1)
    at_once(7, lambda _n: reminders.sweep())
    assert ReminderLedger.objects.count() == OutboxMessage.objects.count() == 20


@pytest.mark.django_db
def test_the_ledger_stops_a_sweep_that_sees_the_same_rung_again() -> None:
    item = item_due_in(1)
    sweep_twice_as_if_unseen(item)
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_control_without_the_unique_row_the_same_rung_reminds_twice() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_reminderledger DROP CONSTRAINT one_reminder_a_threshold")
    item = item_due_in(1)
    sweep_twice_as_if_unseen(item)
    assert OutboxMessage.objects.count() == 2


def sweep_twice_as_if_unseen(item: ChecklistItem) -> None:
    """What a restored backup or a hand on the table would do."""
    for _n in range(2):
        ChecklistItem.objects.filter(pk=item.pk).update(next_reminder_at=timezone.now() - DAY)
        reminders.sweep()


@pytest.mark.django_db
def test_a_step_that_was_blocked_and_goes_on_reminds_again() -> None:
    item = item_due_in(-1)
    reminders.sweep()
    type(item).objects.filter(pk=item.pk).update(next_reminder_at=None)  # as a sweep leaves a blocked step
    reminders.watch_again(item, CHECKLIST_ITEM)
    assert reminders.sweep() == 1
    assert sorted(ReminderLedger.objects.values_list("cycle", flat=True)) == [1, 2]


@pytest.mark.django_db
def test_a_message_already_in_a_workers_hands_is_dropped_when_the_date_moves() -> None:
    item = item_due_in(1)
    reminders.sweep()
    (claimed,) = outbox.claim()
    reminders.move_due_date(item, CHECKLIST_ITEM, timezone.localdate() + 30 * DAY)
    with mail.get_connection() as smtp:
        mailer.send(claimed, smtp)
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_whole_batch_is_asked_together_and_what_is_settled_is_left_out() -> None:
    """However many they are, for as many queries."""
    costs = []
    for count in (2, 4):
        items = [item_due_in(1) for _number in range(count)]
        reminders.sweep()
        batch = outbox.claim()
        type(items[0]).objects.filter(pk=items[0].pk).update(reminder_cycle=9)
        ahead = notifications.Ahead(batch)
        with CaptureQueriesContext(connection) as queries:
            said = [ahead.load(message) is not None for message in batch]
        assert said == [message.subject_id != items[0].pk for message in batch]
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_what_was_asked_long_ago_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "FRESH_SECONDS", -1)
    items = [item_due_in(1) for _number in range(3)]
    reminders.sweep()
    ahead = notifications.Ahead(batch := outbox.claim())
    assert ahead.load(batch[0])
    type(items[0]).objects.all().delete()
    assert ahead.load(batch[1]) is None


@pytest.mark.django_db
def test_a_row_without_a_date_does_not_stop_the_sweep() -> None:
    odd = item_due_in(1)
    type(odd).objects.filter(pk=odd.pk).update(due_on=None, undated_reason="anchor_unknown")
    item_due_in(1)
    assert reminders.sweep() == 1


@pytest.mark.django_db
def test_a_rule_that_fails_does_not_silence_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a sweep nor in a rehearsal, where all is one transaction that its statement breaks."""

    def broken(rows: Any) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return set()

    rules = {
        "broken": dataclasses.replace(CHECKLIST_ITEM, key="broken", open_rows=broken),
        **registry._RULES,
    }
    monkeypatch.setattr(registry, "_RULES", rules)
    item_due_in(1)
    assert len(reminders.rehearse(now=timezone.now())) == 1
    assert reminders.sweep() == 1
