"""The admin's base classes (`base`) and the kernel's own pages: audit search, access log, mail log, holds, closures."""

from django.contrib import admin

from techforce.core.admin.base import Admin, ReadOnlyAdmin
from techforce.core.models import AccessEvent, AuditEvent, Closure, LegalHold, OutboxMessage, ReminderLedger


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "actor",
        "action",
        "subject_type",
        "subject_id",
        "from_state",
        "to_state",
        "reason_code",
    )
    search_fields = ("=action", "=subject_id")


@admin.register(AccessEvent)
class AccessEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "purpose", "subject_type", "subject_id")
    search_fields = ("=subject_id",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at",
        "template_key",
        "recipient",
        "message_class",
        "delivery",
        "sent_at",
        "failure_code",
    )
    exclude = ("context",)
    list_filter = ("delivery", "message_class")
    search_fields = ("=template_key", "=recipient__email", "=public_id")


@admin.register(ReminderLedger)
class ReminderLedgerAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "rule",
        "threshold",
        "subject_type",
        "subject_id",
        "cycle",
        "occurrence",
        "recipient",
    )
    search_fields = ("=subject_id",)


@admin.register(LegalHold)
class LegalHoldAdmin(Admin):
    list_display = ("matter", "subject_type", "subject_id", "starts_on", "ends_on")
    actor_fields = ("placed_by",)


@admin.register(Closure)
class ClosureAdmin(Admin):
    list_display = ("on", "reason")
