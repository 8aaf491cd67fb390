"""`/healthz` says what is alive, and is down only when pages cannot be served (I10)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from techforce.core import health, tasks
from techforce.core.mail.outbox import enqueue
from techforce.core.models import Heartbeat, MessageClass, OutboxMessage
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def report(client: Client) -> Any:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    return answer.json()


def test_silent_processes_are_named(client: Client) -> None:
    assert report(client) | {"status": "degraded", "worker": "silent", "beat": "silent"} == report(client)


def test_signs_of_life_make_it_whole(client: Client) -> None:
    tasks.show_life()
    health.beat_heart(health.BEAT)
    assert report(client)["status"] == "ok"


def test_an_old_sign_of_life_does_not_count(client: Client) -> None:
    tasks.show_life()
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=2))
    assert report(client)["worker"] == "silent"


def test_the_oldest_waiting_message_is_shown(client: Client) -> None:
    queue_an_old_message(minutes=10)
    assert 599 <= report(client)["oldest_pending_message_s"] <= 605


def test_an_absent_broker_is_seen_and_pages_go_on(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert report(client)["broker"] == "down"
    assert client.get("/").status_code == 200


def test_invariants_hold_in_an_empty_house(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_invariants")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 10
    assert all(line.startswith("ok") for line in lines)


def test_a_message_stuck_for_hours_breaks_an_invariant(capsys: pytest.CaptureFixture[str]) -> None:
    queue_an_old_message(minutes=90)
    with pytest.raises(CommandError, match="1 invariants do not hold"):
        call_command("check_invariants")
    assert str(OutboxMessage.objects.get().public_id) in capsys.readouterr().out


def queue_an_old_message(minutes: int) -> None:
    person = UserFactory()
    enqueue(
        "deadline_reminder",
        subject=person,
        recipient=person,
        message_class=MessageClass.TRANSACTIONAL,
        dedupe_key="old",
    )
    OutboxMessage.objects.update(not_before=timezone.now() - timedelta(minutes=minutes))
