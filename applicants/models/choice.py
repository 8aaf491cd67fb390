"""What a person chose: disciplines, and openings that interest them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pgtrigger
from django.db import connection, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Opening
from applicants.models.application import KEEP, MOST_DISCIPLINES, STILL_CHOSEN, Application
from applicants.querysets import OwnChoiceQuerySet
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models import Row
from techforce.program.models import Cohort, Discipline

# What was submitted is what stands in the snapshot: past draft only the service that takes a new one changes the
# choice. A row without a snapshot is being loaded.
AS_SUBMITTED = """
    IF coalesce(current_setting('techforce.records', true), '') NOT IN ('redact', 'purge')
        AND EXISTS (
            SELECT 1 FROM applicants_application
            WHERE id IN (NEW.application_id, OLD.application_id) AND status <> 'draft'
                AND coalesce(current_setting('techforce.choices', true), '') <> id::text
                AND (TG_OP <> 'INSERT'
                    OR EXISTS (SELECT 1 FROM applicants_snapshot WHERE application_id = NEW.application_id))
        )
    THEN
        RAISE EXCEPTION 'disciplines of a submitted application change only by submitting it again'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


@contextmanager
def choices_mark(application: Application) -> Iterator[None]:
    """Inside, the disciplines of this application may change past draft; the caller takes a new snapshot."""
    _set_mark(str(application.pk))
    yield
    _set_mark("")


def _set_mark(mark: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('techforce.choices', %s, true)", [mark])


@track("application", "discipline", "rank")
@record("A discipline that a person chose.", keep=KEEP)
class ApplicationDiscipline(Row):
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="choices", verbose_name=_("application"), db_index=False
    )
    discipline = models.ForeignKey(
        Discipline, models.PROTECT, related_name="choices", verbose_name=_("discipline")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), default=1, help_text=_("1 is the first choice"))

    objects = OwnChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("chosen discipline")
        verbose_name_plural = _("chosen disciplines")
        ordering = ("application", "rank")
        constraints = [
            models.UniqueConstraint(fields=["application", "discipline"], name="one_choice_a_discipline"),
            # With distinct ranks from 1 to 3 there cannot be a fourth.
            models.UniqueConstraint(fields=["application", "rank"], name="one_choice_a_rank"),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=MOST_DISCIPLINES), name="at_most_three_disciplines"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_the_last_one",
                when=pgtrigger.After,
                operation=pgtrigger.Delete | pgtrigger.UpdateOf("application_id"),
                timing=pgtrigger.Deferred,
                func=STILL_CHOSEN.replace("{application}", "OLD.application_id"),
            ),
            pgtrigger.Trigger(
                name="as_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=AS_SUBMITTED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.discipline}"


@track("application", "opening", "rank")
@record("An opening that a person marked as interesting.", keep=KEEP)
class OpeningInterest(Row):
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="interests", verbose_name=_("application"), db_index=False
    )
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="interests", verbose_name=_("opening"))
    # Held equal on both sides, so that nobody marks an opening of another cohort.
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="+", verbose_name=_("cohort"), editable=False, db_index=False
    )
    rank = models.PositiveSmallIntegerField(
        _("rank"), null=True, blank=True, help_text=_("1 is the first choice of a match round")
    )

    objects = OwnChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest in an opening")
        verbose_name_plural = _("interests in openings")
        ordering = ("application", F("rank").asc(nulls_last=True), "id")
        constraints = [
            models.UniqueConstraint(fields=["application", "opening"], name="one_interest_an_opening"),
            models.UniqueConstraint(
                fields=["application", "rank"],
                name="one_interest_a_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1), name="interest_rank_from_one"
            ),
            CompositeForeignKey(
                name="interest_in_applications_cohort",
                fields=["application", "cohort"],
                to="applicants.Application",
                to_fields=["id", "cohort"],
            ),
            CompositeForeignKey(
                name="interest_in_openings_cohort",
                fields=["opening", "cohort"],
                to="agencies.Opening",
                to_fields=["id", "cohort"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.opening}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.cohort_id = self.application.cohort_id
        super().save(*args, **kwargs)
