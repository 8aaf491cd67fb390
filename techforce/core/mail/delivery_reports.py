"""What a mail server writes when it could not deliver after all (RFC 3464), read by the standard library. Pure.

Such a mail comes from anywhere: it is believed only where it names a message of ours, and nothing of its text is kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr
from uuid import UUID

from django.utils.translation import gettext as _

MOST_BYTES = 5_000_000
MOST_PARTS = 50
FAILED = "failed"
STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


class NotAReport(ValueError):
    """Nothing that could be taken as a report on a message of ours; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Report:
    """`addresses` are those that were given up, with the status of each; none where the report tells of a delay.
    `went_to` is the address on the returned message itself, whatever alias was given up behind it."""

    message: UUID
    addresses: dict[str, str]
    went_to: str = ""


def read_report(raw: bytes, *, domain: str) -> Report:
    """The message of ours, by the Message-ID that we gave it, and what became of it. Raises NotAReport."""
    if len(raw) > MOST_BYTES:
        raise NotAReport(_("The mail is too large to be a report."))
    try:
        mail = message_from_bytes(raw, policy=compat32)
        return _read(mail, domain)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        if isinstance(error, NotAReport):
            raise
        raise NotAReport(_("The mail cannot be read.")) from error


def _read(mail: Message, domain: str) -> Report:
    is_report = mail.get_content_type() == "multipart/report" and mail.is_multipart()
    if not is_report or _word(mail.get_param("report-type")) != "delivery-status":
        raise NotAReport(_("The mail is no delivery report (RFC 3464)."))
    parts = [part for part, _n in zip(_inner(mail), range(MOST_PARTS), strict=False)]
    found = _our_message(parts, domain)
    if found is None:
        raise NotAReport(_("The report names no message of ours."))
    message, went_to = found
    return Report(message, dict(_given_up(parts)), went_to)


def _inner(mail: Message) -> Iterator[Message]:
    """The parts of the report itself; what the returned message consists of is not looked at."""
    parts = mail.get_payload()
    yield from (part for part in parts if isinstance(part, Message))


def _our_message(parts: list[Message], domain: str) -> tuple[UUID, str] | None:
    ours = re.compile(
        rf"<([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})@{re.escape(domain)}>", re.IGNORECASE
    )
    for part in parts:
        for headers in _returned_headers(part):
            if match := ours.search(_word(headers.get("Message-ID"))):
                return UUID(match[1]), parseaddr(_word(headers.get("To")))[1]
    return None


def _returned_headers(part: Message) -> Iterator[Message]:
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global"):
        yield from _inner(part)
    elif kind in ("text/rfc822-headers", "message/global-headers"):
        text = part.get_payload(decode=True)
        yield message_from_bytes(text if isinstance(text, bytes) else b"", policy=compat32)


def _given_up(parts: list[Message]) -> Iterator[tuple[str, str]]:
    """Address and status of each recipient whom the server gave up."""
    for part in parts:
        if part.get_content_type() not in ("message/delivery-status", "message/global-delivery-status"):
            continue
        for group in _inner(part):
            if _word(group.get("Action")) == FAILED:
                named = _address(group.get("Original-Recipient")) or _address(group.get("Final-Recipient"))
                status = STATUS.match(_word(group.get("Status")))
                yield named, status[0] if status else "5.0.0"


def _address(value: object) -> str:
    """From "rfc822; someone@example.gov"."""
    return parseaddr(_word(value).partition(";")[2])[1]


def _word(value: object) -> str:
    """A header as plain words: the library gives other things for broken ones."""
    return str(value or "").strip().lower()
