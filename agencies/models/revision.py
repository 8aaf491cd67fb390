"""A change to a published opening. The published values stay in force until it is approved."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.opening import Opening
from agencies.querysets import InsideOpeningQuerySet
from agencies.workflow import REVISION, RevisionStatus
from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models import Row, Versioned

DECIDED = (RevisionStatus.APPROVED, RevisionStatus.RETURNED, RevisionStatus.WITHDRAWN)


@track("status", "opening", "number", "proposed_by", "decided_at", "is_correction")
@record("A proposed change to an opening.", keep="GRS 2.1/050, 2 years after the opening closes")
class OpeningRevision(Row, Versioned):
    status = models.CharField(
        _("status"), max_length=10, choices=RevisionStatus, default=RevisionStatus.PROPOSED, editable=False
    )
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="revisions", verbose_name=_("opening"))
    number = models.PositiveSmallIntegerField(
        _("number"), help_text=_("Counts the changes of one opening from 1")
    )
    changes = models.JSONField(_("changes"), help_text=_("New values by column"))
    opening_version = models.PositiveIntegerField(
        _("made on version"), help_text=_("Version of the opening it was made on")
    )
    is_correction = models.BooleanField(
        _("correction by OPM"),
        default=False,
        help_text=_("Corrects an error, so a deadline may also move earlier"),
    )
    reason = models.TextField(_("reason"), blank=True)
    comments = models.TextField(_("comments of OPM"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)

    objects = InsideOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("change to an opening")
        verbose_name_plural = _("changes to openings")
        ordering = ("opening", "-number")
        triggers = [REVISION.trigger()]
        constraints = [
            REVISION.constraint(),
            models.UniqueConstraint(fields=["opening", "number"], name="one_revision_a_number"),
            models.UniqueConstraint(
                fields=["opening"], condition=Q(status="proposed"), name="one_proposed_revision_an_opening"
            ),
            models.CheckConstraint(condition=~Q(changes={}), name="revision_changes_something"),
            models.CheckConstraint(
                condition=Q(status__in=DECIDED, decided_at__isnull=False)
                | Q(status="proposed", decided_at__isnull=True),
                name="revision_decided_at_iff_decided",
            ),
        ]

    # What the public was promised changes only with approval; the agency, the cohort and the seats not at all
    # here.
    REVISABLE = frozenset(
        {
            "title",
            "summary",
            "duties",
            "requirements",
            "evaluation",
            "pay_low",
            "pay_high",
            "grade_low",
            "grade_high",
            "closes_at",
            "is_remote",
            "is_telework_eligible",
            "travel_percent",
            "term_months",
        }
    )

    def __str__(self) -> str:
        return f"{self.opening} · {self.number}"

    def new_values(self) -> dict[str, Any]:
        """The changes as the columns hold them. Raises ValidationError for a value that a column does not
        take."""
        fields = {field.name: field for field in Opening._meta.concrete_fields}
        return {name: fields[name].to_python(value) for name, value in self.changes.items()}
