"""The virus scanner: ClamAV's daemon, asked over a socket when CLAMD_URL names one (trust.md §3).

`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`. The protocol is that of clamd(8): a command that begins with "z"
and ends with NUL; a stream in chunks, each after its length, ended by a length of zero.
"""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

CONNECT_SECONDS, ANSWER_SECONDS = 3, 30
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
OLD_AFTER = timedelta(days=3)
"""Signatures come daily; older ones let new viruses through."""

VERSION = re.compile(r"^ClamAV [^/]*/\d+/(\w{3} \w{3} +\d+ [\d:]+ \d{4})")


class NoVerdict(Exception):
    """The scanner said neither yes nor no. The file is not taken for clean."""


class ScannerAway(NoVerdict):
    """Nothing answers at its address: no other file would get a verdict now."""


def is_configured() -> bool:
    return bool(settings.CLAMD_URL)


def find_virus(file: BinaryIO) -> str:
    """The name of what the scanner found, or nothing. Raises NoVerdict."""
    with _connection() as scanner:
        scanner.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            scanner.sendall(struct.pack("!L", len(chunk)) + chunk)
        scanner.sendall(struct.pack("!L", 0))
        answer = _answer(scanner)
    if answer == "stream: OK":
        return ""
    found = re.fullmatch(r"stream: (.+) FOUND", answer)
    if found is None:
        raise NoVerdict(answer)
    return found[1]


def report() -> dict[str, str | int]:
    """For the health page: whether it answers, and the age of its signatures."""
    if not is_configured():
        return {"scanner": "off"}
    try:
        with _connection() as scanner:
            scanner.sendall(b"zVERSION\0")
            age = _age_of_signatures(_answer(scanner))
    except NoVerdict:
        return {"scanner": "down"}
    if age is None:
        return {"scanner": "no signatures"}
    return {"scanner": "ok" if age < OLD_AFTER else "old signatures", "signatures_age_days": age.days}


def _age_of_signatures(answer: str) -> timedelta | None:
    """From an answer like "ClamAV 1.4.2/27500/Fri Jan 10 09:32:08 2025". The daemon's clock runs in UTC."""
    found = VERSION.match(answer)
    if found is None:
        return None
    made = datetime.strptime(" ".join(found[1].split()), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return timezone.now() - made


@contextmanager
def _connection() -> Iterator[socket.socket]:
    address = urlsplit(settings.CLAMD_URL)
    family = socket.AF_UNIX if address.scheme == "unix" else socket.AF_INET
    where = address.path if address.scheme == "unix" else (address.hostname, address.port or 3310)
    with socket.socket(family, socket.SOCK_STREAM) as scanner:
        scanner.settimeout(CONNECT_SECONDS)
        try:
            scanner.connect(where)
        except OSError as error:
            raise ScannerAway(str(error)) from error
        scanner.settimeout(ANSWER_SECONDS)
        try:
            yield scanner
        except OSError as error:  # it closes a stream that is too long, or died on this file
            raise NoVerdict(str(error)) from error


def _answer(scanner: socket.socket) -> str:
    """Up to the NUL; a daemon that dies in the middle gives no verdict."""
    received = b""
    while not received.endswith(b"\0"):
        part = scanner.recv(LONGEST_ANSWER)
        if not part or len(received) > LONGEST_ANSWER:
            raise NoVerdict("the answer was cut off")
        received += part
    return received[:-1].decode("utf-8", "replace").strip()
