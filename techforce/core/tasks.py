"""Celery tasks: thin, without data. The database says what is to be done."""

import structlog
from celery import shared_task

from techforce.core import health, invariants, reminders
from techforce.core.mail import mailer, outbox

log = structlog.get_logger(__name__)

SECONDS_A_RUN = 45
"""Half of the soft time limit, so that a run ends by itself also with a slow mail server; the next tick goes on."""


@shared_task
def send_outbox() -> None:
    mailer.send_for(SECONDS_A_RUN)


@shared_task
def sweep_outbox() -> None:
    """Put back what dead workers held, then send what waits; also where no wake-up arrived."""
    outbox.recover()
    send_outbox()


@shared_task
def sweep_reminders() -> None:
    reminders.sweep_due()


@shared_task(soft_time_limit=300, time_limit=330)
def compare_dates() -> None:
    """What a reminder says is checked again when it is sent; this finds what is new or moved."""
    reminders.compare_dates()


@shared_task
def show_life() -> None:
    """Beat sends this, a worker runs it: the worker is alive."""
    health.beat_heart(health.WORKER)


@shared_task
def check_invariants() -> None:
    for invariant, lines in invariants.broken().items():
        log.error("invariant_broken", code=invariant.code, sentence=invariant.sentence, count=len(lines))
