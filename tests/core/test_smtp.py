"""While a server stores one message, the next is written; it is said only as long as it holds."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import get_connection

from techforce.core.mail import mailer, notifications, outbox, smtp
from techforce.core.models import Delivery, MessageClass, OutboxMessage
from techforce.demo.embedded import free_port
from tests.factories.accounts import UserFactory


class SlowReceiver:
    """Keeps each message, and stores it only when `until` holds or after two seconds."""

    def __init__(self) -> None:
        self.stored: list[str] = []
        self.came_true: list[bool] = []
        self.until: Callable[[], bool] = lambda: True

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.stored.append(envelope.original_content.decode())
        for _try in range(200):
            if self.until():
                break
            await asyncio.sleep(0.01)
        self.came_true.append(self.until())
        return "250 OK"


@pytest.fixture
def receiver(settings: Any) -> Iterator[SlowReceiver]:
    receiver, port = SlowReceiver(), free_port()
    settings.EMAIL_BACKEND = "techforce.core.mail.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    controller = Controller(receiver, hostname="127.0.0.1", port=port)
    controller.start()
    yield receiver
    controller.stop()


class Letters:
    """What each message says, asked for all of them together; written down when it is put into words."""

    def __init__(self) -> None:
        self.written: list[int] = []
        self.settled: set[int] = set()
        self.unwritable: set[int] = set()

    def load(self, message: OutboxMessage) -> dict[str, Any] | None:
        number = message.context["number"]
        return None if number in self.settled else {"path": Said(self, number)}

    def load_many(self, messages: Sequence[OutboxMessage]) -> dict[int, dict[str, Any] | None]:
        return {message.pk: self.load(message) for message in messages}


@dataclass
class Said:
    letters: Letters
    number: int

    def __str__(self) -> str:
        if self.number in self.letters.unwritable:
            raise ValueError(self.number)
        self.letters.written.append(self.number)
        return f"/letter-{self.number}/"


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Letters:
    letters = Letters()
    shown = notifications.MessageTemplate("still_in_progress", letters.load, letters.load_many)
    monkeypatch.setitem(notifications._TEMPLATES, "still_in_progress", shown)
    person = UserFactory()
    for number in (1, 2, 3):
        outbox.enqueue(
            "still_in_progress",
            subject=person,
            recipient=person,
            message_class=MessageClass.TRANSACTIONAL,
            dedupe_key=f"letter:{number}",
            context={"number": number},
        )
    return letters


def deliveries() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("delivery", flat=True))


@pytest.mark.django_db
def test_the_next_message_is_written_while_the_server_stores_one(
    receiver: SlowReceiver, letters: Letters
) -> None:
    receiver.until = lambda: min(len(receiver.stored) + 1, 3) in letters.written
    mailer.send_due()
    assert receiver.came_true == [True, True, True]
    assert deliveries() == [Delivery.SENT] * 3
    assert ["/letter-1/" in text for text in receiver.stored] == [True, False, False]


@pytest.mark.django_db
def test_what_was_written_ahead_is_not_said_when_it_no_longer_holds(
    receiver: SlowReceiver, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second loses its reason while a slow server stores the first."""
    monkeypatch.setattr(notifications, "FRESH_SECONDS", 0.3)

    def settle_the_second() -> bool:
        if 2 in letters.written:
            letters.settled.add(2)
            time.sleep(0.4)
        return bool(letters.settled)

    receiver.until = settle_the_second
    mailer.send_due()
    assert 2 in letters.written
    assert deliveries() == [Delivery.SENT, Delivery.CANCELLED, Delivery.SENT]


@pytest.mark.django_db
def test_what_cannot_be_written_ahead_harms_only_itself(receiver: SlowReceiver, letters: Letters) -> None:
    letters.unwritable.add(2)
    mailer.send_due()
    assert deliveries() == [Delivery.SENT, Delivery.FAILED, Delivery.SENT]


def test_the_server_gets_no_more_time_because_something_is_done_meanwhile(receiver: SlowReceiver) -> None:
    """Its step has to end within the lease."""
    backend: Any = get_connection(timeout=10)
    left: list[float] = []

    def is_shorter() -> bool:
        left.append(backend.connection.sock.gettimeout())
        return left[-1] < 10

    receiver.until = is_shorter
    with backend:
        backend.send_while(smtp.Mail("A step", "Text", to=["b@example.org"]), lambda: time.sleep(0.2))
        assert 9 < min(left) <= 9.8
        assert backend.connection.sock.gettimeout() == 10
