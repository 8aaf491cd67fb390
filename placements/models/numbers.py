"""Figures about the program, drawn up on one day and published on a later one.

Groups of fewer than ten people are hidden before they are stored, and so is a share that would tell of so few: the
table has no place for a small number. The columns are exact, for OPM and for the agency they are about; everybody reads
what `placements.small_groups` makes of them (ADR 0012).
"""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from placements.querysets import EditionQuerySet, FigureQuerySet
from placements.small_groups import FEWEST, count_told, percent_told, size_told
from placements.workflow import EDITION, EditionStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import VettingTier

# Locks the edition, so that publishing it waits for a correction that is under way, and the other way round.
PUBLISHED_FIGURES_STAY = """
    PERFORM 1 FROM placements_numbersedition
        WHERE id = coalesce(NEW.edition_id, OLD.edition_id) AND status = 'published' FOR SHARE;
    IF FOUND THEN
        RAISE EXCEPTION 'a published figure stays as it is' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
"""


class Measure(models.TextChoices):
    OPENINGS = "openings", _("Openings that take people")
    IN_REVIEW = "in_review", _("Applications under review")
    QUALIFIED = "qualified", _("Qualified, waiting for an agency")
    IN_CHECKS = "in_checks", _("Selected, in the checks before the start")
    SERVING = "serving", _("Serving")
    FINISHED = "finished", _("Service ended")
    DAYS_TO_DECISION = "days_to_decision", _("Days from the application to the decision on it")
    DAYS_TO_REFERRAL = "days_to_referral", _("Days from that decision to the first agency")
    DAYS_TO_CLEAR = "days_to_clear", _("Days from the accepted tentative offer to the end of vetting")
    PROMISED = "promised", _("Days promised by the agency")
    KEPT = "kept", _("Cleared within the promise")


PEOPLE = ("in_review", "qualified", "in_checks", "serving", "finished")
OUT_OF_CASES = ("days_to_decision", "days_to_referral", "days_to_clear", "kept")


def _tells_of_no_few(column: str) -> Q:
    """Those within the promise and those beyond it are nobody, or ten and more."""
    within = Q(**{column: 0}) | Q(**{f"{column}__gte": FEWEST})
    beyond = Q(**{column: F("cases")}) | Q(**{f"{column}__lte": F("cases") - FEWEST})
    return within & beyond


@track("status", "as_of", "publish_on")
@record(
    "An edition of the public numbers.", keep="permanent: it was published", sensitivity=Sensitivity.PUBLIC
)
class NumbersEdition(Row):
    as_of = models.DateField(_("as of"), unique=True)
    publish_on = models.DateField(_("published on"))
    status = models.CharField(
        _("status"), max_length=10, choices=EditionStatus, default=EditionStatus.PREVIEW, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the numbers")
        verbose_name_plural = _("editions of the numbers")
        ordering = ("-as_of",)
        constraints = [
            EDITION.constraint(),
            models.CheckConstraint(
                condition=Q(publish_on__gt=F("as_of")), name="edition_published_after_its_day"
            ),
        ]
        triggers = [EDITION.trigger()]

    def __str__(self) -> str:
        return str(self.as_of)


@track("edition", "measure", "agency", "tier", "amount", "cases", "corrected_to", "corrected_by")
@record(
    "One figure of an edition; without an amount it is hidden.",
    keep="permanent: it was published",
    sensitivity=Sensitivity.PUBLIC,
    columns={
        "amount": Sensitivity.INTERNAL,
        "cases": Sensitivity.INTERNAL,
        "corrected_to": Sensitivity.INTERNAL,
    },
)
class NumbersFigure(Row, Versioned):
    edition = models.ForeignKey(
        NumbersEdition, models.CASCADE, related_name="figures", verbose_name=_("edition"), db_index=False
    )
    measure = models.CharField(_("measure"), max_length=20, choices=Measure)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agency")
    )
    tier = models.ForeignKey(
        VettingTier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tier"),
        db_index=False,
    )
    amount = models.PositiveIntegerField(
        _("amount"), null=True, help_text=_("People, openings or days; empty when the group is too small")
    )
    cases = models.PositiveIntegerField(
        _("out of"), null=True, help_text=_("How many cases it was taken from")
    )
    corrected_to = models.PositiveIntegerField(_("corrected to"), null=True, blank=True)
    correction_note = models.CharField(_("reason for the correction"), max_length=300, blank=True)
    corrected_at = models.DateTimeField(_("corrected at"), null=True, editable=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("corrected by"),
        db_index=False,
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("public figure")
        verbose_name_plural = _("public figures")
        ordering = ("edition", "measure", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "measure", "agency", "tier"],
                name="one_figure_a_measure",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="figure_measure_known"),
            models.CheckConstraint(
                condition=~Q(measure__in=PEOPLE) | Q(amount__isnull=True) | Q(amount__gte=FEWEST),
                name="small_groups_are_hidden",
            ),
            models.CheckConstraint(
                condition=(~Q(measure__in=OUT_OF_CASES) & Q(cases__isnull=True))
                | Q(amount__isnull=True, cases__isnull=True)
                | Q(
                    measure__in=OUT_OF_CASES,
                    amount__isnull=False,
                    cases__isnull=False,
                    cases__gte=FEWEST,
                ),
                name="figure_out_of_enough_cases",
            ),
            models.CheckConstraint(
                condition=~Q(measure="kept")
                | Q(cases__isnull=True)
                | (
                    Q(amount__isnull=False)
                    & _tells_of_no_few("amount")
                    & (Q(corrected_to__isnull=True) | _tells_of_no_few("corrected_to"))
                ),
                name="share_tells_of_no_few",
            ),
            models.CheckConstraint(
                condition=Q(
                    corrected_to__isnull=True,
                    correction_note="",
                    corrected_at__isnull=True,
                    corrected_by__isnull=True,
                )
                | (
                    Q(
                        corrected_to__isnull=False,
                        corrected_at__isnull=False,
                        corrected_by__isnull=False,
                        agency__isnull=False,
                        amount__isnull=False,
                    )
                    & ~Q(correction_note="")
                ),
                name="correction_is_signed",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_figures_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=PUBLISHED_FIGURES_STAY,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}, {self.edition}"

    @property
    def right(self) -> Any:
        """The agency's correction where there is one; None where the group is too small."""
        return self.amount if self.corrected_to is None else self.corrected_to

    @property
    def told(self) -> int | None:
        """What everybody reads."""
        return self._told(self.right)

    @property
    def told_before(self) -> int | None:
        """What everybody would have read without the correction."""
        return self._told(self.amount)

    @property
    def told_size(self) -> int | None:
        """From how many cases at least it was taken."""
        return None if self.cases is None else size_told(self.cases)

    def _told(self, amount: int | None) -> int | None:
        """People are rounded, a share is in steps of five percent, openings and days are as they are."""
        if amount is not None and self.measure == Measure.KEPT:
            return percent_told(amount, self.cases or 0)
        return count_told(amount) if amount is not None and self.measure in PEOPLE else amount
