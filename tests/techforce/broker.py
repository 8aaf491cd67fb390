"""A broker that a test stops in the middle of its work."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app

from techforce.core import wake
from techforce.demo.embedded import free_port
from techforce.demo.register import wait_until
from techforce.demo.valkey import Valkey

MOST_WAIT_S = 2.0
"""Of one request; kombu left to itself asks an absent broker again for six seconds."""


class Broker:
    """A Valkey of the test's own, which can be stopped and started again."""

    def __init__(self, home: Path) -> None:
        self.server, self.port = Valkey(home), free_port()
        self.server.prepare()
        self.url = f"redis://:{self.server.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = self.server.launch(self.port)
        assert wait_until(lambda: self.server.is_ready(self.port), 30)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def wakes(self) -> int:
        with redis.Redis.from_url(self.url) as client:
            return int(client.llen(current_app.conf.task_default_queue))


@pytest.fixture
def broker(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """It runs, and what this process wakes and counts goes to it."""
    broker = Broker(tmp_path / "broker")
    broker.start()
    settings.REDIS_URL = broker.url
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": broker.url}}
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("CELERY_BROKER_URL", broker.url)
    monkeypatch.setattr(current_app, "_pool", None)
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    # Every wake is tried, so that the time of each request counts what one attempt costs.
    monkeypatch.setattr(wake, "PAUSE_S", 0.0)
    monkeypatch.setattr(wake._Silence, "until", 0.0)
    yield broker
    broker.stop()


@pytest.fixture
def stopped(broker: Broker) -> Iterator[None]:
    wake.wake("techforce.core.tasks.show_life")  # so that a connection is open when it stops
    broker.stop()
    yield
    if broker.process.poll() is not None:
        broker.start()
