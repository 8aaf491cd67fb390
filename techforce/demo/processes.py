"""The launcher's children: started in sessions of their own, watched, and stopped in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from techforce.demo import places
from techforce.demo.commands import Service
from techforce.demo.register import ProcessMark, Register, is_alive, wait_until

RESTARTS_ALLOWED = 5


class ServiceFailedError(RuntimeError):
    """A service ended again and again."""


class Crew:
    """The services of one launcher, written down so that the next one finds them if this one is killed."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.children: dict[Service, subprocess.Popen[bytes]] = {}
        self.restarts: dict[Service, int] = {}

    def start(self, service: Service) -> None:
        log_path = places.LOGS / f"{service.name}.log"
        with log_path.open("ab") as log:
            self.children[service] = subprocess.Popen(
                [resolve(service.command[0]), *service.command[1:]],
                cwd=places.ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._write_down()

    def revive(self) -> list[Service]:
        """Start again what ended by itself; returns those services."""
        fallen = [service for service, child in self.children.items() if child.poll() is not None]
        for service in fallen:
            self.restarts[service] = self.restarts.get(service, 0) + 1
            if self.restarts[service] > RESTARTS_ALLOWED:
                raise ServiceFailedError(
                    f"{service.name} keeps ending. Its log is .local/logs/{service.name}.log."
                )
            self.start(service)
        return fallen

    def stop(self) -> None:
        """Stop the services in the reverse of the order in which they were started."""
        for service, child in reversed(self.children.items()):
            stop_group(child.pid, service.stop_limit_s)
            child.wait()
        self.children.clear()
        self._write_down()

    def _write_down(self) -> None:
        with launcher_register().locked() as state:
            living = [child.pid for child in self.children.values() if child.poll() is None]
            state["children"] = [ProcessMark.of(pid).as_json() for pid in living]


def launcher_register() -> Register:
    return Register(places.LAUNCHER / "state.json")


def running_launcher() -> ProcessMark | None:
    """Another launcher of this directory that is alive."""
    known = launcher_register().read().get("launcher")
    mark = ProcessMark(**known) if known else None
    return mark if mark and mark.process() and mark.pid != os.getpid() else None


def sign_in(port: int) -> None:
    """Write down that this process is the launcher."""
    with launcher_register().locked() as state:
        state.update(launcher=ProcessMark.of_this_process().as_json(), port=port)


def stop_leftovers() -> int:
    """Stop the children of a launcher that was killed; returns how many there were."""
    with launcher_register().locked() as state:
        marks = [ProcessMark(**child) for child in state.pop("children", [])]
    leftovers = [mark.pid for mark in marks if mark.process()]
    for pid in reversed(leftovers):
        stop_group(pid, limit_s=5)
    return len(leftovers)


def stop_group(leader: int, limit_s: float) -> None:
    """End a process group: politely to its leader first, by force to all of it after the limit."""
    with suppress(psutil.NoSuchProcess):  # what it started may still be there when it is not
        process = psutil.Process(leader)
        process.terminate()
        wait_until(lambda: not is_alive(process), limit_s)
    kill_group(leader)


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def resolve(program: str) -> str:
    """The program of this virtual environment if there is one, else the one on the PATH."""
    beside_python = Path(sys.executable).parent / program
    return str(beside_python) if beside_python.exists() else program


def wait_for_exit(child: subprocess.Popen[bytes], has_to_stop: "StopFlag") -> int:
    """The exit code of a child that is stopped early if the user asks for it."""
    while child.poll() is None:
        if has_to_stop:
            stop_group(child.pid, limit_s=5)
        time.sleep(0.1)
    return child.returncode


class StopFlag:
    """Set by Ctrl-C and its relatives, as often as they come. Nothing else happens in the signal handler."""

    SIGNALS: Iterable[signal.Signals] = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self._is_set = False
        for number in self.SIGNALS:
            signal.signal(number, self._set)

    def _set(self, number: int, frame: object) -> None:
        self._is_set = True

    def __bool__(self) -> bool:
        return self._is_set
