"""The mail receiver of the demo: it keeps every message as a file and passes none on.

    python -m techforce.demo.sink --port 1025

A message is on the disk under its final name before the sender is told 250, so "has this message arrived?"
has a true answer even when the sender dies in between.
"""

import argparse
import hashlib
import os
import signal
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from typing import Any

from techforce.demo import places


@dataclass(frozen=True)
class StoredMessage:
    """One message as its recipient would see it."""

    id: str
    to: str
    subject: str
    date: datetime | None
    text: str
    html: str


class Mailbox:
    """A directory with one file a message; names sort by arrival and carry a digest of the Message-ID."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def store(self, content: bytes) -> Path:
        self.directory.mkdir(parents=True, exist_ok=True)
        message_id = str(parse(content)["Message-ID"] or "")
        path = self.directory / f"{time.time_ns()}-{digest(message_id)}.eml"
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        return path

    def has(self, message_id: str) -> bool:
        return any(self.directory.glob(f"*-{digest(message_id)}.eml"))

    def messages(self, limit: int | None = None) -> list[StoredMessage]:
        """The newest first."""
        paths = sorted(self.directory.glob("*.eml"), reverse=True)
        return [read_message(path) for path in islice(paths, limit)]

    def message(self, id: str) -> StoredMessage | None:
        """One message by the id that `messages` gave it."""
        known = {path.stem: path for path in self.directory.glob("*.eml")}
        return read_message(known[id]) if id in known else None


def default_mailbox() -> Mailbox:
    return Mailbox(Path(os.environ.get("MAIL_DIR", places.MAIL)))


def has_message(message_id: str) -> bool:
    """Whether the demo's receiver has the message. The setting MAIL_RECEIPTS names this function."""
    return default_mailbox().has(message_id)


def messages(limit: int | None = None) -> list[StoredMessage]:
    """Everything the demo has sent, the newest first."""
    return default_mailbox().messages(limit)


def digest(message_id: str) -> str:
    return hashlib.sha256(message_id.strip().encode()).hexdigest()[:32]


def parse(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)  # what policy.default makes; the signature cannot say so
    return message


def read_message(path: Path) -> StoredMessage:
    message = parse(path.read_bytes())
    return StoredMessage(
        id=path.stem,
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=moment_of(message["Date"]) if message["Date"] else None,
        text=body(message, "plain"),
        html=body(message, "html"),
    )


def moment_of(header: str) -> datetime:
    """A date without a zone ("-0000") is UTC (RFC 5322 §3.3)."""
    date = parsedate_to_datetime(header)
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


class Receiver:
    """What aiosmtpd calls for each message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        self.mailbox.store(envelope.original_content)
        return "250 Message accepted"


def main() -> None:
    from aiosmtpd.controller import Controller  # the mailbox is read without this package, too

    arguments = argparse.ArgumentParser(description="Receive mail and keep it in files.")
    arguments.add_argument("--port", type=int, default=1025)
    port = arguments.parse_args().port
    has_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: has_to_stop.set())
    controller = Controller(Receiver(default_mailbox()), hostname="127.0.0.1", port=port)
    controller.start()
    has_to_stop.wait()
    controller.stop()


if __name__ == "__main__":
    main()
