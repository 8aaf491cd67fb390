"""The broker stops in the middle of the road: every page and every button goes on, each mail waits in the database,
and leaves once as soon as a worker sweeps (architecture §3). Signing in and up: tests/accounts/test_redis_away.py."""

from collections import Counter
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from techforce.core import tasks, wake
from techforce.core.mail import outbox
from techforce.core.models import Delivery, MessageClass, OutboxMessage
from tests.factories.accounts import UserFactory
from tests.techforce.broker import MOST_WAIT_S, Broker
from tests.techforce.stations import STATIONS, Walk


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
@pytest.mark.usefixtures("stopped")
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
