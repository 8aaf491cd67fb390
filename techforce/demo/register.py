"""What several processes share: a locked JSON document, and marks that tell a process from its successor.

A process id alone says little, since the system gives it out again. Together with the instant at which the
process started it names one process for good, so a crashed user of a server can be told from a stranger with
the same number.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

# A clock that is set right while we run moves every start time a little.
CLOCK_TOLERANCE_S = 2.0


@dataclass(frozen=True)
class ProcessMark:
    """One process, past or present."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessMark":
        return cls(pid=pid, started=psutil.Process(pid).create_time())

    @classmethod
    def of_this_process(cls) -> "ProcessMark":
        return cls.of(os.getpid())

    def process(self) -> psutil.Process | None:
        """The living process, or None when it ended and its number is free or somebody else's."""
        try:
            process = psutil.Process(self.pid)
            is_ours = abs(process.create_time() - self.started) < CLOCK_TOLERANCE_S
        except psutil.NoSuchProcess:
            return None
        return process if is_ours and is_alive(process) else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def is_alive(process: psutil.Process) -> bool:
    """Whether it still does something. A zombie does not: in a container it may stay for good."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], limit_s: float) -> bool:
    """Ask twenty times a second until the answer is yes or the time is up."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Register:
    """A small JSON document that one process at a time reads and writes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[dict[str, Any]]:
        """Yield the document; what the caller changed in it is kept when the block ends without an error."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            document = self.read()
            yield document
            self._write(document)

    def read(self) -> dict[str, Any]:
        """The document as it stands, without waiting for anybody."""
        try:
            document: dict[str, Any] = json.loads(self.path.read_text())
        except FileNotFoundError:
            return {}
        return document

    def _write(self, document: dict[str, Any]) -> None:
        draft = self.path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(document))
        draft.replace(self.path)
