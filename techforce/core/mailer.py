"""Sends claimed messages over SMTP and writes down what is known of each."""

import smtplib
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from techforce.core import notifications, outbox
from techforce.core.models import Delivery, OutboxMessage

log = structlog.get_logger(__name__)

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""Waits after the first, second, … temporary refusal; the last one repeats."""

GIVE_UP_AFTER = timedelta(days=1)
"""After a day of temporary refusals staff must look."""

REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
"""The receiver answered with a code: it certainly does not have the message."""


def send_due(*, limit: int = outbox.BATCH) -> int:
    """Claim one batch and send it; returns how many were claimed, so that a caller repeats until 0."""
    batch = outbox.claim(limit=limit)
    if not batch:
        return 0
    try:
        connection = _open()
    except (OSError, smtplib.SMTPException) as error:
        _hand_back(batch, error)
        return 0
    try:
        for position, message in enumerate(batch):
            if _is_lease_short(message):
                _release(batch[position:])
                break
            if not send(message, connection):
                _release(batch[position + 1 :])
                break
    finally:
        _close(connection)
    return len(batch)


def send(message: OutboxMessage, connection: BaseEmailBackend) -> bool:
    """Send one claimed message; False when the connection is no longer usable."""
    try:
        mail = notifications.render(message)
    except notifications.NothingToSay:
        outbox.settle(message, expected=Delivery.CLAIMED, delivery=Delivery.CANCELLED)
        return True
    except (
        Exception
    ):  # A broken template or loader must not hold back the messages behind it; staff are told.
        log.exception("render_failed", message=str(message.public_id), template=message.template_key)
        outbox.settle(
            message, expected=Delivery.CLAIMED, delivery=Delivery.FAILED, failure_code="render-failed"
        )
        return True
    if not outbox.settle(message, expected=Delivery.CLAIMED, delivery=Delivery.SENDING):
        return True
    try:
        connection.send_messages([mail])
    except REFUSALS as error:
        _refused(message, _code(error))
        return True
    except (OSError, smtplib.SMTPException) as error:
        # Bytes may have arrived. The row stays `sending` until its lease ends and the sweep resolves the doubt.
        log.warning("doubtful_send", message=str(message.public_id), error=type(error).__name__)
        return False
    outbox.settle(message, expected=Delivery.SENDING, delivery=Delivery.SENT, sent_at=timezone.now())
    return True


def _open() -> BaseEmailBackend:
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    connection.open()
    return connection


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("smtp_close", error=type(error).__name__)


def _is_lease_short(message: OutboxMessage) -> bool:
    """Sending may take the whole SMTP timeout; the lease must outlast it."""
    margin = timedelta(seconds=settings.EMAIL_TIMEOUT + 2)
    return message.leased_until is None or message.leased_until - timezone.now() < margin


def _release(messages: list[OutboxMessage]) -> None:
    for message in messages:
        outbox.settle(message, expected=Delivery.CLAIMED, delivery=Delivery.PENDING)


def _hand_back(messages: list[OutboxMessage], error: Exception) -> None:
    """The mail server cannot be reached: nothing was sent, try again soon."""
    log.warning("mail_server_away", error=type(error).__name__, waiting=len(messages))
    later = timezone.now() + timedelta(seconds=15)
    for message in messages:
        outbox.settle(
            message,
            expected=Delivery.CLAIMED,
            delivery=Delivery.PENDING,
            not_before=later,
            failure_code="server-away",
        )


def _refused(message: OutboxMessage, code: int) -> None:
    """4xx is tried again with growing waits for a day; 5xx, and 4xx after that day, become a task for staff."""
    now = timezone.now()
    if 400 <= code < 500 and now - message.created_at < GIVE_UP_AFTER:
        later = now + RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
        outbox.settle(
            message,
            expected=Delivery.SENDING,
            delivery=Delivery.PENDING,
            not_before=later,
            failure_code=f"smtp-{code}",
        )
    else:
        outbox.settle(
            message, expected=Delivery.SENDING, delivery=Delivery.FAILED, failure_code=f"smtp-{code}"
        )


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _text in error.recipients.values())
    return int(getattr(error, "smtp_code", 550))
