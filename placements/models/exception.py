"""What lengthens a placement, and what lets it begin by exception."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.models.placement import Placement
from placements.querysets import OfPlacementQuerySet, StartExceptionQuerySet
from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models import Deadline, Row


@track("placement", "previous_ends_on", "new_ends_on", "approved_by", "approved_on")
@record("One extension of a placement.", keep="GRS 2.2/010, 4 years")
class PlacementExtension(Row):
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="extensions", verbose_name=_("placement"), db_index=False
    )
    previous_ends_on = models.DateField(_("ended on before"))
    new_ends_on = models.DateField(_("ends on now"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    approved_on = models.DateField(_("approved on"))

    objects = OfPlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ("placement", "id")
        constraints = [
            models.UniqueConstraint(fields=["placement", "previous_ends_on"], name="one_extension_an_end"),
            models.CheckConstraint(
                condition=Q(new_ends_on__gt=F("previous_ends_on")), name="placement_extension_is_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement}: {self.new_ends_on}"


@track("placement", "approved_by", "approved_at", "effective_on", "due_on", "followed_up_on")
@record("A start allowed although a gate was open.", keep="GRS 2.2/010, 4 years")
class StartException(Row, Deadline):
    """Who allowed it, on what authority, which steps were open, and by when it is followed up."""

    placement = models.OneToOneField(
        Placement, models.PROTECT, related_name="start_exception", verbose_name=_("placement")
    )
    authority = models.CharField(_("authority"), max_length=120, help_text=_("The rule that allows it"))
    reason = models.TextField(_("reason"))
    open_codes = ArrayField(models.CharField(max_length=12), verbose_name=_("open steps"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    effective_on = models.DateField(_("effective on"), help_text=_("Day of entry on duty"))
    approved_at = models.DateTimeField(_("recorded at"))
    followed_up_on = models.DateField(_("followed up on"), null=True, blank=True)

    objects = StartExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("start by exception")
        verbose_name_plural = _("starts by exception")
        constraints = [
            models.CheckConstraint(
                condition=~Q(authority="") & ~Q(reason="") & Q(due_on__isnull=False),
                name="start_exception_says_why",
            ),
            models.CheckConstraint(condition=Q(open_codes__len__gt=0), name="start_exception_names_steps"),
        ]

    def __str__(self) -> str:
        return f"{self.placement}: {', '.join(self.open_codes)}"
