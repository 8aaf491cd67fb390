"""The reminder engine: rules are registered by the apps; this sweeps them and writes the ledger (I8).

A row that is watched (`core.models.Deadline`) carries the instant of its next rung in `next_reminder_at`. A sweep
locks the rows whose instant has come, asks the rule whether each is still open, queues one message a recipient for the
latest rung, and moves the instant on, all in one transaction. Any number of sweeps may run at once.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from psycopg2.errors import UndefinedTable

from techforce.core.bulk import write_column, write_columns
from techforce.core.calendar import EASTERN, last_business_day_on_or_before
from techforce.core.closures import closures
from techforce.core.ladders.thresholds import Threshold, has_come_since_due, largest_due, next_after
from techforce.core.mail import outbox
from techforce.core.models import MessageClass, OutboxMessage, ReminderLedger
from techforce.core.reminders import current_ladders, ladder_changes, mails
from techforce.core.reminders.registry import ReminderRule, rules

log = structlog.get_logger(__name__)

BATCH = 500

COLUMNS = ("due_on", "nudge_on", "next_reminder_at")


def first_columns(thresholds: Sequence[Threshold], due_on: date | None, *, now: datetime) -> dict[str, Any]:
    """Values of `COLUMNS` for a row that begins to be watched.

    A rung before the due date that has already gone by is not sent late; from the due date on the latest of the others
    is sent at once.
    """
    if due_on is None:
        return dict.fromkeys(COLUMNS)
    days_closed = closures()
    is_due = due_on <= now.astimezone(EASTERN).date() and has_come_since_due(
        thresholds, due_on, now, days_closed
    )
    return {
        "due_on": due_on,
        "nudge_on": last_business_day_on_or_before(due_on, days_closed),
        "next_reminder_at": now if is_due else next_after(thresholds, due_on, now, days_closed),
    }


def move_due_date(row: Any, rule: ReminderRule, due_on: date | None) -> None:
    """Give `row` a new due date: a new cycle begins, what is queued for the old one is cancelled."""
    row.due_on = due_on
    watch_again(row, rule)


def watch_again(row: Any, rule: ReminderRule) -> None:
    """Begin a new cycle for a row that was reopened, returned or unblocked, or whose date moved."""
    move_due_dates([row], rule)
    row.refresh_from_db(fields=["reminder_cycle", *COLUMNS])


@transaction.atomic
def move_due_dates(rows: Sequence[Any], rule: ReminderRule, *, fields: Sequence[str] = ()) -> None:
    """The same for many rows in four queries: each carries its new `due_on`, and further columns named in `fields`."""
    if not rows:
        return
    now = timezone.now()
    for row in rows:
        for column, value in first_columns(rule.thresholds(row), row.due_on, now=now).items():
            setattr(row, column, value)
    write_columns(rule.model, [*COLUMNS, *fields], rows)
    rule.model._base_manager.filter(pk__in=[row.pk for row in rows]).update(
        reminder_cycle=F("reminder_cycle") + 1
    )
    _cancel(rule.model._meta.label_lower, [row.pk for row in rows])


def cancel_queued(*rows: models.Model, recipient: Any = None) -> int:
    """Cancel reminders about these rows of one model that have not left, of one recipient or of all; returns how
    many."""
    return _cancel(rows[0]._meta.label_lower, [row.pk for row in rows], recipient) if rows else 0


def _cancel(subject_type: str, keys: Sequence[int], recipient: Any = None) -> int:
    """A digest goes on without them: it looks at its rows when it leaves."""
    about = ReminderLedger.objects.filter(subject_type=subject_type, subject_id__in=keys)
    if recipient is not None:
        about = about.filter(recipient=recipient)
    messages = OutboxMessage.objects.filter(pk__in=about.values("message"))
    return outbox.cancel(messages.exclude(message_class=MessageClass.DIGEST))


def sweep(*, now: datetime | None = None) -> int:
    """Compare, then send what is due; returns the number of reminders queued."""
    compare_dates()
    return sweep_due(now=now)


def compare_dates() -> None:
    """Bring what the rules watch in other tables up to date. It reads every open row, so beat asks for it seldom."""
    current_ladders.read_anew()
    _ask_each(lambda rule: rule.refresh(rule))


def sweep_due(*, now: datetime | None = None) -> int:
    """Send what is due by every rule; returns the number of reminders queued."""
    moment = now or timezone.now()
    current_ladders.read_anew()
    ladder_changes.follow_changes(now=moment)
    return len(_sweep(moment))


def rehearse(*, now: datetime) -> list[dict[str, Any]]:
    """What a sweep at `now` would queue, to whom, by which rule and for when, if none ran before: done in full, and
    undone."""
    with transaction.atomic():
        compare_dates()
        ladder_changes.follow_changes(now=now)
        found = list(_described(_sweep(now)))
        transaction.set_rollback(True)
    return sorted(found, key=lambda line: (line["leaves_at"], line["recipient"], line["due_on"]))


def _described(entries: Sequence[ReminderLedger]) -> Iterator[dict[str, Any]]:
    for rule in rules():
        mine = [entry for entry in entries if entry.rule == rule.key]
        loaded = rule.loaded(rule.rows().filter(pk__in={entry.subject_id for entry in mine}))
        rows = {row.pk: row for row in loaded}
        for entry in mine:
            row, message = rows[entry.subject_id], entry.message
            yield {
                "rule": rule.key,
                "about": rule.describe(row),
                "subject": str(row.public_id),
                "due_on": row.due_on.isoformat(),
                "threshold": entry.threshold,
                "occurrence": entry.occurrence,
                "recipient": entry.recipient.email,
                "message": message.template_key if message else "",
                "leaves_at": message.not_before.astimezone(EASTERN).isoformat(timespec="minutes")
                if message
                else "",
            }


def _sweep(now: datetime) -> list[ReminderLedger]:
    queued: list[ReminderLedger] = []
    _ask_each(lambda rule: queued.extend(_sweep_rule(rule, now)))
    return queued


def _ask_each(act: Callable[[ReminderRule], None]) -> None:
    """A rule that fails is logged and does not silence the others. Where our tables are missing, none can be asked."""
    for rule in rules():
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                act(rule)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # one broken rule must not silence the others
            if isinstance(error.__cause__, UndefinedTable):
                raise
            log.exception("rule_failed", rule=rule.key)


def _sweep_rule(rule: ReminderRule, now: datetime) -> list[ReminderLedger]:
    queued: list[ReminderLedger] = []
    if not _due(rule, now).exists():
        return queued
    while True:
        seen, claimed = _sweep_batch(rule, now)
        queued += claimed
        if seen < BATCH:
            return queued


def _due(rule: ReminderRule, now: datetime) -> models.QuerySet[Any]:
    return rule.rows().filter(next_reminder_at__lte=now, due_on__isnull=False)


@transaction.atomic
def _sweep_batch(rule: ReminderRule, now: datetime) -> tuple[int, list[ReminderLedger]]:
    rows = _take_due(rule, now)
    if not rows:
        return 0, []
    open_keys = rule.open_rows(rows)
    due = [
        (row, rung)
        for row in rows
        if row.pk in open_keys and (rung := largest_due(rule.thresholds(row), row.due_on, now, closures()))
    ]
    due.sort(key=lambda pair: pair[0].due_on)  # the oldest date gets the first place within the caps
    claimed = mails.queue(rule, due, now=now)
    _advance(rule, rows, open_keys, now)
    return len(rows), claimed


def _take_due(rule: ReminderRule, now: datetime) -> list[Any]:
    """A batch of rows whose instant has come, ours until the transaction ends. They are found and locked by their
    partial index alone; the joins that load what the rule reads are planned only when there are any."""
    found = _due(rule, now).only("pk").order_by("next_reminder_at", "pk")
    keys = [row.pk for row in found.select_for_update(skip_locked=True, of=("self",))[:BATCH]]
    loaded = rule.rows().filter(pk__in=keys).order_by("next_reminder_at", "pk")
    return rule.loaded(loaded) if keys else []


def _advance(rule: ReminderRule, rows: Sequence[Any], open_keys: set[int], now: datetime) -> None:
    days_closed = closures()
    for row in rows:
        row.next_reminder_at = (
            next_after(rule.thresholds(row), row.due_on, now, days_closed) if row.pk in open_keys else None
        )
    write_column(rule.model, "next_reminder_at", [(row.pk, row.next_reminder_at) for row in rows])
