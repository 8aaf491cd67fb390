"""The demo's mail receiver: what it has said 250 to is on the disk."""

import smtplib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from techforce.demo import sink
from techforce.demo.embedded import free_port
from techforce.demo.register import wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def mail_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAIL_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def port(mail_directory: Path) -> Iterator[int]:
    """The port of a receiver that runs as its own process, as in the demo."""
    number = free_port()
    command = [sys.executable, "-m", "techforce.demo.sink", "--port", str(number)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        assert wait_until(lambda: answers(number), 20)
        yield number
        process.terminate()


def answers(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port).quit()
    except OSError:
        return False
    return True


def make_message(subject: str = "Your application is in") -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = "<1@techforce.example>"
    message["From"] = "no-reply@techforce.example"
    message["To"] = "ana@example.org"
    message["Subject"] = subject
    message["Date"] = "Mon, 05 Jan 2026 15:00:00 +0000"
    message.set_content("We have it. – Tech Force")
    message.add_alternative("<p>We have it.</p>", subtype="html")
    return message


def test_an_accepted_message_can_be_asked_for(port: int) -> None:
    assert not sink.has_message("<1@techforce.example>")

    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.send_message(make_message())

    assert sink.has_message("<1@techforce.example>")
    assert not sink.has_message("<2@techforce.example>")


def test_a_stored_message_reads_as_it_was_written(mail_directory: Path) -> None:
    sink.default_mailbox().store(make_message().as_bytes())

    (message,) = sink.messages()

    assert (message.to, message.subject) == ("ana@example.org", "Your application is in")
    assert message.text.strip() == "We have it. – Tech Force"
    assert message.html.strip() == "<p>We have it.</p>"
    assert message.date == datetime(2026, 1, 5, 15, tzinfo=UTC)


def test_the_newest_message_comes_first_and_a_repeat_is_seen(mail_directory: Path) -> None:
    for subject in ("first", "second", "second"):
        sink.default_mailbox().store(make_message(subject).as_bytes())

    assert [message.subject for message in sink.messages()] == ["second", "second", "first"]
    assert [message.subject for message in sink.messages(limit=1)] == ["second"]


def test_a_message_is_found_by_the_id_that_the_list_gave(mail_directory: Path) -> None:
    sink.default_mailbox().store(make_message().as_bytes())
    (listed,) = sink.messages()

    assert sink.default_mailbox().message(listed.id) == listed
    assert sink.default_mailbox().message("../../secret_key") is None
