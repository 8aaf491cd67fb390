"""What was measured once a day for the pages that many people open: a page reads a row, not every case.

Times of fewer than ten people have a row without numbers, so that `MeasuredTime` has no place for a small group. A
`VettingRecord` counts from one person up, so only those who oversee the agencies’ promises read it.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Office
from placements.forecast import FEWEST_CASES, FEWEST_CASES_OF_AN_AGENCY
from placements.querysets import VettingRecordQuerySet
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row
from techforce.core.querysets import StaffQuerySet
from techforce.program.models import VettingTier

KEEP = "until it is measured anew, on the next day"


class Stretch(models.TextChoices):
    TO_DECISION = "submitted_to_decided", _("From submission to our decision")
    TO_REFERRAL = "decided_to_referred", _("From our decision to the first referral to an agency")
    TO_CLEAR = "accepted_to_cleared", _("From the accepted tentative offer to the end of vetting")


@record("How long one stretch of the road took.", keep=KEEP, sensitivity=Sensitivity.INTERNAL)
class MeasuredTime(Row):
    stretch = models.CharField(_("stretch"), max_length=20, choices=Stretch)
    tier = models.ForeignKey(
        VettingTier, models.CASCADE, null=True, related_name="+", verbose_name=_("tier"), db_index=False
    )
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, related_name="+", verbose_name=_("agency"), db_index=False
    )
    as_of = models.DateField(_("as of"), help_text=_("The day on which it was measured"))
    count = models.PositiveIntegerField(
        _("cases"), null=True, help_text=_("How many cases it was taken from; empty when they are too few")
    )
    ready = models.PositiveIntegerField(_("cases that reached the end"), null=True)
    low = models.PositiveIntegerField(_("days for a fifth"), null=True)
    median = models.PositiveIntegerField(_("days for half"), null=True)
    high = models.PositiveIntegerField(_("days for four fifths"), null=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = _("measured time")
        verbose_name_plural = _("measured times")
        ordering = ("stretch", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["stretch", "tier", "agency"], name="one_time_a_stretch", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(stretch__in=Stretch.values), name="time_stretch_known"),
            models.CheckConstraint(
                condition=Q(
                    count__isnull=True,
                    ready__isnull=True,
                    low__isnull=True,
                    median__isnull=True,
                    high__isnull=True,
                )
                | Q(count__isnull=False, count__gte=FEWEST_CASES, ready__isnull=False, ready__lte=F("count")),
                name="time_of_enough_cases",
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=True)
                | Q(count__isnull=False, count__gte=FEWEST_CASES_OF_AN_AGENCY),
                name="agency_time_of_enough_cases",
            ),
            models.CheckConstraint(
                condition=Q(stretch="accepted_to_cleared", tier__isnull=False)
                | (~Q(stretch="accepted_to_cleared") & Q(tier__isnull=True, agency__isnull=True)),
                name="time_of_a_tier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stretch_display()}, {self.as_of}"

    @property
    def is_of_agency(self) -> bool:
        return self.agency_id is not None


@record(
    "What became of the vetting cases of an office in one tier that are over.",
    keep=KEEP,
    sensitivity=Sensitivity.INTERNAL,
)
class VettingRecord(Row):
    office = models.ForeignKey(
        Office, models.CASCADE, related_name="+", verbose_name=_("office"), db_index=False
    )
    tier = models.ForeignKey(
        VettingTier, models.CASCADE, related_name="+", verbose_name=_("tier"), db_index=False
    )
    as_of = models.DateField(_("as of"), help_text=_("The day on which it was counted"))
    kept = models.PositiveIntegerField(_("cleared within the promise"))
    missed = models.PositiveIntegerField(_("cleared later than promised"))
    unpromised = models.PositiveIntegerField(_("begun without a promise"))
    held = models.JSONField(
        _("days held"), default=dict, help_text=_("Days for which each party held the cases")
    )
    cases = models.JSONField(
        _("cases counted"),
        default=dict,
        help_text=_("What was counted for each placement, so that one that is opened again is taken off"),
    )

    objects = VettingRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("vetting record of an office")
        verbose_name_plural = _("vetting records of offices")
        ordering = ("office", "tier")
        constraints = [
            models.UniqueConstraint(fields=["office", "tier"], name="one_vetting_record_an_office")
        ]

    def __str__(self) -> str:
        return f"{self.office}, {self.tier}"
