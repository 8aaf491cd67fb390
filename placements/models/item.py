"""One step of a placement's checklist."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from placements.models import fences
from placements.models.checklist import KEEP_STEPS, Checklist
from placements.models.step_words import Gate, StepRole, UndatedReason, codes
from placements.models.template import ChecklistTemplateStep
from placements.querysets import ItemQuerySet
from placements.workflow import ITEM, ItemStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Deadline, Row, Versioned

# A gate asks for an accepted outcome, not for "done".
settled = models.Case(
    models.When(status__in=["excused", "not_applicable"], then=True),
    models.When(
        status="done",
        then=Func(
            F("outcome"),
            F("accepted_outcomes"),
            template="(%(expressions)s))",
            arg_joiner=" = ANY(",
            output_field=models.BooleanField(),
        ),
    ),
    default=False,
    output_field=models.BooleanField(),
)


@track(
    "status",
    "checklist",
    "code",
    "gate",
    "outcome",
    "due_on",
    "effective_on",
    "requested_at",
    "submitted_at",
    "submitted_by",
    "returned_at",
    "recorded_at",
    "recorded_by",
    "excused_by",
    "waiting_on",
    "waiting_since",
    "waited_until",
    "occurrence",
    "event_on",
)
@record(
    "One step of a placement's checklist: status, dates, who, and where the record is. Never its content.",
    keep=KEEP_STEPS,
    sensitivity=Sensitivity.RESTRICTED,
)
class ChecklistItem(Row, Versioned, Deadline):
    checklist = models.ForeignKey(
        Checklist, models.PROTECT, related_name="items", verbose_name=_("checklist"), db_index=False
    )
    step = models.ForeignKey(
        ChecklistTemplateStep, models.PROTECT, related_name="items", verbose_name=_("template step")
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="corrections",
        verbose_name=_("corrects"),
        help_text=_("After entry on duty a wrong step is not reopened; a corrective one is added"),
    )
    occurrence = models.PositiveSmallIntegerField(
        _("occurrence"),
        default=1,
        editable=False,
        help_text=_("A step that comes again each year has a row a year, each with its own reminders"),
    )
    status = models.CharField(
        _("status"), max_length=17, choices=ItemStatus, default=ItemStatus.NOT_STARTED, editable=False
    )
    # What the step said when the checklist was made; a later template does not change a placement under way.
    code = models.CharField(_("code"), max_length=12, editable=False)
    gate = models.CharField(_("gate"), max_length=13, choices=Gate, editable=False)
    alternatives = models.CharField(_("alternatives"), max_length=60, blank=True, editable=False)
    accepted_outcomes = codes(_("accepted outcomes"), editable=False)
    owner_role = models.CharField(_("owner"), max_length=20, choices=StepRole, editable=False)
    recorder_role = models.CharField(_("recorder"), max_length=20, choices=StepRole, editable=False)
    outcome = models.CharField(_("outcome"), max_length=40, blank=True, editable=False)
    is_settled = models.GeneratedField(
        expression=settled,
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name=_("settled"),
        help_text=_("Done with an accepted outcome, excused, or not applicable"),
    )
    undated_reason = models.CharField(
        _("why undated"),
        max_length=20,
        choices=UndatedReason,
        default=UndatedReason.ANCHOR_UNKNOWN,
        blank=True,
    )
    is_date_planned = models.BooleanField(
        _("date is planned"),
        default=False,
        editable=False,
        help_text=_("It counts from something that has not happened yet, so it may still move"),
    )
    event_on = models.DateField(
        _("day of the event"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When that happened which nobody could foresee and from which it counts"),
    )
    waiting_on = models.CharField(
        _("waiting on"),
        max_length=20,
        choices=StepRole,
        blank=True,
        editable=False,
        help_text=_("While it is blocked"),
    )
    waiting_since = models.DateField(
        _("waiting since"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("First day on which that party holds it"),
    )
    waited_until = models.DateField(
        _("waited until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Day on which the last wait ended"),
    )
    external_reference = models.CharField(
        _("external reference"),
        max_length=120,
        blank=True,
        help_text=_("Number in the system that holds the record"),
    )
    requested_at = models.DateTimeField(_("requested at"), null=True, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
        help_text=_("Who handed it in, and therefore neither records nor excuses it"),
    )
    returned_at = models.DateTimeField(
        _("returned at"), null=True, blank=True, editable=False, help_text=_("For correction, the last time")
    )
    effective_on = models.DateField(
        _("effective on"), null=True, blank=True, editable=False, help_text=_("When it happened")
    )
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("excused by"),
    )
    excuse_authority = models.CharField(
        _("authority of the excuse"), max_length=120, blank=True, editable=False
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist step")
        verbose_name_plural = _("checklist steps")
        ordering = ("checklist", "code", "id")
        indexes = [
            models.Index(fields=["due_on"], name="item_due", condition=Q(is_settled=False)),
            models.Index(
                fields=["next_reminder_at"],
                name="item_reminders",
                condition=Q(next_reminder_at__isnull=False),
            ),
            models.Index(
                Upper("external_reference"), name="item_reference", condition=~Q(external_reference="")
            ),
        ]
        constraints = [
            ITEM.constraint(),
            models.UniqueConstraint(
                fields=["checklist", "code", "occurrence"],
                condition=Q(corrects__isnull=True) & ~Q(status="cancelled"),
                name="one_item_a_step",
            ),
            models.CheckConstraint(condition=Q(occurrence__gte=1), name="item_occurs_once_or_more"),
            models.CheckConstraint(
                condition=Q(waiting_since__isnull=True) | Q(status="blocked"), name="item_waits_while_blocked"
            ),
            models.CheckConstraint(
                condition=Q(
                    gate__in=Gate.values, owner_role__in=StepRole.values, recorder_role__in=StepRole.values
                ),
                name="item_words_known",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, undated_reason__in=UndatedReason.values)
                | Q(due_on__isnull=False, undated_reason=""),
                name="item_dated_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(nudge_on__isnull=True) | Q(due_on__isnull=False, nudge_on__lte=F("due_on")),
                name="item_nudged_before_it_is_due",
            ),
            models.CheckConstraint(
                condition=(~Q(status="done") & Q(outcome=""))
                | (Q(status="done", effective_on__isnull=False, recorded_at__isnull=False) & ~Q(outcome="")),
                name="item_done_with_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(status="excused", excused_by__isnull=False) & ~Q(excuse_authority=""))
                | (~Q(status="excused") & Q(excused_by__isnull=True, excuse_authority="")),
                name="item_excused_with_authority",
            ),
            models.CheckConstraint(
                condition=(Q(status="blocked") & ~Q(waiting_on=""))
                | (~Q(status="blocked") & Q(waiting_on="")),
                name="item_blocked_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | Q(gate="none"), name="corrective_item_has_no_gate"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(submitted_by__isnull=False),
                name="item_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(submitted_by=F("recorded_by")) & ~Q(submitted_by=F("excused_by")),
                name="item_verified_by_another",
            ),
        ]
        triggers = [
            ITEM.trigger(),
            pgtrigger.Trigger(
                name="gates_stay_open",
                when=pgtrigger.After,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "status", "outcome", "accepted_outcomes", "gate", "alternatives", "checklist_id"
                ),
                timing=pgtrigger.Deferred,
                declare=fences.SUBJECT_DECLARE,
                func=fences.GATES_OF_ITEM,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.get_status_display()}"
