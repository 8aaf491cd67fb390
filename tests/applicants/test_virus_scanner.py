"""ClamAV over its socket: what it finds is refused, and without its verdict nothing leaves quarantine (I14)."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from applicants.models import Application, Document
from applicants.services import quarantine, scan_quarantined
from techforce.accounts.models import User
from tests.applicants.filling import RESUME, draft
from tests.applicants.test_quarantine import scanned, sent, stored

pytestmark = pytest.mark.django_db
WORSE = RESUME + b"a virus that only the scanner knows"
DEADLY = RESUME + b"a deadly file"


class Daemon(socketserver.ThreadingTCPServer):
    """Speaks as much of clamd's protocol as we do: VERSION and INSTREAM."""

    allow_reuse_address, daemon_threads = True, True
    answer: bytes | None = None
    signatures_of = timezone.now()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: Daemon

    def handle(self) -> None:
        command = self.rfile.read(6)
        if command.startswith(b"zVERS"):
            made = self.server.signatures_of.strftime("%a %b %d %H:%M:%S %Y")
            self.wfile.write(f"ClamAV 1.4.2/27500/{made}\0".encode())
            return
        assert command + self.rfile.read(4) == b"zINSTREAM\0"
        content = b"".join(self.chunks())
        if b"deadly" in content:
            return
        found = (
            b"stream: Win.Test.EICAR_HDB-1 FOUND" if b"only the scanner knows" in content else b"stream: OK"
        )
        answer = found if self.server.answer is None else self.server.answer
        self.wfile.write(answer + b"\0" if answer else b"")

    def chunks(self) -> Iterator[bytes]:
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            yield self.rfile.read(length)


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def daemon(settings: Any) -> Iterator[Daemon]:
    with Daemon() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.CLAMD_URL = server.url
        yield server
        server.shutdown()


@pytest.fixture
def application() -> Application:
    return draft()


def test_what_the_scanner_finds_is_refused(application: Application, daemon: Daemon) -> None:
    assert scanned(sent(application, WORSE)).refusal == "malware"


def test_without_the_scanner_nobody_would_know(application: Application, settings: Any) -> None:
    """The negative control."""
    settings.CLAMD_URL = ""
    assert scanned(sent(application, WORSE)).status == "clean"


def test_a_file_of_many_chunks_arrives_whole_and_is_clean(application: Application, daemon: Daemon) -> None:
    assert scanned(sent(application, RESUME * 5_000)).status == "clean"
    assert scanned(sent(application, RESUME * 5_000 + WORSE)).refusal == "malware"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"stream: what?", b""])
def test_what_is_no_verdict_leaves_the_file_in_quarantine(
    application: Application, daemon: Daemon, answer: bytes
) -> None:
    daemon.answer = answer
    document = scanned(sent(application))
    assert (document.status, stored("documents")) == ("quarantined", set())

    daemon.answer = None
    assert scanned(document).status == "clean"


def test_while_the_scanner_is_away_files_wait_and_then_go_on(
    application: Application, daemon: Daemon, settings: Any
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    first, second = scanned(sent(application)), scanned(sent(draft(), WORSE))
    Document.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert scan_quarantined(by=User.objects.system()) == 0
    assert set(Document.objects.values_list("status", flat=True)) == {"quarantined"}

    settings.CLAMD_URL = daemon.url
    assert scan_quarantined(by=User.objects.system()) == 2

    assert [Document.objects.get(pk=row.pk).status for row in (first, second)] == ["clean", "refused"]


def test_a_file_without_a_verdict_does_not_hold_up_the_others(
    application: Application, daemon: Daemon
) -> None:
    daemon.answer = b"Can't allocate memory ERROR"
    for row in (application, draft()):
        sent(row)
    Document.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert scan_quarantined(by=User.objects.system()) == 2


def test_files_on_which_the_scanner_dies_hold_up_nobody(
    application: Application, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly, good = sent(application, DEADLY), sent(draft())
    Document.objects.update(created_at=timezone.now() - timedelta(hours=1))
    Document.objects.filter(pk=deadly.pk).update(created_at=timezone.now() - timedelta(hours=9))
    assert scan_quarantined(by=User.objects.system()) == 2
    assert Document.objects.get(pk=good.pk).status == "clean"

    good = sent(draft())
    Document.objects.filter(pk=good.pk).update(created_at=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(quarantine, "MOST_A_SWEEP", 1)  # no sweep comes to the second file
    sweeps = (scan_quarantined(by=User.objects.system()) for _n in range(50))
    assert any(Document.objects.get(pk=good.pk).status == "clean" for _count in sweeps)
    assert Document.objects.get(pk=deadly.pk).status == "quarantined"


# ── The health page ───────────────────────────────────────────────────────────────────────────────
def health(client: Client) -> Any:
    return client.get("/healthz").json()


def test_the_health_page_says_whether_the_scanner_answers(
    client: Client, daemon: Daemon, settings: Any
) -> None:
    assert health(client) | {"scanner": "ok", "signatures_age_days": 0} == health(client)

    settings.CLAMD_URL = "unix:///nowhere/clamd.sock"
    assert health(client) | {"scanner": "down", "status": "degraded"} == health(client)

    settings.CLAMD_URL = ""
    assert health(client)["scanner"] == "off"


def test_the_health_page_says_when_signatures_are_old(client: Client, daemon: Daemon) -> None:
    daemon.signatures_of = timezone.now() - timedelta(days=5)
    assert health(client) | {"scanner": "old signatures", "signatures_age_days": 5} == health(client)
