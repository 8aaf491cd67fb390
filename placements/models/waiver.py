"""The waiver that may stand in for an adjudication."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.models.checklist import KEEP
from placements.models.placement import Placement
from placements.querysets import VettingWaiverQuerySet
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned

WAIVER_POSSIBLE = """
    PERFORM 1 FROM placements_placement placement
        JOIN agencies_opening opening ON opening.id = placement.opening_id
        JOIN program_sensitivity sensitivity ON sensitivity.id = opening.sensitivity_id
        WHERE placement.id = NEW.placement_id AND sensitivity.is_waiver_possible
        FOR SHARE OF opening, sensitivity;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the sensitivity of this position allows no waiver (5 CFR 1400.202)'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


@track("placement", "issued_on", "expires_on", "revoked_on")
@record(
    "A waiver to start in a sensitive position before the investigation ends (5 CFR 1400.202).",
    keep=KEEP,
    sensitivity=Sensitivity.RESTRICTED,
)
class VettingWaiver(Row, Versioned):
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="vetting_waivers", verbose_name=_("placement"), db_index=False
    )
    issued_by = models.CharField(
        _("issued by"), max_length=120, help_text=_("Title of the agency head's delegate")
    )
    emergency = models.TextField(
        _("emergency"), help_text=_("Why the national interest asks for it; no names")
    )
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("expires on"), help_text=_("Last day: a waiver is for a limited period"))
    document_reference = models.CharField(_("document reference"), max_length=120)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)

    objects = VettingWaiverQuerySet.as_manager()

    class Meta:
        verbose_name = _("vetting waiver")
        verbose_name_plural = _("vetting waivers")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("issued_on"))
                & (Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("issued_on"))),
                name="vetting_waiver_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(emergency="") & ~Q(document_reference="") & ~Q(issued_by=""),
                name="vetting_waiver_says_why_and_where",
            ),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(revoked_on__isnull=True),
                name="one_vetting_waiver_a_placement",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="waiver_possible",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("placement_id"),
                func=WAIVER_POSSIBLE,
            )
        ]

    def __str__(self) -> str:
        return self.document_reference
