"""Mails that are waiting, sent as a worker sends them, beside the least that sending over SMTP can cost: the same
receiver, one connection, finished text, and no database. Both wait for the disk of the receiver."""

import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone

from techforce.demo import places
from techforce.demo.embedded import free_port
from techforce.demo.register import wait_until

MAILS = 300
RECEIVER = """
import pathlib, sys, threading
from aiosmtpd.controller import Controller
from techforce.demo.sink import Mailbox, Receiver
Controller(Receiver(Mailbox(pathlib.Path(sys.argv[1]))), hostname="127.0.0.1", port=int(sys.argv[2])).start()
threading.Event().wait()
"""


@contextmanager
def receiver() -> Iterator[int]:
    """The one of the demo, with a directory of its own; gives its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        child = subprocess.Popen([sys.executable, "-c", RECEIVER, home, str(port)], cwd=places.ROOT)
        try:
            if not wait_until(lambda: answers(port), 30):
                raise SystemExit("the receiver of mails does not answer")
            yield port
        finally:
            child.kill()
            child.wait()


def answers(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
    except OSError:
        return False
    return True


def let_leave(count: int) -> None:
    """So many of the mails that were queued wait for nothing, and the others are not looked at."""
    from techforce.core.models import Delivery, OutboxMessage

    waiting = OutboxMessage.objects.filter(delivery=Delivery.PENDING)
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:count])
    waiting.update(not_before=timezone.now().replace(year=timezone.now().year + 1))
    OutboxMessage.objects.filter(pk__in=keys).update(not_before=timezone.now())


def send_all(port: int) -> None:
    from techforce.core.mail import mailer

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    while mailer.send_due():
        pass


def send_finished(port: int, count: int) -> None:
    text = (
        "Subject: A step\r\nFrom: a@floor.example\r\nTo: b@floor.example\r\n\r\n"
        + "One line of text.\r\n" * 120
    )
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for _number in range(count):
            smtp.sendmail("a@floor.example", ["b@floor.example"], text)
