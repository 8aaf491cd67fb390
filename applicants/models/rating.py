"""What one rater thinks. Others' ratings stay hidden until one's own is in, and then nobody changes
theirs."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applicants.models.application import Application
from applicants.models.assessment import AssessmentStep
from applicants.querysets import RatingQuerySet
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned

# I16: no one rates themselves or someone they are recused from.
RATES_A_STRANGER = """
    IF EXISTS (
        SELECT 1 FROM applicants_application a JOIN applicants_applicant p ON p.id = a.applicant_id
        WHERE a.id = NEW.application_id AND p.user_id = NEW.rater_id
    ) OR EXISTS (
        SELECT 1 FROM applicants_recusal r JOIN applicants_application a ON a.applicant_id = r.applicant_id
        WHERE a.id = NEW.application_id AND r.user_id = NEW.rater_id AND r.ended_at IS NULL
    ) THEN
        RAISE EXCEPTION 'this rater may not rate this application'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""
STAYS_AS_SUBMITTED = """
    IF coalesce(current_setting('techforce.records', true), '') NOT IN ('redact', 'purge') THEN
        RAISE EXCEPTION 'a submitted rating does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""
LOWEST_SCORE, HIGHEST_SCORE = 1, 5


class Level(models.IntegerChoices):
    """What each score means, so that two raters mean the same by it."""

    OUTSTANDING = 5, _("Outstanding: led hard work of this kind, and the evidence is specific and repeated")
    STRONG = 4, _("Strong: did this work alone, with clear results")
    SOLID = 3, _("Solid: did this work with some guidance, and the evidence is enough")
    PARTIAL = 2, _("Partial: some of this work, or evidence that stays general")
    NO_EVIDENCE = 1, _("No evidence: nothing here shows this kind of work")


@track("rater", "application", "assessment_step", "revision", "score", "submitted_at")
@record(
    "One rater's score of an application or of one step.",
    keep="GRS 2.1/090, 2 years after the case is closed",
    sensitivity=Sensitivity.RESTRICTED,
)
class Rating(Row, Versioned):
    """An amendment is a further revision with its reason; the first one stays as it was."""

    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="ratings", verbose_name=_("rater")
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="ratings", verbose_name=_("application")
    )
    assessment_step = models.ForeignKey(
        AssessmentStep, models.PROTECT, null=True, blank=True, related_name="ratings", verbose_name=_("step")
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    amendment_reason = models.TextField(_("reason of the amendment"), blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ("application", "rater", "-revision")
        constraints = [
            models.UniqueConstraint(
                fields=["rater", "application", "assessment_step", "revision"],
                nulls_distinct=False,
                name="one_rating_a_rater",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=LOWEST_SCORE, score__lte=HIGHEST_SCORE),
                name="rating_score_on_the_scale",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(score__isnull=False),
                name="rating_submitted_with_a_score",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, amendment_reason="") | (Q(revision__gt=1) & ~Q(amendment_reason="")),
                name="rating_amended_with_a_reason",
            ),
            CompositeForeignKey(
                name="rating_step_of_application",
                fields=["assessment_step", "application"],
                to="applicants.AssessmentStep",
                to_fields=["id", "application"],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="rates_a_stranger",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=RATES_A_STRANGER,
            ),
            pgtrigger.Trigger(
                name="stays_as_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.submitted_at IS NOT NULL"),
                func=STAYS_AS_SUBMITTED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.rater}"
