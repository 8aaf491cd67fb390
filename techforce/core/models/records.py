"""Small tables of the kernel: idempotency, legal holds, closures, heartbeats."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models.base import Row
from techforce.core.querysets import PublicQuerySet, StaffQuerySet


@record("A form that was already sent: the second press finds the first one's result.", keep="90 days")
class IdempotencyKey(models.Model):
    key = models.UUIDField(_("key"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user")
    )
    purpose = models.CharField(_("purpose"), max_length=60)
    subject_type = models.CharField(_("subject type"), max_length=80, blank=True)
    subject_id = models.BigIntegerField(_("subject key"), null=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user", "purpose", "key"], name="one_use_of_a_form")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key}"


@track("subject_type", "subject_id", "starts_on", "ends_on")
@record("A matter that stops destruction of the records in its scope.", keep="6 years after release")
class LegalHold(Row):
    matter = models.CharField(_("matter"), max_length=120, help_text=_("Docket or request number, no names"))
    subject_type = models.CharField(
        _("subject type"), max_length=80, help_text=_("Model label in lower case")
    )
    subject_id = models.BigIntegerField(
        _("subject key"), null=True, blank=True, help_text=_("Empty: every row")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="hold_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.matter


@record("A day on which federal offices are closed besides the holidays of 5 USC 6103.", keep="permanent")
class Closure(models.Model):
    on = models.DateField(_("date"), unique=True)
    reason = models.CharField(_("reason"), max_length=120, help_text=_("The order or event"))

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("office closure")
        verbose_name_plural = _("office closures")

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.reason}"


@record("Last sign of life of a kind of process.", keep="while it runs")
class Heartbeat(models.Model):
    name = models.CharField(_("process"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
