"""Time, where a walk cannot wait for it.

Quiet hours, weekends and the rest of a decision only write an hour into the outbox. That hour is moved here, as time
would; what is sent, by whom and how often stays with beat and worker.
"""

from django.db.models import QuerySet
from django.utils import timezone

from placements.models import ChecklistItem
from techforce.core import reminders
from techforce.core.models import Delivery, OutboxMessage
from techforce.demo.register import wait_until

BEATS_S = 130
"""Beat asks once a minute what is due."""


def time_has_come(address: str) -> None:
    waiting = OutboxMessage.objects.filter(recipient__email=address, delivery=Delivery.PENDING)
    waiting.update(not_before=timezone.now())


def wait_for_reminder(item: ChecklistItem, address: str) -> None:
    """Until beat and worker have queued one; then its hour has come."""
    assert wait_until(reminders_of(item, address).exists, BEATS_S)
    time_has_come(address)


def is_said_once(item: ChecklistItem, address: str) -> bool:
    """Another beat finds nothing to say again."""
    reminders.sweep()
    return bool(reminders_of(item, address).count() == 1)


def reminders_of(item: ChecklistItem, address: str) -> QuerySet[OutboxMessage]:
    about = {"subject_type": item._meta.label_lower, "subject_id": item.pk}
    return OutboxMessage.objects.filter(recipient__email=address, template_key="deadline_reminder", **about)
