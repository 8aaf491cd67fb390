"""What goes wrong, when, and how it ended."""

import itertools
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import redis
from kombu.exceptions import OperationalError as BrokerAway

from tests.chaos.house import House

EVERY_S = 0.5
OFTEN = "pool child"
BESIDE_SENDERS = (OFTEN, "worker", OFTEN, OFTEN, "beat", OFTEN, OFTEN, "leader")
"""`worker` is a worker with all its processes; after `leader` the others are orphans. A process that has to be started
anew takes seconds of both cores, so these are few."""
KILLS = [kind for other in BESIDE_SENDERS for kind in ("after 250", "before 250", other, "after 250")]
"""Again and again in this order."""
A_TURN = len(KILLS) // len(BESIDE_SENDERS)
BROKER_AWAY_S = 2.0


class Faults:
    """For so many seconds one each half second, and on top of that what happens to the servers."""

    def __init__(
        self, house: House, seconds: float, kinds: Sequence[str] = KILLS, *, with_servers: bool = True
    ) -> None:
        self.house, self.seconds, self.kinds = house, seconds, kinds
        self.count: Counter[str] = Counter()
        self.on_servers = list(self._on_servers()) if with_servers else []
        self.broker_returns_at: float | None = None

    def run(self) -> float:
        """Until all of it has happened; returns the moment of the last one."""
        began = time.monotonic()
        for number, kind in enumerate(itertools.cycle(self.kinds), start=1):
            self._strike_servers(time.monotonic() - began)
            self.house.revive()
            self._kill(kind, number)
            self._tick()
            time.sleep(max(0.0, began + number * EVERY_S - time.monotonic()))
            if number >= len(self.kinds) and self._is_over(time.monotonic() - began):
                break
        self.house.receiver.order = ""
        return time.monotonic()

    def _is_over(self, passed: float) -> bool:
        return passed >= self.seconds and not self.on_servers and self.broker_returns_at is None

    # ── Processes ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _kill(self, kind: str, number: int) -> None:
        """The receiver knows best who is just sending; the others are chosen in turn."""
        if kind.endswith("250"):
            self.house.receiver.order = kind
            return
        role = "beat" if kind == "beat" else "worker"
        names = sorted(name for name in self.house.services if name.startswith(role))
        name = names[number // A_TURN % len(names)]
        pids = self.house.pool_of(name) if kind == "pool child" else [self.house.services[name].pid]
        for pid in filter(self.house.is_ours, pids[:1]):
            with suppress(ProcessLookupError):
                (os.killpg if kind == "worker" else os.kill)(pid, signal.SIGKILL)
                self.count[kind] += 1

    def _tick(self) -> None:
        """Beats send this each minute. Here reminders come due all the time, so that sweeps are hit as well."""
        with suppress(BrokerAway, OSError):
            self.house.tick("techforce.core.tasks.sweep_reminders")

    # ── Servers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _on_servers(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """When, as a share of the time. Workers look for a lost broker at growing intervals, so it goes last: until
        then there is sending to interrupt."""
        yield 0.2, self._flush_broker
        yield 0.45, self._restart_postgres
        yield 0.6, self._flush_broker
        yield 0.8, self._kill_broker

    def _strike_servers(self, passed: float) -> None:
        if self.broker_returns_at is not None and time.monotonic() >= self.broker_returns_at:
            self.broker_returns_at = None
            self.house.servers.start_valkey()
        while self.on_servers and self.on_servers[0][0] * self.seconds <= passed:
            self.on_servers.pop(0)[1]()

    def _flush_broker(self) -> None:
        with redis.Redis.from_url(self.house.broker_url) as client:
            client.flushall()
        self.count["broker flushed"] += 1

    def _kill_broker(self) -> None:
        self.house.servers.stop("valkey", signal.SIGKILL)
        self.broker_returns_at = time.monotonic() + BROKER_AWAY_S
        self.count["broker killed"] += 1

    def _restart_postgres(self) -> None:
        """An immediate stop writes nothing any more, and the next start recovers."""
        self.house.servers.stop("postgres", signal.SIGQUIT)
        self.house.servers.start_postgres()
        self.count["PostgreSQL stopped at once"] += 1
