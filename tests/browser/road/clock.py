"""Time, where a walk cannot wait for it.

Quiet hours, weekends and the rest of a decision only write an hour into the outbox. That hour is moved here, as time
would; what is sent, by whom and how often stays with beat and worker.
"""

from django.utils import timezone

from techforce.core import reminders
from techforce.core.models import Delivery, OutboxMessage
from techforce.demo.register import wait_until

BEATS_S = 130
"""Beat asks once a minute what is due."""


def time_has_come(address: str) -> None:
    waiting = OutboxMessage.objects.filter(recipient__email=address, delivery=Delivery.PENDING)
    waiting.update(not_before=timezone.now())


def wait_for_reminder(address: str) -> None:
    """Until beat and worker have queued one; then its hour has come."""
    queued = OutboxMessage.objects.filter(recipient__email=address, template_key="deadline_reminder")
    assert wait_until(queued.exists, BEATS_S)
    time_has_come(address)


def nothing_more_is_due(address: str) -> bool:
    """Another beat finds nothing to say again."""
    reminders.sweep()
    queued = OutboxMessage.objects.filter(recipient__email=address, template_key="deadline_reminder")
    return queued.count() == 1
