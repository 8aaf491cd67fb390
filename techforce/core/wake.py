"""Waking a worker. The database already holds the work, so a broker that is away costs seconds, never a message."""

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError as BrokerAway

log = structlog.get_logger(__name__)

PAUSE_S = 15.0
"""As often as beat sweeps. Whoever presses a button meanwhile does not wait for a broker that just failed to answer."""


class _Silence:
    """Until when, on this process's clock, nobody is woken."""

    until = 0.0


def wake(task_name: str, *keys: int) -> None:
    """Ask a worker to run a task that takes no data, or only keys of rows. When the broker is away the next sweep finds
    the work."""
    if time.monotonic() < _Silence.until:
        return
    try:
        current_app.send_task(task_name, args=keys, retry=False, ignore_result=True)
    except (BrokerAway, OSError) as error:
        _Silence.until = time.monotonic() + PAUSE_S
        log.warning("broker_away", task=task_name, error=type(error).__name__)
