"""The address at which a person's own calendar program reads their dates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.querysets import CalendarFeedQuerySet
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row


@track("user", "revoked_at")
@record(
    "A private calendar address of a person. Whoever has the address reads the dates; the database has its hash.",
    keep="GRS 3.2/031, until the account is closed",
    columns={"token_hash": Sensitivity.RESTRICTED},
)
class CalendarFeed(Row):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds", verbose_name=_("person")
    )
    token_hash = models.CharField(
        _("hash of the secret"), max_length=64, unique=True, editable=False, help_text=_("SHA-256")
    )
    revoked_at = models.DateTimeField(_("stopped at"), null=True, blank=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="one_live_calendar_a_person"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_at__gte=F("created_at")),
                name="calendar_stopped_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d}"
