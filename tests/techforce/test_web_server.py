"""The web server's own lines: one form with Django's, and nobody's address (I13)."""

import json
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from techforce.demo.embedded import free_port
from techforce.demo.processes import resolve
from techforce.demo.register import wait_until
from techforce.probe import report

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def log_of_a_visit(tmp_path: Path) -> str:
    """What the server writes while it starts, answers one page, gets one malformed request and stops."""
    port = free_port()
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"}
    path = tmp_path / "web.log"
    command = [resolve("gunicorn"), "techforce.wsgi"]
    with (
        path.open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            visit(port)
        finally:
            server.terminate()
    return path.read_text()


def visit(port: int) -> None:
    assert wait_until(lambda: bool(report(f"http://127.0.0.1:{port}/healthz")), 60)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /openings/ HTTP/1.1\r\nBroken header\r\n\r\n")
        connection.recv(1000)


def test_every_line_is_json_and_none_names_the_caller(log_of_a_visit: str) -> None:
    events = [json.loads(line)["event"] for line in log_of_a_visit.splitlines()]

    assert any("Listening at" in event for event in events)
    assert [event for event in events if "Invalid request" in event] == [
        "Invalid request from ip=[caller] Invalid HTTP Header: 'Broken header'"
    ]
    assert not [event for event in events if re.search(r"127\.0\.0\.1(?!:\d+ \()", event)]
