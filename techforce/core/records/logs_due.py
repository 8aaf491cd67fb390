"""The kernel's own lines of the records schedule: logs, mails, reminders.

GRS 3.2 with OMB M-21-31: twelve months at hand and eighteen in the cold, together thirty (domain.md §5.3, from general
knowledge: to be confirmed). A form's key is a transitory record (GRS 5.2/010, general knowledge).
"""

import calendar
import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from techforce.core.calendar import EASTERN
from techforce.core.models import (
    AccessEvent,
    AuditEvent,
    Bounce,
    Delivery,
    IdempotencyKey,
    OutboxMessage,
    ReminderLedger,
)
from techforce.core.records.disposition import Schedule, register_schedule, vanishing_models
from techforce.core.reminders.registry import rules

LOGS = _("Logs and mails")
LOG_AUTHORITY = "GRS 3.2"
UNDER_WAY = (Delivery.PENDING, Delivery.CLAIMED, Delivery.SENDING)
KEY_LASTS = datetime.timedelta(days=90)


def thirty_months_before(day: datetime.date) -> datetime.datetime:
    """The midnight in Washington before which a log is older than that; a month without this day ends with its last."""
    year, month = divmod(day.year * 12 + day.month - 1 - 30, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return _midnight(datetime.date(year, month + 1, min(day.day, last)))


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(0), tzinfo=EASTERN)


def old_readings(day: datetime.date) -> QuerySet[Any]:
    return AccessEvent.objects.filter(at__lt=thirty_months_before(day))


def old_audit(day: datetime.date) -> QuerySet[Any]:
    """About records that are gone; the audit of what still stands explains how it came to stand (I6). That a record was
    destroyed stays: it is all that is left of it."""
    old = AuditEvent.objects.filter(at__lt=thirty_months_before(day)).exclude(action__startswith="records:")
    is_gone = Q(pk__in=())
    for model in vanishing_models():
        still_there = Exists(model._base_manager.filter(pk=OuterRef("subject_id")))
        is_gone |= Q(subject_type=model._meta.label_lower) & ~Q(still_there)
    return old.filter(is_gone)


def old_reminders(day: datetime.date) -> QuerySet[Any]:
    """A reminder that may come again is not forgotten, or it would go out twice (I8)."""
    old = ReminderLedger.objects.filter(at__lt=thirty_months_before(day))
    for model in dict.fromkeys(rule.model for rule in rules()):
        awake = model._base_manager.filter(pk=OuterRef("subject_id"), next_reminder_at__isnull=False)
        old = old.exclude(Q(subject_type=model._meta.label_lower) & Q(Exists(awake)))
    return old


def old_mails(day: datetime.date) -> QuerySet[Any]:
    """The reminders that they carried go first."""
    carried = ReminderLedger.objects.filter(message=OuterRef("pk"))
    old = OutboxMessage.objects.filter(created_at__lt=thirty_months_before(day)).exclude(
        delivery__in=UNDER_WAY
    )
    return old.filter(~Exists(carried))


def old_bounces(day: datetime.date) -> QuerySet[Any]:
    return Bounce.objects.filter(settled_at__lt=thirty_months_before(day))


def old_keys(day: datetime.date) -> QuerySet[Any]:
    return IdempotencyKey.objects.filter(created_at__lt=_midnight(day) - KEY_LASTS)


for label, title, authority, due in (
    ("form_keys", _("Keys of forms that were sent"), "GRS 5.2/010", old_keys),
    ("unreachable_addresses", _("Unreachable addresses"), LOG_AUTHORITY, old_bounces),
    ("audit_log", _("Audit of records that are gone"), LOG_AUTHORITY, old_audit),
    ("access_log", _("Access log"), LOG_AUTHORITY, old_readings),
    ("mail_log", _("Mail log"), LOG_AUTHORITY, old_mails),
    ("reminder_log", _("Reminder log"), LOG_AUTHORITY, old_reminders),
):
    register_schedule(Schedule(label=label, title=title, family=LOGS, authority=authority, due=due))
