"""Waking a worker. The database already holds the work, so a broker that is away costs seconds, never a message."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError as BrokerAway

log = structlog.get_logger(__name__)


def wake(task_name: str, *keys: int) -> None:
    """Ask a worker to run a task that takes no data, or only keys of rows. When the broker is away the next sweep finds
    the work."""
    try:
        current_app.send_task(task_name, args=keys, retry=False, ignore_result=True)
    except (BrokerAway, OSError) as error:
        log.warning("broker_away", task=task_name, error=type(error).__name__)
