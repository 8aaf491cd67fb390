"""Who did what, and who read what. Codes only, never personal text; append-only."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from techforce.core.fences import append_only
from techforce.core.labels import Sensitivity, record
from techforce.core.querysets import AuditQuerySet


@record(
    "One decision or change: actor, what, from, to, reason code, when.",
    keep="GRS 3.2, 30 months after the subject closes",
)
class AuditEvent(models.Model):
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("actor"), db_index=False
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
        help_text=_("Whose delegation the actor used"),
        db_index=False,
    )
    action = models.CharField(_("action"), max_length=80)
    subject_type = models.CharField(
        _("subject type"), max_length=80, help_text=_("Model label in lower case")
    )
    subject_id = models.BigIntegerField(_("subject key"))
    from_state = models.CharField(_("from state"), max_length=40, blank=True)
    to_state = models.CharField(_("to state"), max_length=40, blank=True)
    reason_code = models.CharField(_("reason code"), max_length=60, blank=True)
    detail = models.JSONField(
        _("detail"), default=dict, blank=True, help_text=_("Codes, keys and dates only")
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["subject_id", "subject_type", "id"], name="audit_subject"),
            models.Index(fields=["actor", "-id"], name="audit_actor"),
            models.Index(fields=["action", "-id"], name="audit_action"),
            BrinIndex(fields=["at"], name="audit_age", autosummarize=True),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


@record(
    "One reading of a file or of a sensitive record.",
    keep="GRS 3.2, 30 months",
    sensitivity=Sensitivity.RESTRICTED,
)
class AccessEvent(models.Model):
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("actor"), db_index=False
    )
    subject_type = models.CharField(_("subject type"), max_length=80)
    subject_id = models.BigIntegerField(_("subject key"))
    purpose = models.CharField(_("purpose"), max_length=40, help_text=_("Code of the page or file read"))

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("access event")
        verbose_name_plural = _("access events")
        indexes = [
            models.Index(fields=["subject_id", "subject_type", "id"], name="access_subject"),
            models.Index(fields=["actor", "-id"], name="access_actor"),
            BrinIndex(fields=["at"], name="access_age", autosummarize=True),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject_type} {self.subject_id}"
