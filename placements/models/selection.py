"""A person considered for an opening."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Opening
from applicants.models import Applicant, Application
from placements.models.certificate import Referral
from placements.models.match import MatchRound
from placements.querysets import SelectionQuerySet
from placements.workflow import LIVE_SELECTIONS, SELECTION, SelectionStatus
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import Cohort

APPLICANT_OF_APPLICATION = """
    PERFORM 1 FROM applicants_application
        WHERE id = NEW.application_id AND applicant_id = NEW.applicant_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the application is not of this applicant' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


@track(
    "status",
    "application",
    "applicant",
    "opening",
    "referral",
    "match_round",
    "selected_by",
    "selected_at",
    "closed_at",
)
@record(
    "One person considered for one opening.",
    keep="GRS 2.1/050, 2 years",
    columns={"application": Sensitivity.PERSONAL, "applicant": Sensitivity.PERSONAL},
)
class Selection(Row, Versioned):
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="selections", verbose_name=_("application"), db_index=False
    )
    # Copies of the application's columns, kept equal by a trigger and a composite foreign key.
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="selections", verbose_name=_("applicant"), editable=False
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="+", verbose_name=_("cohort"), editable=False
    )
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="selections", verbose_name=_("opening"))
    status = models.CharField(
        _("status"), max_length=16, choices=SelectionStatus, default=SelectionStatus.PROPOSED, editable=False
    )
    referral = models.ForeignKey(
        Referral,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="selections",
        verbose_name=_("referral"),
        help_text=_("The referral through which the agency reached the person"),
    )
    match_round = models.ForeignKey(
        MatchRound,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="selections",
        verbose_name=_("match round"),
        help_text=_("The round that proposed it"),
    )
    selected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("selected by"),
        help_text=_("The official who approved the selection"),
    )
    selected_at = models.DateTimeField(_("selected at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        ordering = ("-id",)
        indexes = [models.Index(fields=["opening", "status", "-id"], name="selection_of_opening")]
        constraints = [
            SELECTION.constraint(),
            models.UniqueConstraint(
                fields=["application", "opening"],
                condition=Q(status__in=LIVE_SELECTIONS),
                name="one_live_selection_an_opening",
            ),
            # Targets of the composite foreign keys of offers and placements.
            models.UniqueConstraint(
                fields=["id", "applicant", "opening", "cohort"], name="selection_of_person"
            ),
            CompositeForeignKey(
                name="selection_application_in_cohort",
                fields=["application", "cohort"],
                to="applicants.Application",
                to_fields=["id", "cohort"],
            ),
            CompositeForeignKey(
                name="selection_opening_in_cohort",
                fields=["opening", "cohort"],
                to="agencies.Opening",
                to_fields=["id", "cohort"],
            ),
        ]
        triggers = [
            SELECTION.trigger(),
            pgtrigger.Trigger(
                name="applicant_of_application",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("application_id", "applicant_id"),
                func=APPLICANT_OF_APPLICATION,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant}: {self.opening}"
