"""What the reminders watch in tables of others, and whether people can be reached."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from techforce.core.labels import Sensitivity, record
from techforce.core.models.base import Deadline, Row
from techforce.core.querysets import RowQuerySet, is_known


class WatchQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.all() if user.has_perm("core.view_watch") else self.none()


@record(
    "A date of a row in another table, for which a reminder rule has a ladder.",
    keep="GRS 3.2, as long as its subject",
)
class Watch(Row, Deadline):
    """Kept by the rule alone: beat compares it with the row as it stands (`core.reminders.watching`)."""

    rule = models.CharField(_("rule"), max_length=80)
    subject_type = models.CharField(
        _("subject type"), max_length=80, help_text=_("Model label in lower case")
    )
    subject_id = models.BigIntegerField(_("subject key"))

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched date")
        verbose_name_plural = _("watched dates")
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["rule", "next_reminder_at"],
                name="watch_due",
                condition=Q(next_reminder_at__isnull=False),
            ),
            models.Index(fields=["subject_id", "subject_type"], name="watch_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject_id"], name="one_watch_a_rule"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(next_reminder_at__isnull=True),
                name="watch_without_date_sleeps",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject_id}"


class BounceQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.all() if user.has_perm("core.view_bounce") else self.none()

    def unsettled(self) -> Self:
        return self.filter(settled_at__isnull=True)


@record(
    "An address that its mail server refused for good.",
    keep="GRS 3.2, 30 months",
    columns={"address": Sensitivity.PERSONAL},
)
class Bounce(Row):
    """Settled by the next mail that the address takes, or by whoever cleared it up with the person."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="bounces",
        verbose_name=_("person"),
        help_text=_("Empty: an address without an account"),
    )
    address = models.EmailField(_("address"))
    failure_code = models.CharField(_("failure code"), max_length=60)
    message_count = models.PositiveIntegerField(_("refused messages"), default=1)
    last_at = models.DateTimeField(_("last refused at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
        help_text=_("Empty: a later mail arrived"),
    )

    objects = BounceQuerySet.as_manager()

    class Meta:
        verbose_name = _("unreachable address")
        verbose_name_plural = _("unreachable addresses")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["id"], name="bounce_unsettled", condition=Q(settled_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(settled_at__isnull=True), name="one_open_bounce_an_address"
            ),
            models.CheckConstraint(condition=~Q(address=""), name="bounce_has_address"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(settled_by__isnull=True),
                name="bounce_settled_by_with_time",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("created_at")),
                name="bounce_settled_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.address


class MailChoiceQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(user=user) if is_known(user) else self.none()


@record("What somebody chose about mails that are not required.", keep="with the account")
class MailChoice(Row):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="mail_choice",
        verbose_name=_("person"),
    )
    has_early_reminders = models.BooleanField(
        _("early reminders"),
        default=True,
        help_text=_("Reminders more than a week before a date that is not set by law"),
    )

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of mails")
        verbose_name_plural = _("choices of mails")

    def __str__(self) -> str:
        return str(self.user)
