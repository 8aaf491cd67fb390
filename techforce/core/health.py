"""What `/healthz` says: whether each part is alive, and how old the oldest waiting message is (I10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from techforce.core import clamd, pdf
from techforce.core.models import Delivery, Heartbeat, OutboxMessage

SILENT_AFTER = timedelta(seconds=90)
"""Worker and beat write a sign of life every 15 seconds."""

WORKER, BEAT = "worker", "beat"


def beat_heart(name: str) -> None:
    """Write a sign of life of process kind `name`."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def report() -> dict[str, Any]:
    """The state of the parts. `down` means that pages cannot be served, `degraded` that work is waiting."""
    try:
        found = {"database": "ok", **_processes(), "oldest_pending_message_s": _oldest_pending_s()}
    except DatabaseError:
        return {"status": "down", "database": "down"}
    found["broker"] = _probe(_broker_answers)
    found["pdf"] = "ok" if pdf.is_available() else "print view only"
    found |= clamd.report()
    is_scanning = found["scanner"] in ("ok", "off")
    is_whole = is_scanning and all(found[part] == "ok" for part in (WORKER, BEAT, "broker"))
    return {"status": "ok" if is_whole else "degraded", **found}


def _processes() -> dict[str, str]:
    heard = dict(Heartbeat.objects.filter(at__gte=timezone.now() - SILENT_AFTER).values_list("name", "at"))
    return {name: "ok" if name in heard else "silent" for name in (WORKER, BEAT)}


def _oldest_pending_s() -> int:
    """Seconds that the oldest message has been due and is still here; 0 when none waits."""
    now = timezone.now()
    waiting = OutboxMessage.objects.filter(delivery=Delivery.PENDING, not_before__lte=now).order_by(
        "not_before"
    )
    oldest = waiting.values_list("not_before", flat=True).first()
    return int((now - oldest).total_seconds()) if oldest else 0


def _probe(answers: Callable[[], bool]) -> str:
    try:
        return "ok" if answers() else "down"
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
        return "down"


def _broker_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    with client:
        return bool(client.ping())
