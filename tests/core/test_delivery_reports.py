"""Reports of mail servers that took a message and could not deliver it: told to staff as a refused address is, and
whatever else comes in by that pipe is refused with a code on which the server loses nothing."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from techforce.accounts.models import User
from techforce.core.mail import delivery_reports, mailer, notifications, outbox
from techforce.core.models import Bounce, Delivery, MessageClass, OutboxMessage
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]

REPORT = """\
From: MAILER-DAEMON@relay.example
To: <>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

I am sorry.
--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 no such mailbox

--edge
Content-Type: {kind}

{about}
Subject: You have a step

The text of the mail.
--edge--
"""


@pytest.fixture(autouse=True)
def _greeting(monkeypatch: pytest.MonkeyPatch) -> None:
    greeting = notifications.MessageTemplate(
        "deadline_reminder", lambda message: {"due_on": timezone.now(), "path": "/"}
    )
    monkeypatch.setitem(notifications._TEMPLATES, "deadline_reminder", greeting)


def sent_to(person: User) -> OutboxMessage:
    key = f"greeting:{OutboxMessage.objects.count()}"
    outbox.enqueue(
        "deadline_reminder",
        subject=person,
        recipient=person,
        message_class=MessageClass.TRANSACTIONAL,
        dedupe_key=key,
    )
    send_all()
    return OutboxMessage.objects.get(dedupe_key=key)


def send_all() -> None:
    while mailer.send_due():
        pass


def report(message: OutboxMessage, **changes: str) -> bytes:
    said = {
        "address": message.recipient.email if message.recipient else message.address,
        "action": "failed",
        "status": "5.1.1",
        "kind": "message/rfc822",
        "about": f"Message-ID: {message.message_id}",
    }
    return REPORT.format(**{**said, **changes}).encode()


def take(raw: bytes) -> int:
    """The exit code, as the mail server sees it."""
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(raw))
    try:
        call_command("take_bounce", stdout=io.StringIO())
    except CommandError as refusal:
        return refusal.returncode
    finally:
        sys.stdin = stdin
    return 0


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_what_was_taken_and_not_delivered_becomes_the_task_of_a_refused_address(kind: str) -> None:
    person = UserFactory()
    message = sent_to(person)
    assert message.delivery == Delivery.SENT
    assert take(report(message, kind=kind)) == 0
    message.refresh_from_db()
    assert (message.delivery, message.sent_at, message.failure_code) == (Delivery.FAILED, None, "dsn-5.1.1")
    bounce = Bounce.objects.unsettled().get()
    assert (bounce.user, bounce.address, bounce.failure_code) == (person, person.email, "dsn-5.1.1")


def test_another_verified_address_gets_it_once() -> None:
    person = UserFactory()
    second = f"second-{person.pk}@mail.example"
    EmailAddress.objects.create(user=person, email=second, verified=True)
    message = sent_to(person)
    raw = report(message)
    for _time in range(2):
        assert take(raw) == 0
        send_all()
    assert [sent.to for sent in mail.outbox] == [[person.email], [second]]
    assert Bounce.objects.get().message_count == 2


def test_a_server_that_takes_the_next_mail_does_not_settle_what_it_reported_before() -> None:
    person = UserFactory()
    take(report(sent_to(person)))
    assert sent_to(person).delivery == Delivery.SENT
    assert Bounce.objects.unsettled().filter(address=person.email).exists()


def test_an_alias_behind_which_nobody_is_counts_as_ours() -> None:
    person = UserFactory()
    take(report(sent_to(person), address="mailbox-17@inside.example"))
    assert Bounce.objects.get().address == person.email


def with_second_address() -> tuple[User, str]:
    person = UserFactory()
    second = f"second-{person.pk}@mail.example"
    EmailAddress.objects.create(user=person, email=second, verified=True)
    return person, second


def of_alias(message: OutboxMessage, went_to: str) -> bytes:
    """Two mailboxes behind one address were given up; the returned message says to which one it went."""
    about = f"Message-ID: {message.message_id}\nTo: {went_to}"
    one = b"Action: failed\nStatus: 5.1.1\n"
    other = b"\nFinal-Recipient: rfc822; mailbox-18@inside.example\n" + one
    raw = report(message, address="mailbox-17@inside.example", about=about)
    return raw.replace(
        b"\n\n--edge\nContent-Type: message/rfc822", b"\n" + other + b"\n--edge\nContent-Type: message/rfc822"
    )


@pytest.mark.parametrize("times", [1, 2])
def test_aliases_and_the_same_report_again_refuse_only_the_address_it_went_to(times: int) -> None:
    person, second = with_second_address()
    message = sent_to(person)
    for _time in range(times):
        assert take(of_alias(message, person.email)) == 0
        send_all()
    assert [sent.to for sent in mail.outbox] == [[person.email], [second]]
    assert list(Bounce.objects.values_list("address", "message_count")) == [(person.email, times)]


def test_a_second_message_that_came_back_from_there_goes_elsewhere_too() -> None:
    person, second = with_second_address()
    first, other = sent_to(person), sent_to(person)
    take(report(first))
    take(report(other))
    send_all()
    assert [sent.to for sent in mail.outbox] == [[person.email], [person.email], [second], [second]]


@pytest.mark.parametrize("delivery", [Delivery.CLAIMED, Delivery.SENDING])
def test_a_report_that_overtakes_us_is_asked_for_again(delivery: str) -> None:
    message = sent_to(UserFactory())
    row = OutboxMessage.objects.filter(pk=message.pk)
    row.update(delivery=delivery, sent_at=None, leased_until=timezone.now())
    assert take(report(message)) == 75
    assert not Bounce.objects.exists()
    row.update(delivery=Delivery.SENT, sent_at=timezone.now(), leased_until=None)
    assert take(report(message)) == 0
    assert row.get().delivery == Delivery.FAILED


def test_a_delay_is_no_refusal() -> None:
    message = sent_to(UserFactory())
    assert take(report(message, action="delayed", status="4.4.1")) == 0
    message.refresh_from_db()
    assert message.delivery == Delivery.SENT
    assert not Bounce.objects.exists()


def hostile(message: OutboxMessage) -> dict[str, bytes]:
    raw = report(message)
    deep = b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\n\n--a\n"
    deep += b"Content-Type: message/rfc822\n\n" * 20_000
    return {
        "nothing": b"",
        "noise": bytes(range(256)) * 40,
        "a letter": b"From: someone@example.gov\nSubject: Hello\n\nI am away.",
        "no parts": raw.split(b"--edge")[0],
        "another report": raw.replace(b"delivery-status; boundary", b"disposition-notification; boundary"),
        "somebody else's message": report(message, about="Message-ID: <1@elsewhere.example>"),
        "a message that never was": report(
            message, about="Message-ID: <00000000-0000-4000-8000-000000000000@techforce.example>"
        ).replace(b"techforce.example", message.message_id.partition("@")[2].strip(">").encode()),
        "our number in the text": report(message, about=f"X: y\n\n{message.message_id}"),
        "a header of another kind": raw.replace(
            b"Message-ID: <", b"Message-ID: =?utf-8?b?/////w==?= <\x00\xff"
        ),
        "too much": raw + b"x" * delivery_reports.MOST_BYTES,
        "parts in parts": deep,
    }


def test_whatever_else_comes_in_is_refused_and_changes_nothing() -> None:
    message = sent_to(UserFactory())
    found = {name: take(raw) for name, raw in hostile(message).items()}
    odd = found.pop("a header of another kind")
    assert odd in (0, 65)
    assert set(found.values()) == {65}, found
    message.refresh_from_db()
    assert not Bounce.objects.exclude(user=message.recipient).exists()


def test_with_the_database_away_the_server_keeps_it() -> None:
    """As the server calls it: a process of its own."""
    away = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/gone"}
    done = subprocess.run(
        [sys.executable, "manage.py", "take_bounce"],
        input=report(sent_to(UserFactory())),
        env=away,
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 75, done.stderr
