"""Sends claimed messages over SMTP and writes down what is known of each."""

import smtplib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any, Self

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, InterfaceError
from django.db import connection as database
from django.utils import timezone

from techforce.core.mail import bounces, notifications, outbox, smtp
from techforce.core.models import Delivery, OutboxMessage

log = structlog.get_logger(__name__)

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""Waits after the first, second, … temporary refusal; the last one repeats."""

GIVE_UP_AFTER = timedelta(days=1)
"""After a day of temporary refusals staff must look."""

STEP_SECONDS = 6
"""A message takes four steps (MAIL, RCPT, DATA, the final dot). All four together stay inside one lease, so nobody
asks the receiver about a message that is still on its way."""

SLOW_SECONDS = 2
"""After a slow answer it is written down at once: its lease runs."""


def send_for(seconds: float) -> None:
    """Send what is due, batch after batch, and stop in time for the worker's own limit."""
    stop_at = time.monotonic() + seconds
    while time.monotonic() < stop_at and send_due(stop_at=stop_at):
        pass


def send_due(*, limit: int = outbox.BATCH, stop_at: float = float("inf")) -> int:
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
        with _joins_as_written(), _Round(batch) as going:
            for position, message in enumerate(batch):
                if time.monotonic() > stop_at or not send(message, connection, going):
                    _release(batch[position:])
                    break
    finally:
        _close(connection)
    return len(batch)


class _Round:
    """A batch that is being sent. `arrived` is the last message that the server took and that is not written down:
    this happens with the beginning of the next one, or at the end."""

    def __init__(self, batch: Sequence[OutboxMessage] = ()) -> None:
        self.ahead = notifications.Ahead(batch)
        self.arrived: OutboxMessage | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.write_down()

    def begin(self, message: OutboxMessage) -> bool:
        is_ours = outbox.begin_sending(message, arrived=self.arrived)
        self.arrived = None
        return is_ours

    def write_next(self, message: OutboxMessage, began: float) -> None:
        """Not behind a slow server: the lease of `message` runs."""
        if time.monotonic() - began < SLOW_SECONDS:
            self.ahead.write_after(message)

    def note_arrival(self, message: OutboxMessage, address: str, seconds: float) -> None:
        self.arrived = message
        if address.lower() in self.ahead.refused:
            bounces.note_arrival(address)
            self.ahead.forget_refused()
        if seconds > SLOW_SECONDS:
            self.write_down()

    def write_down(self) -> None:
        arrived, self.arrived = self.arrived, None
        if arrived:
            outbox.settle(arrived, expected=Delivery.SENDING, delivery=Delivery.SENT, sent_at=timezone.now())


@contextmanager
def _joins_as_written() -> Iterator[None]:
    """What a mail says is read by key over up to a dozen joins. To plan their order anew for every mail costs several
    times what reading them does."""
    with database.cursor() as cursor:
        cursor.execute("SET join_collapse_limit = 1")
    try:
        yield
    finally:
        # A connection that was lost meanwhile has nothing to be reset.
        with suppress(DatabaseError, InterfaceError), database.cursor() as cursor:
            cursor.execute("RESET join_collapse_limit")


def send(message: OutboxMessage, connection: BaseEmailBackend, going: _Round | None = None) -> bool:
    """Send one claimed message, alone or as one of a batch; False when the connection is no longer usable."""
    if going is None:
        with _Round() as alone:
            return send(message, connection, alone)
    mail = _rendered(message, going)
    if mail is None or not going.begin(message):
        return True
    began = time.monotonic()
    try:
        _hand_over(mail, message, connection, going)
    except smtplib.SMTPRecipientsRefused as error:
        going.ahead.forget_refused()
        return _address_refused(message, mail.to[0], _code(error))
    except smtplib.SMTPResponseException as error:
        return _refused(message, _code(error))
    except (OSError, smtplib.SMTPException) as error:
        return _doubtful(message, type(error).__name__)
    going.note_arrival(message, mail.to[0], time.monotonic() - began)
    return True


def _hand_over(mail: smtp.Mail, message: OutboxMessage, connection: BaseEmailBackend, going: _Round) -> None:
    """While its server stores it, the next one is written."""
    if isinstance(connection, smtp.Backend):
        connection.send_while(mail, partial(going.write_next, message, time.monotonic()))
    else:
        connection.send_messages([mail])


def _rendered(message: OutboxMessage, going: _Round) -> smtp.Mail | None:
    """None where there is nothing to say, or where its template is broken."""
    written = going.ahead.written(message)
    if written:
        return written
    if not notifications.is_loaded_together(message.template_key):
        going.write_down()  # nobody knows how long this one takes, and the lease of the one before it runs
    try:
        return notifications.render(message, going.ahead)
    except notifications.NothingToSay:
        outbox.settle(message, expected=Delivery.CLAIMED, delivery=Delivery.CANCELLED)
    except SoftTimeLimitExceeded:
        raise
    except Exception:  # a broken template must not hold back the messages behind it; staff are told
        log.exception("render_failed", message=str(message.public_id), template=message.template_key)
        outbox.settle(
            message, expected=Delivery.CLAIMED, delivery=Delivery.FAILED, failure_code="render-failed"
        )
    return None


def _open() -> BaseEmailBackend:
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    connection.open()
    line = getattr(connection, "connection", None)
    if line is not None:
        line.sock.settimeout(STEP_SECONDS)
    return connection


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException) as error:
        log.info("smtp_close", error=type(error).__name__)


def _release(messages: list[OutboxMessage]) -> None:
    """Back to pending, those of them that were not begun."""
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


def _refused(message: OutboxMessage, code: int) -> bool:
    """4xx is tried again with growing waits for a day; 5xx, and 4xx after that day, become a task for staff.

    421 also ends the connection. Any other number is no answer: the message may have arrived.
    """
    now = timezone.now()
    if not 400 <= code < 600:
        return _doubtful(message, f"smtp-{code}")
    if code < 500 and now - message.created_at < GIVE_UP_AFTER:
        later = now + RETRY_AFTER[min(message.attempts, len(RETRY_AFTER)) - 1]
        columns: dict[str, Any] = {"delivery": Delivery.PENDING, "not_before": later}
    else:
        columns = {"delivery": Delivery.FAILED}
    outbox.settle(message, expected=Delivery.SENDING, failure_code=f"smtp-{code}", **columns)
    return code != 421


def _address_refused(message: OutboxMessage, address: str, code: int) -> bool:
    """For good: staff and the person's own pages are told, and another verified address is tried at once."""
    if not 500 <= code < 600:
        return _refused(message, code)
    if bounces.note_refusal(message, address, f"smtp-{code}"):
        outbox.settle(
            message, expected=Delivery.SENDING, delivery=Delivery.PENDING, failure_code=f"smtp-{code}"
        )
        return True
    return _refused(message, code)


def _doubtful(message: OutboxMessage, reason: str) -> bool:
    """Bytes may have arrived. The row stays `sending` until its lease ends and the sweep resolves the doubt."""
    log.warning("doubtful_send", message=str(message.public_id), reason=reason)
    return False


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _text in error.recipients.values())
    return int(getattr(error, "smtp_code", 550))
