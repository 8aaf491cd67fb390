"""More time for a financial disclosure: the filer asks, the ethics official of the agency answers."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.checklists.extensions import CONFIDENTIAL, MOST_AT_ONCE, MOST_DAYS, PUBLIC
from placements.models.conflict import KEEP
from placements.models.item import ChecklistItem
from placements.querysets import DisclosureExtensionQuerySet
from placements.workflow import EXTENSION, ExtensionStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned

# The step is locked first, so that of two grants at once the second one counts the first.
WITHIN_THE_LAW = f"""
    PERFORM 1 FROM placements_checklistitem WHERE id = NEW.item_id FOR NO KEY UPDATE;
    SELECT sum(days_granted) INTO granted FROM placements_disclosureextension
        WHERE item_id = NEW.item_id AND status = 'granted';
    IF granted > {MOST_DAYS} THEN
        RAISE EXCEPTION 'all extensions of one report together exceed {MOST_DAYS} days'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
"""  # noqa: S608  # the number is a constant

UNANSWERED = Q(
    decided_by__isnull=True,
    decided_at__isnull=True,
    days_granted__isnull=True,
    new_due_on__isnull=True,
    answer="",
)


class DisclosureForm(models.TextChoices):
    """Which report it is, because the law lets an official add another number of days at once to each."""

    OGE_450 = CONFIDENTIAL, _("Confidential financial disclosure report (OGE Form 450)")
    OGE_278E = PUBLIC, _("Public financial disclosure report (OGE Form 278e)")


def _within(column: str) -> Q:
    """From one day to as many as the law allows at once."""
    found = Q()
    for form, most in MOST_AT_ONCE.items():
        found |= Q(form=form, **{f"{column}__gte": 1, f"{column}__lte": most})
    return found


@track(
    "item",
    "status",
    "form",
    "days_asked",
    "days_granted",
    "old_due_on",
    "new_due_on",
    "asked_by",
    "decided_by",
    "decided_at",
)
@record(
    "A request for more time for a financial disclosure, and the signed answer (5 CFR 2634.903(d), 2634.201(g)).",
    keep=KEEP,
    sensitivity=Sensitivity.RESTRICTED,
)
class DisclosureExtension(Row, Versioned):
    item = models.ForeignKey(
        ChecklistItem, models.PROTECT, related_name="disclosure_extensions", verbose_name=_("step")
    )
    status = models.CharField(
        _("status"), max_length=9, choices=ExtensionStatus, default=ExtensionStatus.ASKED, editable=False
    )
    form = models.CharField(_("report"), max_length=8, choices=DisclosureForm)
    days_asked = models.PositiveSmallIntegerField(_("days asked for"), help_text=_("Calendar days"))
    reason = models.TextField(
        _("reason"), help_text=_("The good cause, in the filer's words; no holdings and no amounts")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    old_due_on = models.DateField(
        _("due before"), help_text=_("When the report was due as it was asked, then as it was granted")
    )
    days_granted = models.PositiveSmallIntegerField(
        _("days granted"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("No more than were asked for; of one report ninety in all"),
    )
    new_due_on = models.DateField(_("due now"), null=True, blank=True, editable=False)
    answer = models.TextField(
        _("answer"), blank=True, editable=False, help_text=_("Why it was declined, for the filer to read")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("signed by"),
    )
    decided_at = models.DateTimeField(_("signed at"), null=True, blank=True, editable=False)

    objects = DisclosureExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension of a disclosure")
        verbose_name_plural = _("extensions of disclosures")
        ordering = ("-id",)
        constraints = [
            EXTENSION.constraint(),
            models.UniqueConstraint(
                fields=["item"], condition=Q(status="asked"), name="one_open_extension_a_step"
            ),
            models.CheckConstraint(condition=_within("days_asked"), name="extension_asked_within_the_law"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_says_why"),
            models.CheckConstraint(
                condition=Q(days_granted__isnull=True)
                | (_within("days_granted") & Q(days_granted__lte=F("days_asked"))),
                name="extension_granted_within_the_law",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=["asked", "withdrawn", "lapsed"]) & UNANSWERED)
                | Q(
                    status="granted",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    days_granted__isnull=False,
                    new_due_on__isnull=False,
                    new_due_on__gt=F("old_due_on"),
                )
                | (
                    Q(
                        status="declined",
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        days_granted__isnull=True,
                        new_due_on__isnull=True,
                    )
                    & ~Q(answer="")
                ),
                name="extension_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="extension_decided_by_another"
            ),
        ]
        triggers = [
            EXTENSION.trigger(),
            pgtrigger.Trigger(
                name="within_the_law",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "days_granted", "item_id"),
                condition=pgtrigger.Q(new__status="granted"),
                declare=[("granted", "integer")],
                func=WITHIN_THE_LAW,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code}: {self.get_status_display()}"
