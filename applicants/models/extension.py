"""More time for one person, because the site or the sign-in failed them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models.application import Application
from applicants.querysets import DeadlineExtensionQuerySet
from techforce.core.fences import append_only
from techforce.core.labels import record
from techforce.core.models import Row
from techforce.program.workflow import OUTAGE_REASONS, ExtensionReason


@record(
    "One extension of the deadline for one person: from when to when, why, by whom.",
    keep="GRS 3.2, 30 months",
)
class DeadlineExtension(Row):
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="extensions", verbose_name=_("application")
    )
    reason_code = models.CharField(_("reason"), max_length=20, choices=ExtensionReason)
    old_closes_at = models.DateTimeField(_("closed at before"))
    new_closes_at = models.DateTimeField(_("closes at now"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    objects = DeadlineExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension for one person")
        verbose_name_plural = _("extensions for one person")
        ordering = ("-id",)
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(new_closes_at__gt=F("old_closes_at")), name="own_extension_is_later"
            ),
            models.CheckConstraint(
                condition=Q(reason_code__in=list(OUTAGE_REASONS)), name="own_extension_is_for_an_outage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.new_closes_at:%Y-%m-%d %H:%M}"
