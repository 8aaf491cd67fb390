"""What "early-career" and "experienced" mean: data with a date, because the program's words change between rounds."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from techforce.core.fences import append_only
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row
from techforce.program.models.cohort import Cohort
from techforce.program.querysets import TrackDefinitionQuerySet
from techforce.program.workflow import Track


@record(
    "What a track means from a day on. A later row takes its place; none is ever changed.",
    keep="permanent",
    sensitivity=Sensitivity.PUBLIC,
)
class TrackDefinition(Row):
    track = models.CharField(_("track"), max_length=12, choices=Track)
    effective_on = models.DateField(
        _("in force from"), help_text=_("Who submits from this day on, submits under it")
    )
    cohort = models.ForeignKey(
        Cohort,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="track_definitions",
        verbose_name=_("only for the cohort"),
        help_text=_("Empty for every cohort. One for a cohort goes before one for all"),
    )
    text = models.CharField(
        _("definition"), max_length=400, help_text=_("Plain words; applicants choose by them")
    )
    authority = models.CharField(_("source"), max_length=200, help_text=_("The decision that says so"))

    objects = TrackDefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("definition of a track")
        verbose_name_plural = _("definitions of the tracks")
        ordering = ("track", "-effective_on", "-id")
        triggers = append_only()
        constraints = [
            models.CheckConstraint(condition=Q(track__in=Track.values), name="track_definition_track_known"),
            models.CheckConstraint(condition=~Q(text=""), name="track_definition_says_something"),
            models.UniqueConstraint(
                fields=["track", "effective_on", "cohort"],
                name="one_definition_a_day",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_track_display()}, {self.effective_on:%Y-%m-%d}"
