"""The queue of record: every message that leaves is a row first. Redis only wakes the workers."""

from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg2.extras import execute_values

from techforce.core.labels import Sensitivity, record
from techforce.core.models.base import Row
from techforce.core.querysets import RowQuerySet


class MessageClass(models.TextChoices):
    """What may hold a message back: nothing, the fifteen minutes of a decision, or caps and quiet hours."""

    TRANSACTIONAL = "transactional", _("Transactional")
    LEGAL = "legal", _("Legal notice")
    DECISION = "decision", _("Decision notice")
    REMINDER = "reminder", _("Reminder")
    DIGEST = "digest", _("Digest")


class Delivery(models.TextChoices):
    """Where a message stands. `sending` is the doubtful one: bytes may have reached the receiver."""

    PENDING = "pending", _("Pending")
    CLAIMED = "claimed", _("Claimed by a worker")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    UNCONFIRMED = "unconfirmed", _("Unconfirmed, staff must look")
    FAILED = "failed", _("Failed, staff must look")
    CANCELLED = "cancelled", _("Cancelled")


class OutboxQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.all() if user.has_perm("core.view_outboxmessage") else self.none()

    def claimable(self, now: object) -> "OutboxQuerySet":
        return self.filter(delivery=Delivery.PENDING, not_before__lte=now).order_by("not_before", "id")

    def lease_expired(self, now: object) -> "OutboxQuerySet":
        return self.filter(delivery__in=[Delivery.CLAIMED, Delivery.SENDING], leased_until__lt=now).order_by(
            "id"
        )

    def needing_staff(self) -> "OutboxQuerySet":
        return self.filter(delivery__in=[Delivery.UNCONFIRMED, Delivery.FAILED]).order_by("id")


@record(
    "One message to one recipient: a template key and identifiers, rendered when sent; no body is kept.",
    keep="GRS 3.2, 30 months",
    columns={"address": Sensitivity.PERSONAL},
)
class OutboxMessage(Row):
    message_class = models.CharField(_("class"), max_length=20, choices=MessageClass)
    template_key = models.CharField(_("template"), max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("recipient"),
    )
    address = models.EmailField(
        _("address"),
        blank=True,
        help_text=_("Only for someone without an account: an invitation, a team mailbox"),
    )
    subject_type = models.CharField(
        _("subject type"), max_length=80, help_text=_("Model label in lower case")
    )
    subject_id = models.BigIntegerField(_("subject key"))
    context = models.JSONField(
        _("context"), default=dict, blank=True, help_text=_("Identifiers and dates only")
    )
    dedupe_key = models.CharField(_("deduplication key"), max_length=200, unique=True)
    delivery = models.CharField(_("delivery"), max_length=12, choices=Delivery, default=Delivery.PENDING)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failure_code = models.CharField(_("failure code"), max_length=60, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["not_before", "id"], name="outbox_claimable", condition=Q(delivery="pending")
            ),
            models.Index(
                fields=["leased_until"],
                name="outbox_leased",
                condition=Q(delivery__in=["claimed", "sending"]),
            ),
            models.Index(
                fields=["id"], name="outbox_for_staff", condition=Q(delivery__in=["unconfirmed", "failed"])
            ),
            models.Index(fields=["subject_type", "subject_id"], name="outbox_subject"),
            models.Index(fields=["template_key", "id"], name="outbox_template"),
            BrinIndex(fields=["created_at"], name="outbox_age", autosummarize=True),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(delivery__in=Delivery.values), name="outbox_delivery_known"),
            models.CheckConstraint(
                condition=Q(message_class__in=MessageClass.values), name="outbox_class_known"
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, address="")
                | (Q(recipient__isnull=True) & ~Q(address="")),
                name="outbox_one_destination",
            ),
            models.CheckConstraint(
                condition=Q(delivery="sent", sent_at__isnull=False)
                | (~Q(delivery="sent") & Q(sent_at__isnull=True)),
                name="outbox_sent_at_iff_sent",
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=["claimed", "sending"], leased_until__isnull=False)
                | (~Q(delivery__in=["claimed", "sending"]) & Q(leased_until__isnull=True)),
                name="outbox_lease_iff_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_key} {self.public_id}"

    @property
    def message_id(self) -> str:
        """The Message-ID header: from the row, so that every attempt carries the same one."""
        return f"<{self.public_id}@{settings.MAIL_DOMAIN}>"


class LedgerQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.all() if user.has_perm("core.view_reminderledger") else self.none()

    def claim(self, rows: Sequence["ReminderLedger"]) -> list["ReminderLedger"]:
        """Insert rows; return only those that were not there yet, whoever else inserts the same ones now."""
        columns = (
            "at",
            "rule",
            "subject_type",
            "subject_id",
            "cycle",
            "threshold",
            "occurrence",
            "recipient_id",
        )
        claimed: list[ReminderLedger] = []
        for start in range(0, len(rows), 1000):
            batch = {row.identity: row for row in rows[start : start + 1000]}
            # Table and columns are ours; only the values come from rows, as parameters.
            statement = f"""
                INSERT INTO {self.model._meta.db_table} ({", ".join(columns)}) VALUES %s ON CONFLICT DO NOTHING
                RETURNING id, subject_type, subject_id, cycle, threshold, occurrence, recipient_id"""  # noqa: S608
            values = [tuple(getattr(row, column) for column in columns) for row in batch.values()]
            with connection.cursor() as cursor:
                for pk, *identity in execute_values(
                    cursor.cursor, statement, values, page_size=1000, fetch=True
                ):
                    batch[tuple(identity)].pk = pk
                    claimed.append(batch[tuple(identity)])
        return claimed


@record(
    "One reminder that was queued: subject, cycle, threshold, occurrence, recipient.",
    keep="GRS 3.2, 30 months",
)
class ReminderLedger(models.Model):
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    rule = models.CharField(_("rule"), max_length=80)
    subject_type = models.CharField(_("subject type"), max_length=80)
    subject_id = models.BigIntegerField(_("subject key"))
    cycle = models.PositiveIntegerField(
        _("cycle"), help_text=_("Rises when the due date moves or the row reopens")
    )
    threshold = models.CharField(
        _("threshold"), max_length=40, help_text=_("Code of the rung, such as due-7d")
    )
    occurrence = models.PositiveIntegerField(
        _("occurrence"), default=1, help_text=_("Counts a repeating rung")
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("recipient"),
        db_index=False,
    )
    message = models.ForeignKey(
        OutboxMessage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("message"),
        help_text=_("Many rows share one message in a digest"),
    )
    acknowledged_at = models.DateTimeField(
        _("acknowledged at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the recipient said that they see to it"),
    )
    paused_until = models.DateField(
        _("paused until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("No further reminder about the same date leaves before this day"),
    )

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [
            models.Index(fields=["recipient", "-id"], name="reminders_of_person"),
            BrinIndex(fields=["at"], name="reminders_age", autosummarize=True),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "subject_type", "cycle", "threshold", "occurrence", "recipient"],
                name="one_reminder_a_threshold",
            ),
            models.CheckConstraint(
                condition=Q(paused_until__isnull=True) | Q(acknowledged_at__isnull=False),
                name="reminder_paused_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.threshold} {self.subject_type} {self.subject_id}"

    @property
    def identity(self) -> tuple[Any, ...]:
        """What may exist only once."""
        return (
            self.subject_type,
            self.subject_id,
            self.cycle,
            self.threshold,
            self.occurrence,
            self.recipient_id,
        )

    @property
    def dedupe_key(self) -> str:
        """The deduplication key of the message that carries this row alone."""
        return f"reminder:{self.pk}"
