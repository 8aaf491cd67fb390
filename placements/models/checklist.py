"""The checklists of one placement: vetting and ethics, each from one version of a template."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placements.models import fences
from placements.models.placement import Placement
from placements.models.template import ChecklistTemplate
from placements.querysets import ChecklistQuerySet
from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models import Row

KEEP = "GRS 5.6/181, 5 years after service"
KEEP_STEPS = f"vetting {KEEP}; ethics GRS 2.8/010, 6 years"


class Area(models.TextChoices):
    """A placement has one checklist in each area."""

    VETTING = "vetting", _("Vetting")
    ETHICS = "ethics", _("Ethics")


@track("placement", "template", "area", "superseded_at")
@record("The checklist of one placement in one area.", keep=KEEP_STEPS)
class Checklist(Row):
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="checklists", verbose_name=_("placement"), db_index=False
    )
    template = models.ForeignKey(
        ChecklistTemplate, models.PROTECT, related_name="checklists", verbose_name=_("template")
    )
    area = models.CharField(_("area"), max_length=8, choices=Area)
    superseded_at = models.DateTimeField(
        _("superseded at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When another template took over"),
    )

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ("placement", "area", "id")
        constraints = [
            models.CheckConstraint(condition=Q(area__in=Area.values), name="checklist_area_known"),
            models.UniqueConstraint(
                fields=["placement", "area"],
                condition=Q(superseded_at__isnull=True),
                name="one_checklist_an_area",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="gates_stay_open",
                when=pgtrigger.After,
                operation=pgtrigger.Delete | pgtrigger.UpdateOf("superseded_at", "placement_id"),
                timing=pgtrigger.Deferred,
                declare=fences.SUBJECT_DECLARE,
                func=fences.GATES_OF_CHECKLIST,
            )
        ]

    def __str__(self) -> str:
        return f"{self.placement}: {self.get_area_display()}"
