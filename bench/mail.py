"""Mails that are waiting, sent as a worker sends them, beside the least that sending over SMTP can cost: the same
receiver, one connection, one of the same mails in finished bytes, and no database. Both wait for the disk of the
receiver.

A third figure stands between them: the finished mail, and before each of them a commit that writes two rows of a bare
table. Trust.md §2 asks for that commit (the row says `sending` before the bytes leave, and only one message may be in
doubt, so that commits cannot be shared), and it cannot be hidden behind the receiver's work. It is the most that any
sender with this promise can reach.

Measured on November 23, 2026, two cores, four to six interleaved rounds of 200 to 300 mails: receiver 380 to 470 a
second; with the commit 240 to 330, or 54 to 83 percent of the receiver; our worker before the next mail was written
during the receiver's work 32 to 47 percent, since then 44 to 53 percent, about three quarters of what the promise
leaves. On a busy machine, where nothing can be done at the same time, it is 32 to 45 percent. Of 4.0 ms a mail, 2.6
wait for the receiver, 0.8 for the commit, 0.5 load and claim. Before that day the floor was a shorter mail of one
part, which this receiver takes half as long to read; against it we stood at 17 to 31 percent.
"""

import smtplib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
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


def finished() -> tuple[str, list[str], bytes]:
    """One of the mails that wait, as it would leave: another message costs the receiver another time."""
    from techforce.core.mail import notifications
    from techforce.core.models import Delivery, OutboxMessage

    waiting = OutboxMessage.objects.filter(delivery=Delivery.PENDING).select_related("recipient")
    return notifications.render(waiting.earliest("pk")).parcel


def send_finished(
    port: int, count: int, parcel: tuple[str, list[str], bytes], announce: Callable[[int], object] = bool
) -> None:
    """The same mail again and again; `announce` is called with a number before each leaves."""
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(count):
            announce(number)
            smtp.sendmail(*parcel)
