"""Servers out of Python packages, for the demo, the tests and any manage.py command on a laptop.

Each server runs as long as somebody uses it. Its users stand in a locked list: the first one starts the
server, the last one out stops it, and a user that crashed is forgotten. Production never comes here: it sets
DATABASE_URL and REDIS_URL.
"""

import atexit
import os
import secrets
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from techforce.demo.register import ProcessMark, Register, is_alive, wait_until

START_LIMIT_S = 60
STOP_LIMIT_S = 30


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be had; the message says what to do."""


def package_directory(name: str) -> Path:
    """Where a package that ships a server lies. Its Python code is not run: only the programs matter."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(
            f"The package {name} is not installed. Run `make install`, or set DATABASE_URL and REDIS_URL "
            "to use servers of your own."
        )
    return Path(spec.origin).parent


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Detached(subprocess.Popen[bytes]):
    """A server that is meant to outlive us, so Python has no reason to complain when it loses sight of it."""

    def __del__(self, *arguments: object) -> None:
        """Without the ResourceWarning of the base class, which is about children that were forgotten."""


class EmbeddedServer(ABC):
    """A server that lives in one directory and is shared by all processes that ask for it."""

    name: str
    stop_signal: int

    def __init__(self, home: Path) -> None:
        self.home = home
        self.register = Register(home / "state.json")
        self._child: subprocess.Popen[bytes] | None = None  # kept to collect its exit code

    def acquire(self) -> None:
        """Start the server unless it runs, and stand in its list of users until this process ends."""
        with self.register.locked() as state:
            others = self._living_users(state)
            if self._process(state) is None:
                state["server"] = self._start_and_wait()
            state["users"] = [*others, ProcessMark.of_this_process().as_json()]
        atexit.register(self.release)

    def release(self) -> None:
        """Leave the list of users; the last one out stops the server."""
        atexit.unregister(self.release)
        with self.register.locked() as state:
            state["users"] = self._living_users(state)
            if not state["users"]:
                self._stop(state)

    def stop(self) -> None:
        """Stop the server whoever uses it."""
        with self.register.locked() as state:
            self._stop(state)

    @property
    def port(self) -> int:
        port: int = self.register.read()["server"]["port"]
        return port

    @property
    def is_running(self) -> bool:
        return self._process(self.register.read()) is not None

    @property
    def password(self) -> str:
        """Made once for a home and readable only by its owner: everybody on the machine reaches loopback."""
        path = self.home / "password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(24))
        return path.read_text()

    @abstractmethod
    def launch(self, port: int) -> subprocess.Popen[bytes]:
        """Start the server's own program and return without waiting for it."""

    @abstractmethod
    def is_ready(self, port: int) -> bool:
        """Whether the server answers on the port."""

    @abstractmethod
    def prepare(self) -> None:
        """Before a start: what a new home needs, and what a crash left behind."""

    @abstractmethod
    def complete(self, port: int) -> None:
        """After a start: what the server must hold before anybody uses it."""

    def _living_users(self, state: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The users that still run, without this process."""
        marks = [ProcessMark(**user) for user in state.get("users", [])]
        return [mark.as_json() for mark in marks if mark.pid != os.getpid() and mark.process()]

    def _process(self, state: Mapping[str, Any]) -> psutil.Process | None:
        server = state.get("server")
        return ProcessMark(pid=server["pid"], started=server["started"]).process() if server else None

    def _start_and_wait(self) -> dict[str, Any]:
        self._reap()
        self.prepare()
        deadline = time.monotonic() + START_LIMIT_S
        while time.monotonic() < deadline:
            port = free_port()
            self._child = child = self.launch(port)
            if self._came_up(child, port, deadline):
                self.complete(port)
                return {**ProcessMark.of(child.pid).as_json(), "port": port}
            time.sleep(0.5)  # Somebody took the port, or a crashed server's children are still leaving.
        raise EmbeddedServerError(f"{self.name} did not start. Its log is {self.log_path}.")

    def _came_up(self, child: subprocess.Popen[bytes], port: int, deadline: float) -> bool:
        wait_until(lambda: child.poll() is not None or self.is_ready(port), deadline - time.monotonic())
        return child.poll() is None

    def _stop(self, state: dict[str, Any]) -> None:
        process = self._process(state)
        state.pop("server", None)
        if process is None:
            return
        with suppress(psutil.NoSuchProcess):  # it may end by itself in this very moment
            process.send_signal(self.stop_signal)
            if not wait_until(lambda: not is_alive(process), STOP_LIMIT_S):
                process.kill()
        self._reap()

    def _reap(self) -> None:
        if self._child is not None:
            self._child.poll()

    @property
    def log_path(self) -> Path:
        return self.home / "server.log"

    def spawn(
        self, command: Sequence[str | Path], stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Run a server in a session of its own, so that Ctrl-C in a terminal does not reach it."""
        with self.log_path.open("ab") as log:
            return Detached(command, stdin=stdin, stdout=log, stderr=log, start_new_session=True)
