"""The reminder engine: rules are registered by the apps; this sweeps them and writes the ledger (I8).

A row that is watched (`core.models.Deadline`) carries the instant of its next rung in `next_reminder_at`. A sweep
locks the rows whose instant has come, asks the rule whether each is still open, queues one message a recipient for the
latest rung, and moves the instant on, all in one transaction. Any number of sweeps may run at once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from techforce.core import outbox
from techforce.core.calendar import EASTERN
from techforce.core.closures import closures
from techforce.core.models import MessageClass, OutboxMessage, ReminderLedger
from techforce.core.notifications import template
from techforce.core.thresholds import Rung, Threshold, largest_due, next_after

log = structlog.get_logger(__name__)

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """What an app says about one kind of deadline. `model` inherits `Deadline`; all callables are set-based: they get
    the rows of a batch."""

    key: str
    model: Any
    thresholds: Callable[[Any], Sequence[Threshold]]
    open_rows: Callable[[Sequence[Any]], set[int]]
    recipients: Callable[[Sequence[tuple[Any, Rung]]], Mapping[int, Iterable[Any]]]
    path: Callable[[Any], str]
    template_key: str = "deadline_reminder"
    message_class: str = MessageClass.REMINDER


_RULES: dict[str, ReminderRule] = {}


def register(rule: ReminderRule) -> ReminderRule:
    """Add a rule; one rule watches a model, because the row has one next instant."""
    if any(other.model is rule.model and other.key != rule.key for other in _RULES.values()):
        raise ValueError(f"{rule.model.__name__} is watched by another rule")
    _RULES[rule.key] = rule
    return rule


def rules() -> tuple[ReminderRule, ...]:
    return tuple(_RULES.values())


def first_columns(thresholds: Sequence[Threshold], due_on: date | None, *, now: datetime) -> dict[str, Any]:
    """Values of `due_on` and `next_reminder_at` for a row that begins to be watched.

    A rung before the due date that has already gone by is not sent late; from the due date on the latest one is sent
    at once.
    """
    if due_on is None:
        return {"due_on": None, "next_reminder_at": None}
    is_due = due_on <= now.astimezone(EASTERN).date()
    return {
        "due_on": due_on,
        "next_reminder_at": now if is_due else next_after(thresholds, due_on, now, closures()),
    }


def move_due_date(row: Any, rule: ReminderRule, due_on: date | None) -> None:
    """Give `row` a new due date: a new cycle begins, what is queued for the old one is cancelled."""
    row.due_on = due_on
    watch_again(row, rule)


@transaction.atomic
def watch_again(row: Any, rule: ReminderRule) -> None:
    """Begin a new cycle for a row that was reopened, returned or unblocked, or whose date moved."""
    columns = first_columns(rule.thresholds(row), row.due_on, now=timezone.now())
    type(row)._base_manager.filter(pk=row.pk).update(reminder_cycle=F("reminder_cycle") + 1, **columns)
    cancel_queued(row)
    row.refresh_from_db(fields=["reminder_cycle", *columns])


def cancel_queued(row: models.Model) -> int:
    """Cancel reminders about this row that have not left; returns how many."""
    about = ReminderLedger.objects.filter(subject_type=row._meta.label_lower, subject_id=row.pk)
    return outbox.cancel(OutboxMessage.objects.filter(pk__in=about.values("message")))


def sweep(*, now: datetime | None = None) -> int:
    """Send what is due by every rule; returns the number of reminders queued. A rule that fails is logged and does not
    silence the others."""
    now = now or timezone.now()
    queued = 0
    for rule in rules():
        try:
            queued += _sweep_rule(rule, now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one broken rule must not silence the others
            log.exception("rule_failed", rule=rule.key)
    return queued


def _sweep_rule(rule: ReminderRule, now: datetime) -> int:
    queued = 0
    while True:
        seen, sent = _sweep_batch(rule, now)
        queued += sent
        if seen < BATCH:
            return queued


@transaction.atomic
def _sweep_batch(rule: ReminderRule, now: datetime) -> tuple[int, int]:
    rows = list(
        rule.model._default_manager.filter(next_reminder_at__lte=now, due_on__isnull=False)
        .order_by("next_reminder_at", "pk")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    if not rows:
        return 0, 0
    open_keys = rule.open_rows(rows)
    due = [
        (row, rung)
        for row in rows
        if row.pk in open_keys and (rung := largest_due(rule.thresholds(row), row.due_on, now, closures()))
    ]
    sent = _queue(rule, due)
    _advance(rule, rows, open_keys, now)
    return len(rows), sent


def _queue(rule: ReminderRule, due: Sequence[tuple[Any, Rung]]) -> int:
    """The ledger decides: only rows that are new in it become messages."""
    recipients = rule.recipients(due) if due else {}
    wanted = [
        _ledger_row(rule, row, rung, person) for row, rung in due for person in recipients.get(row.pk, ())
    ]
    claimed = ReminderLedger.objects.claim(wanted)
    rows = {row.pk: row for row, _rung in due}
    outbox.enqueue_many([_message(rule, rows[entry.subject_id], entry) for entry in claimed])
    ReminderLedger.objects.link_messages([entry.pk for entry in claimed])
    return len(claimed)


def _ledger_row(rule: ReminderRule, row: Any, rung: Rung, person: Any) -> ReminderLedger:
    return ReminderLedger(
        rule=rule.key,
        subject_type=row._meta.label_lower,
        subject_id=row.pk,
        cycle=row.reminder_cycle,
        threshold=rung.threshold.code,
        occurrence=rung.occurrence,
        recipient=person,
    )


def _message(rule: ReminderRule, row: Any, entry: ReminderLedger) -> OutboxMessage:
    return outbox.draft(
        rule.template_key,
        subject=row,
        message_class=rule.message_class,
        dedupe_key=entry.dedupe_key,
        recipient=entry.recipient,
        context={"due_on": row.due_on.isoformat(), "threshold": entry.threshold, "cycle": entry.cycle},
    )


def _advance(rule: ReminderRule, rows: Sequence[Any], open_keys: set[int], now: datetime) -> None:
    days_closed = closures()
    for row in rows:
        row.next_reminder_at = (
            next_after(rule.thresholds(row), row.due_on, now, days_closed) if row.pk in open_keys else None
        )
    rule.model._base_manager.bulk_update(rows, ["next_reminder_at"], batch_size=BATCH)


@template("deadline_reminder")
def load_deadline_reminder(message: OutboxMessage) -> dict[str, Any] | None:
    """A date and a link, nothing else; nothing at all when the row was settled or its date moved in the meantime."""
    rule = next(rule for rule in rules() if rule.model._meta.label_lower == message.subject_type)
    row = rule.model._base_manager.filter(pk=message.subject_id).first()
    if row is None or row.reminder_cycle != message.context["cycle"] or not rule.open_rows([row]):
        return None
    return {"due_on": date.fromisoformat(message.context["due_on"]), "path": rule.path(row)}
