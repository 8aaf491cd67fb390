"""The result in each discipline. "Qualified" as a whole means at least one."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models.application import KEEP, Application
from applicants.querysets import OfApplicationQuerySet
from applicants.workflow import NotQualifiedReason
from techforce.core.calendar import today
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models import Row, Versioned
from techforce.program.models import Discipline

NOT_AGAIN_BY_WHOM_A_REVIEW_SET_ASIDE = """
    IF coalesce(current_setting('techforce.records', true), '') IN ('redact', 'purge') THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM applicants_casethread
        WHERE application_id = NEW.application_id AND outcome = 'changed' AND decided_by_id = NEW.decided_by_id;
    IF FOUND THEN
        RAISE EXCEPTION 'whoever decided what a review set aside does not decide it again'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class OutcomeResult(models.TextChoices):
    QUALIFIED = "qualified", _("Qualified")
    NOT_QUALIFIED = "not_qualified", _("Not qualified")


@track("application", "discipline", "result", "reason_code", "decided_on", "expires_on", "decided_by")
@record("The result of an application in one discipline.", keep=KEEP)
class DisciplineOutcome(Row, Versioned):
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="outcomes", verbose_name=_("application"), db_index=False
    )
    discipline = models.ForeignKey(
        Discipline, models.PROTECT, related_name="outcomes", verbose_name=_("discipline")
    )
    result = models.CharField(_("result"), max_length=13, choices=OutcomeResult)
    reason_code = models.CharField(_("reason"), max_length=12, choices=NotQualifiedReason, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_on = models.DateField(_("decided on"), default=today)
    expires_on = models.DateField(
        _("expires on"), null=True, blank=True, help_text=_("Last day on which the result counts")
    )

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("result in a discipline")
        verbose_name_plural = _("results in disciplines")
        ordering = ("application", "discipline")
        indexes = [
            models.Index(fields=["expires_on"], name="outcome_expiring", condition=Q(result="qualified"))
        ]
        constraints = [
            models.UniqueConstraint(fields=["application", "discipline"], name="one_outcome_a_discipline"),
            CompositeForeignKey(
                name="outcome_of_a_choice",
                fields=["application", "discipline"],
                to="applicants.ApplicationDiscipline",
                to_fields=["application", "discipline"],
            ),
            models.CheckConstraint(
                condition=Q(result="qualified", reason_code="", expires_on__gte=F("decided_on"))
                | (
                    Q(
                        result="not_qualified",
                        expires_on__isnull=True,
                        reason_code__in=NotQualifiedReason.values,
                    )
                ),
                name="outcome_has_expiry_or_reason",
            ),
            # A comparison with NULL passes a CHECK, so this says it outright.
            models.CheckConstraint(
                condition=~Q(result="qualified") | Q(expires_on__isnull=False),
                name="outcome_qualified_expires",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_again_by_whom_a_review_set_aside",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("result", "decided_by_id"),
                func=NOT_AGAIN_BY_WHOM_A_REVIEW_SET_ASIDE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.discipline}: {self.get_result_display()}"

    @property
    def is_good(self) -> bool:
        """Qualified, and not expired."""
        return (
            self.result == OutcomeResult.QUALIFIED
            and self.expires_on is not None
            and self.expires_on >= today()
        )
