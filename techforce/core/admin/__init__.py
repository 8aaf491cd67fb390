"""The admin's base classes (`base`) and the kernel's own pages: audit search, access log, mail log, holds, closures."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from techforce.core.admin import records  # noqa: F401  (puts its page among the staff pages)
from techforce.core.admin.acts import Act
from techforce.core.admin.base import Admin, ReadOnlyAdmin
from techforce.core.admin.ladders import LadderAdmin
from techforce.core.admin.reminders import ReminderLedgerAdmin, WatchAdmin
from techforce.core.mail.bounces import settle_bounce
from techforce.core.models import (
    AccessEvent,
    AuditEvent,
    Bounce,
    Closure,
    Ladder,
    LegalHold,
    OutboxMessage,
    ReminderLedger,
    Watch,
)

admin.site.register(ReminderLedger, ReminderLedgerAdmin)
admin.site.register(Watch, WatchAdmin)
admin.site.register(Ladder, LadderAdmin)


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


@admin.register(Bounce)
class BounceAdmin(ReadOnlyAdmin):
    """Whom our mail does not reach: somebody calls, then settles it here."""

    list_display = ("address", "user", "failure_code", "message_count", "last_at", "settled_at")
    search_fields = ("=public_id",)
    acts = (
        Act(
            name="settle",
            label=_("Settled with the person"),
            permission="core.settle_bounce",
            run=lambda row, by: settle_bounce(bounce=row, by=by),
            done=_("The address is tried again with the next mail."),
        ),
    )


@admin.register(LegalHold)
class LegalHoldAdmin(Admin):
    list_display = ("matter", "subject_type", "subject_id", "starts_on", "ends_on")
    actor_fields = ("placed_by",)


@admin.register(Closure)
class ClosureAdmin(Admin):
    list_display = ("on", "reason")
