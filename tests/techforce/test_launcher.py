"""`make run` in a copy of the repository: ready, stopped, killed and started again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from techforce.demo.embedded import free_port
from techforce.demo.register import wait_until
from techforce.probe import report

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 300  # a first start migrates everything, perhaps on a busy machine
OWN_TO_A_CHECKOUT = (".git", ".venv", ".local", "node_modules", "*_cache", "__pycache__")
pytestmark = pytest.mark.slow


class Launcher:
    """`make run` as a person types it in a terminal: in a process group that Ctrl-C reaches as a whole."""

    def __init__(self, checkout: Path, port: int) -> None:
        self.checkout = checkout
        self.url = f"http://127.0.0.1:{port}"
        self.log = checkout / "launcher.log"
        foreign = ("DATABASE_URL", "REDIS_URL", "TESTING", "SECRET_KEY", "MAIL_DIR", "APP_DATABASE_ROLE")
        environment = {name: value for name, value in os.environ.items() if name not in foreign}
        with self.log.open("wb") as log:
            self.make = subprocess.Popen(
                ["make", "run", f"PORT={port}"],
                cwd=checkout,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        self.wait_until_it_says(f"Ready: {self.url}/\n")

    def wait_until_it_says(self, words: str) -> None:
        wait_until(lambda: words in self.log.read_text() or self.make.poll() is not None, LIMIT_S)
        assert words in self.log.read_text(), self.log.read_text()

    def press_ctrl_c(self, times: int = 1) -> None:
        for _ in range(times):
            os.killpg(self.make.pid, signal.SIGINT)
            time.sleep(0.3)
        self.make.wait(60)

    def kill(self) -> None:
        """kill -9 of the launcher itself: nothing of it can clean up."""
        state = json.loads((self.checkout / ".local" / "launcher" / "state.json").read_text())
        psutil.Process(state["launcher"]["pid"]).kill()
        self.make.wait(LIMIT_S)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def status_of(url: str) -> int:
    try:
        with urllib.request.build_opener(NoRedirect).open(url, timeout=30) as answer:
            status: int = answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return status


def processes_of(checkout: Path) -> list[str]:
    """What still runs from the checkout, by its working directory or its command line."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd", "status"]):
        command = " ".join(process.info["cmdline"] or [])
        is_here = str(checkout) in command or str(process.info["cwd"]).startswith(str(checkout))
        if is_here and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(f"{process.pid} {command}")
    return found


def nothing_is_left(checkout: Path) -> bool:
    """`make` may be gone a moment before the launcher is."""
    return wait_until(lambda: not processes_of(checkout), 60)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A copy without data; what was installed is shared with it, since to install takes minutes."""
    copy = tmp_path / "techforce"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*OWN_TO_A_CHECKOUT))
    for installed in (".venv", "node_modules"):
        (copy / installed).symlink_to(ROOT / installed)
    yield copy
    for left in processes_of(copy):
        psutil.Process(int(left.split()[0])).kill()


def test_make_run_serves_stops_and_survives_being_killed(checkout: Path) -> None:
    port = free_port()
    launcher = Launcher(checkout, port)
    launcher.wait_until_ready()
    assert f"http://localhost:{port}/" in launcher.log.read_text()
    for page in ("/", "/openings/", "/accounts/login/", "/healthz"):
        assert status_of(launcher.url + page) == 200, page
    assert status_of(launcher.url + "/admin/") == 302
    health = report(launcher.url + "/healthz")
    assert (health["worker"], health["beat"]) == ("ok", "ok")

    launcher.kill()
    second = Launcher(checkout, port)
    second.wait_until_ready()
    assert status_of(second.url) == 200
    second.press_ctrl_c(times=2)
    assert nothing_is_left(checkout), processes_of(checkout)

    third = Launcher(checkout, port)
    third.wait_until_ready()
    third.press_ctrl_c()
    assert nothing_is_left(checkout), processes_of(checkout)


def test_a_taken_port_is_said_and_nothing_stays(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        launcher = Launcher(checkout, somebody.getsockname()[1])
        launcher.make.wait(LIMIT_S)

    assert launcher.make.returncode != 0
    assert "is taken by another program" in launcher.log.read_text()
    assert nothing_is_left(checkout)


def test_ctrl_c_while_it_starts_leaves_nothing(checkout: Path) -> None:
    launcher = Launcher(checkout, free_port())
    launcher.wait_until_it_says("Bringing the database")

    launcher.press_ctrl_c()

    assert nothing_is_left(checkout), processes_of(checkout)
