"""The broker stops in the middle of the road: every page and every button goes on, each mail waits in the database,
and leaves once as soon as a worker sweeps (architecture §3). Signing in and up: tests/accounts/test_redis_away.py."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import current_app
from django.core import mail
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from techforce.core import outbox, tasks, wake
from techforce.core.models import Delivery, MessageClass, OutboxMessage
from techforce.demo.embedded import free_port
from techforce.demo.register import wait_until
from techforce.demo.valkey import Valkey
from tests.factories.accounts import UserFactory
from tests.techforce.desk import Desk
from tests.techforce.stations import STATIONS, Walk
from tests.techforce.world import World

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
def _stopped(broker: Broker) -> Iterator[None]:
    wake.wake("techforce.core.tasks.show_life")  # so that a connection is open when it stops
    broker.stop()
    yield
    if broker.process.poll() is not None:
        broker.start()


def queue_one() -> None:
    person = UserFactory()
    outbox.enqueue(
        "account/notice",
        subject=person,
        recipient=person,
        message_class=MessageClass.TRANSACTIONAL,
        dedupe_key=f"notice:{person.pk}",
    )


# ── Every button ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.slow
@pytest.mark.usefixtures("_stopped")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("station", STATIONS, ids=lambda station: station.__name__)
def test_every_button_works_and_its_mail_waits_and_leaves_once(station: Any, broker: Broker) -> None:
    walk = Walk()
    expected = station(walk)
    assert set(walk.codes.values()) == {302}, walk.codes
    assert walk.longest_s < MOST_WAIT_S
    waiting = OutboxMessage.objects.filter(delivery=Delivery.PENDING)
    assert set(waiting.values_list("template_key", flat=True)) == expected
    letters = {message.message_id for message in waiting}

    broker.start()
    mail.outbox.clear()
    OutboxMessage.objects.update(not_before=timezone.now())  # decisions wait for a quarter of an hour
    for _tick in range(2):
        tasks.sweep_outbox()

    sent = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    assert sent == dict.fromkeys(letters, 1)
    assert set(OutboxMessage.objects.values_list("delivery", flat=True)) <= {Delivery.SENT}


# ── Every page ────────────────────────────────────────────────────────────────────────────────────
BEGINNINGS = {
    "nobody": "/",
    "person home": "/my/",
    "coordinator home": "/partner/",
    "OPM program_manager": "/admin/",
    "OPM hr_decider": "/admin/",
    "OPM reviewer": "/admin/",
    **{
        f"{role} of the agency": "/agency/"
        for role in (
            "hr_specialist",
            "hiring_manager",
            "approving_official",
            "security_officer",
            "ethics_official",
        )
    },
}
NOT_THE_ROAD = re.compile(r"demo|design|healthz|admin:(core|accounts|program)_|account_logout")


def visit(client: Client, beginning: str) -> dict[str, tuple[int, float]]:
    """Each kind of page once that links lead to, with its answer and its seconds."""
    found: dict[str, tuple[int, float]] = {}
    ways = [beginning]
    for path in ways:
        name = page_name(path)
        if name in found or NOT_THE_ROAD.search(name or "demo"):
            continue
        began = time.monotonic()
        answer = client.get(path)
        found[name] = (answer.status_code, time.monotonic() - began)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            ways += re.findall(r'<a [^>]*href="(/[^"#?]*)', answer.content.decode())
    return found


def page_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@pytest.mark.slow
@pytest.mark.usefixtures("_stopped")
@pytest.mark.parametrize("name", BEGINNINGS)
def test_every_page_that_links_lead_to_is_answered_at_once(world: World, name: str) -> None:
    person = world.people[name]
    found = visit(Desk(person) if person.is_authenticated else Client(), BEGINNINGS[name])
    assert {page: code for page, (code, _seconds) in found.items() if code >= 500} == {}
    assert {page: seconds for page, (_code, seconds) in found.items() if seconds > MOST_WAIT_S} == {}
    assert len(found) > 9, sorted(found)


# ── The wake itself ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_control_a_wake_reaches_the_broker_before_it_stops_and_after_it_is_back(broker: Broker) -> None:
    queue_one()
    assert broker.wakes() == 1
    broker.stop()
    queue_one()
    broker.start()
    queue_one()
    assert broker.wakes() == 2
    assert OutboxMessage.objects.filter(delivery=Delivery.PENDING).count() == 3


def test_after_one_failure_nobody_waits_for_the_broker_until_the_next_sweep(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wake, "PAUSE_S", 60.0)
    broker.stop()
    wake.wake("techforce.core.tasks.show_life")
    broker.start()
    wake.wake("techforce.core.tasks.show_life")
    assert broker.wakes() == 0
    monkeypatch.setattr(wake._Silence, "until", 0.0)
    wake.wake("techforce.core.tasks.show_life")
    assert broker.wakes() == 1
