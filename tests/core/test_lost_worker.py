"""A worker is killed with a message in its hands; afterwards the receiver has it once (I9)."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from techforce.core import reminders
from techforce.core.mail import mailer, outbox
from techforce.core.models import Delivery, OutboxMessage
from techforce.demo.embedded import free_port
from techforce.demo.sink import Mailbox
from tests.core.test_reminders import item_due_in

WORKER = "import django; django.setup(); from techforce.core.mail import mailer; mailer.send_due()"
ROOT = Path(__file__).resolve().parents[2]


class DeadlyReceiver:
    """Kills the sending process once, before or after it has stored the message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox, self.victim, self.moment = mailbox, None, ""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.strike("before")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mailbox.store(envelope.original_content)
        self.strike("after")
        return "250 OK"

    def strike(self, moment: str) -> None:
        if self.victim and moment == self.moment:
            os.kill(self.victim.pid, signal.SIGKILL)
            self.victim.wait()
            self.victim = None


@pytest.fixture
def receiver(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeadlyReceiver]:
    monkeypatch.setenv("MAIL_DIR", str(tmp_path))
    receiver = DeadlyReceiver(Mailbox(tmp_path))
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    controller = Controller(receiver, hostname="127.0.0.1", port=port)
    controller.start()
    yield receiver
    controller.stop()


def kill_a_worker(receiver: DeadlyReceiver, moment: str, port: int) -> None:
    settings = connection.settings_dict
    url = f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "techforce.settings",
    }
    receiver.moment = moment
    receiver.victim = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environment)
    receiver.victim.wait(60)


def queue_a_reminder() -> None:
    """One that leaves at once, whatever day of the week it is."""
    item_due_in(1)
    reminders.sweep()
    OutboxMessage.objects.update(not_before=timezone.now())


def after_the_lease() -> Any:
    return timezone.now() + timedelta(seconds=31)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_worker_neither_loses_nor_doubles_the_message(
    moment: str, receiver: DeadlyReceiver, settings: Any
) -> None:
    settings.MAIL_RECEIPTS = "techforce.demo.sink.has_message"
    queue_a_reminder()
    kill_a_worker(receiver, moment, settings.EMAIL_PORT)
    assert OutboxMessage.objects.get().delivery == Delivery.SENDING
    outbox.recover(now=after_the_lease())
    mailer.send_due()
    assert OutboxMessage.objects.get().delivery == Delivery.SENT
    assert len(receiver.mailbox.messages()) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_asking_the_receiver_the_message_arrives_twice(
    receiver: DeadlyReceiver, settings: Any
) -> None:
    settings.MAIL_RECEIPTS = "tests.core.receivers.has_nothing"
    queue_a_reminder()
    kill_a_worker(receiver, "after", settings.EMAIL_PORT)
    outbox.recover(now=after_the_lease())
    mailer.send_due()
    assert len(receiver.mailbox.messages()) == 2
