"""The same against ClamAV's own daemon, with signatures of ours: collected only where `clamd` is installed."""

import io
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from applicants.inspection import TEST_VIRUS
from applicants.models import Application, Document
from applicants.services import scan_quarantined
from techforce.accounts.models import User
from techforce.core import clamd
from tests.applicants.conftest import CLAMD
from tests.applicants.filling import RESUME, draft
from tests.applicants.test_quarantine import scanned, sent, stored

pytestmark = pytest.mark.django_db
ONLY_IT_KNOWS = b"tide table of harbor seventeen"
SIGNATURES = {"Own.Eicar": TEST_VIRUS, "Own.Tide": ONLY_IT_KNOWS}
CONFIGURATION = """
Foreground yes
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}
TemporaryDirectory {folder}
"""


class Daemon:
    """A clamd of our own on loopback, with few signatures and nobody else's configuration."""

    def __init__(self, folder: Path) -> None:
        lines = (f"{name}:0:*:{pattern.hex()}" for name, pattern in SIGNATURES.items())
        (folder / "own.ndb").write_text("\n".join(lines) + "\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.configuration = folder / "clamd.conf"
        self.configuration.write_text(CONFIGURATION.format(port=self.port, folder=folder))

    def start(self) -> None:
        assert CLAMD is not None
        self.process = subprocess.Popen(
            [CLAMD, f"--config-file={self.configuration}"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while clamd.report()["scanner"] == "down":
            assert self.process.poll() is None, "clamd ended at once"
            assert time.monotonic() < deadline, "clamd does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "store"


@pytest.fixture
def daemon(settings: Any, tmp_path: Path) -> Iterator[Daemon]:
    folder = tmp_path / "clamd"
    folder.mkdir()
    found = Daemon(folder)
    settings.CLAMD_URL = f"tcp://127.0.0.1:{found.port}"
    found.start()
    yield found
    found.stop()


@pytest.fixture
def application() -> Application:
    return draft()


def health(client: Client) -> Any:
    return client.get("/healthz").json()


def test_it_lets_a_clean_file_out_and_names_what_it_finds(application: Application, daemon: Daemon) -> None:
    assert clamd.find_virus(io.BytesIO(TEST_VIRUS)).startswith("Own.Eicar")
    assert scanned(sent(application)).status == "clean"
    large = RESUME * 10_000  # many chunks
    assert scanned(sent(application, large)).status == "clean"
    refused = scanned(sent(application, large + ONLY_IT_KNOWS))
    assert (refused.status, refused.refusal) == ("refused", "malware")


def test_the_bytes_of_what_it_found_are_gone(
    application: Application, daemon: Daemon, django_capture_on_commit_callbacks: Any
) -> None:
    document = sent(application, RESUME + TEST_VIRUS)
    assert stored("quarantine") == {str(document.storage_key)}
    with django_capture_on_commit_callbacks(execute=True):
        assert scanned(document).refusal == "malware"
    assert (stored("quarantine"), stored("documents")) == (set(), set())


def test_killed_in_the_middle_it_gives_no_verdict_and_the_file_is_scanned_later(
    application: Application, daemon: Daemon, client: Client
) -> None:
    document = sent(application)
    os.kill(daemon.process.pid, signal.SIGSTOP)  # it takes the file and does not answer
    killing = threading.Timer(0.5, daemon.stop)
    killing.start()
    scanned(document)
    killing.join()
    assert (document.status, stored("documents")) == ("quarantined", set())
    assert health(client) | {"scanner": "down", "status": "degraded"} == health(client)

    Document.objects.update(created_at=document.created_at - timedelta(hours=1))
    assert scan_quarantined(by=User.objects.system()) == 0
    daemon.start()
    assert scan_quarantined(by=User.objects.system()) == 1

    document.refresh_from_db()
    assert document.status == "clean"


def test_the_health_page_says_that_there_are_none_of_the_official_signatures(
    daemon: Daemon, client: Client
) -> None:
    assert health(client) | {"scanner": "no signatures", "status": "degraded"} == health(client)
