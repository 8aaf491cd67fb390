from techforce.core.models.audit import AccessEvent, AuditEvent
from techforce.core.models.base import Deadline, Row, Versioned
from techforce.core.models.ladder import Ladder
from techforce.core.models.messages import Delivery, MessageClass, OutboxMessage, ReminderLedger
from techforce.core.models.reach import Bounce, MailChoice, Watch
from techforce.core.models.records import Closure, Heartbeat, IdempotencyKey, LegalHold

__all__ = [
    "AccessEvent",
    "AuditEvent",
    "Bounce",
    "Closure",
    "Deadline",
    "Delivery",
    "Heartbeat",
    "IdempotencyKey",
    "Ladder",
    "LegalHold",
    "MailChoice",
    "MessageClass",
    "OutboxMessage",
    "ReminderLedger",
    "Row",
    "Versioned",
    "Watch",
]
