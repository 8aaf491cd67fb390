"""What was submitted stays as it was."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applicants.models.application import KEEP, Application
from applicants.querysets import OfApplicationQuerySet
from techforce.core.fences import append_only
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row
from techforce.program.models import TrackDefinition


@record("What a person submitted, frozen.", keep=KEEP, columns={"content": Sensitivity.PERSONAL})
class Snapshot(Row):
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="snapshots", verbose_name=_("application"), db_index=False
    )
    sequence = models.PositiveSmallIntegerField(_("sequence"), help_text=_("Counts the submissions from 1"))
    content = models.JSONField(_("content"))
    track_definition = models.ForeignKey(
        TrackDefinition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="snapshots",
        verbose_name=_("definition of the track"),
        help_text=_("The one under which it was submitted"),
    )

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ("application", "-sequence")
        constraints = [
            models.UniqueConstraint(fields=["application", "sequence"], name="one_snapshot_a_sequence"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="snapshot_sequence_from_one"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.application} · {self.sequence}"
