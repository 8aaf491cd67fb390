"""The outbox: a message is a row in the same transaction as its cause, claimed first and sent once (I9, I10).

A worker claims a batch with SKIP LOCKED under a lease. Just before the bytes leave, the row says `sending`; when a
worker dies then, nobody knows whether the receiver has it. The sweep asks the receiver where it can be asked, and
otherwise leaves the row `unconfirmed` for staff; it never sends a doubtful message again.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from psycopg2.extras import execute_values

from techforce.core.models import Delivery, MessageClass, OutboxMessage
from techforce.core.wake import wake

log = structlog.get_logger(__name__)

DECISION_DELAY = timedelta(minutes=15)
"""How long a decision notice waits with a visible Cancel (I19)."""

BATCH = 50


def draft(
    template_key: str,
    *,
    subject: models.Model,
    message_class: str,
    dedupe_key: str,
    recipient: Any = None,
    address: str = "",
    context: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
    now: datetime | None = None,
) -> OutboxMessage:
    """An unsaved message. `context` holds identifiers and dates only; `dedupe_key` says what may happen only once,
    such as "application-received:7". `now` is another moment than this one in a rehearsal."""
    now = now or timezone.now()
    earliest = now + DECISION_DELAY if message_class == MessageClass.DECISION else now
    return OutboxMessage(
        template_key=template_key,
        message_class=message_class,
        recipient=recipient,
        address=address,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        context=dict(context or {}),
        dedupe_key=dedupe_key,
        not_before=max(earliest, not_before or earliest),
    )


def enqueue(template_key: str, **fields: Any) -> None:
    """Queue one message (see `draft`) in the caller's transaction; a second one with the same key is dropped."""
    enqueue_many([draft(template_key, **fields)])


def enqueue_many(messages: Iterable[OutboxMessage]) -> None:
    """Queue messages in the caller's transaction and wake a worker after the commit."""
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True, batch_size=1000)
    transaction.on_commit(partial(wake, "techforce.core.tasks.send_outbox"), robust=True)


def cancel(messages: models.QuerySet[OutboxMessage]) -> int:
    """Stop messages that have not left, also those that a worker is about to send; returns how many."""
    not_begun = messages.filter(delivery__in=[Delivery.PENDING, Delivery.CLAIMED])
    return not_begun.update(delivery=Delivery.CANCELLED, leased_until=None)


def claim(*, now: datetime | None = None, limit: int = BATCH) -> list[OutboxMessage]:
    """Take up to `limit` messages that are due. Two workers never get the same row."""
    now = now or timezone.now()
    with transaction.atomic():
        mine = list(
            OutboxMessage.objects.claimable(now)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("recipient")[:limit]
        )
        leased_until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
        OutboxMessage.objects.filter(pk__in=[message.pk for message in mine]).update(
            delivery=Delivery.CLAIMED, leased_until=leased_until, attempts=F("attempts") + 1
        )
    for message in mine:
        message.delivery, message.leased_until, message.attempts = (
            Delivery.CLAIMED,
            leased_until,
            message.attempts + 1,
        )
    return mine


def settle(message: OutboxMessage, *, expected: str, delivery: str, **columns: Any) -> bool:
    """Move a claimed message on, if the claim of this attempt is still ours; False when the lease was lost."""
    still_ours = OutboxMessage.objects.filter(pk=message.pk, delivery=expected, attempts=message.attempts)
    is_leased = delivery in (Delivery.CLAIMED, Delivery.SENDING)
    if not is_leased:
        columns["leased_until"] = None
    return bool(still_ours.update(delivery=delivery, **columns))


def begin_sending(message: OutboxMessage, *, arrived: OutboxMessage | None = None) -> bool:
    """Commit that the bytes are about to leave, under a fresh lease; False when the claim was lost. With the same
    statement the message before is written down as sent: one commit instead of two."""
    now = timezone.now()
    leased_until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    moves: list[tuple[Any, ...]] = [
        (message.pk, message.attempts, Delivery.CLAIMED, Delivery.SENDING, leased_until, None)
    ]
    if arrived:
        moves.append((arrived.pk, arrived.attempts, Delivery.SENDING, Delivery.SENT, None, now))
    # The table is ours; only the values come from rows, as parameters.
    statement = f"""
        UPDATE {OutboxMessage._meta.db_table} AS message
        SET delivery = move.delivery, leased_until = move.leased_until, sent_at = move.sent_at
        FROM (VALUES %s) AS move (id, attempts, expected, delivery, leased_until, sent_at)
        WHERE message.id = move.id AND message.attempts = move.attempts AND message.delivery = move.expected
        RETURNING message.id"""  # noqa: S608
    with connection.cursor() as cursor:
        kept = execute_values(
            cursor.cursor,
            statement,
            moves,
            template="(%s, %s, %s, %s, %s::timestamptz, %s::timestamptz)",
            fetch=True,
        )
    return (message.pk,) in kept


def recover(*, now: datetime | None = None) -> None:
    """Put back what a dead worker had claimed. A row that was not being sent yet is simply pending again; for a
    doubtful one the receiver is asked."""
    now = now or timezone.now()
    for message in OutboxMessage.objects.lease_expired(now)[:1000]:
        if message.delivery == Delivery.CLAIMED:
            settle(message, expected=Delivery.CLAIMED, delivery=Delivery.PENDING)
        else:
            _resolve_doubt(message)


def _resolve_doubt(message: OutboxMessage) -> None:
    has_message = receipt_lookup()
    if has_message is None:
        settle(message, expected=Delivery.SENDING, delivery=Delivery.UNCONFIRMED, failure_code="worker-lost")
        return
    try:
        has_arrived = has_message(message.message_id)
    except OSError as error:
        # The receiver cannot be asked now. The next sweep asks again; meanwhile other messages go on.
        log.warning("receipt_unknown", message=str(message.public_id), error=type(error).__name__)
        return
    if has_arrived:
        settle(message, expected=Delivery.SENDING, delivery=Delivery.SENT, sent_at=timezone.now())
    else:
        settle(message, expected=Delivery.SENDING, delivery=Delivery.PENDING)


def receipt_lookup() -> Callable[[str], bool] | None:
    """The configured way to ask the receiver whether it has a message, if there is one."""
    return import_string(settings.MAIL_RECEIPTS) if settings.MAIL_RECEIPTS else None
