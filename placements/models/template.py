"""Checklist templates: versions of the steps that a kind of placement goes through, and the steps themselves."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.checklists.steps import MOST_CODES
from placements.models import fences
from placements.models.step_words import ChecklistKind, Gate, StepRole, UndatedReason, Unit, codes, reach
from placements.querysets import TemplateQuerySet, TemplateStepQuerySet
from placements.workflow import TEMPLATE, TemplateStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import VettingTier


@track(
    "status",
    "kind",
    "tier",
    "version_number",
    "effective_on",
    "published_at",
    "retired_on",
    "drafted_by",
    "copied_from",
)
@record("The steps that a kind of placement goes through.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class ChecklistTemplate(Row, Versioned):
    kind = models.CharField(_("kind"), max_length=16, choices=ChecklistKind)
    tier = models.ForeignKey(
        VettingTier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checklist_templates",
        verbose_name=_("vetting tier"),
        help_text=_("Empty: every tier"),
    )
    status = models.CharField(
        _("status"), max_length=9, choices=TemplateStatus, default=TemplateStatus.DRAFT, editable=False
    )
    version_number = models.PositiveSmallIntegerField(_("version number"), default=1, editable=False)
    copied_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="copies",
        verbose_name=_("copied from"),
        help_text=_("The version that this one changes"),
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("drafted by"),
        help_text=_("Empty: it came with a release"),
    )
    effective_on = models.DateField(
        _("effective on"), editable=False, help_text=_("For placements made on or after this day")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    retired_on = models.DateField(_("retired on"), null=True, blank=True, editable=False)
    digest = models.CharField(
        _("digest"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the steps as they were published"),
    )
    seed_digest = models.CharField(
        _("digest of the release"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of the file that it came from; empty where staff drafted it"),
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist template")
        verbose_name_plural = _("checklist templates")
        ordering = ("kind", "tier", "-version_number")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "tier", "version_number"], nulls_distinct=False, name="one_template_a_version"
            ),
            models.UniqueConstraint(
                fields=["kind", "tier"],
                condition=Q(status="published"),
                nulls_distinct=False,
                name="one_template_in_use",
            ),
            models.UniqueConstraint(
                fields=["kind", "tier"],
                condition=Q(status="draft"),
                nulls_distinct=False,
                name="one_template_draft",
            ),
            TEMPLATE.constraint(),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "discarded"], published_at__isnull=True)
                | (Q(status__in=["published", "retired"], published_at__isnull=False) & ~Q(digest="")),
                name="template_published_with_digest",
            ),
            models.CheckConstraint(
                condition=Q(status="retired", retired_on__isnull=False)
                | (~Q(status="retired") & Q(retired_on__isnull=True)),
                name="template_retired_with_day",
            ),
            models.CheckConstraint(condition=Q(kind__in=ChecklistKind.values), name="template_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="vetting", tier__isnull=False) | (~Q(kind="vetting") & Q(tier__isnull=True)),
                name="template_tier_for_vetting",
            ),
        ]
        triggers = [
            TEMPLATE.trigger(),
            pgtrigger.Trigger(
                name="published_version_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    "kind",
                    "tier_id",
                    "version_number",
                    "copied_from_id",
                    "drafted_by_id",
                    "effective_on",
                    "published_at",
                    "digest",
                    "seed_digest",
                ),
                func=fences.PUBLISHED_VERSION_STAYS,
            ),
        ]

    def __str__(self) -> str:
        name = f"{self.get_kind_display()} {self.tier or ''}".strip()
        return str(_("%(name)s, version %(number)d") % {"name": name, "number": self.version_number})

    @property
    def is_draft(self) -> bool:
        return self.status == TemplateStatus.DRAFT


@record("One step of a template.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class ChecklistTemplateStep(Row, Versioned):
    template = models.ForeignKey(
        ChecklistTemplate, models.CASCADE, related_name="steps", verbose_name=_("template"), db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=12)
    title = models.CharField(_("title"), max_length=160)
    owner_role = models.CharField(_("owner"), max_length=20, choices=StepRole)
    recorder_role = models.CharField(_("recorder"), max_length=20, choices=StepRole)
    shared_with = codes(_("done together with"), 20)
    gate = models.CharField(_("gate"), max_length=13, choices=Gate)
    anchors = codes(_("counted from"), 12, help_text=_("The latest of them; alternatives are joined by |"))
    offset = models.SmallIntegerField(_("distance"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=13, choices=Unit, blank=True)
    opens_anchor = models.CharField(_("opens counted from"), max_length=12, blank=True)
    opens_offset = models.SmallIntegerField(
        _("opens at distance"), null=True, blank=True, help_text=_("In days")
    )
    yearly_days = codes(
        _("days each year"),
        10,
        help_text=_("Month and day; after > the days of service in the year before that it takes"),
    )
    is_repeated = models.BooleanField(_("repeats"), default=False)
    undated_reason = models.CharField(_("why undated"), max_length=20, choices=UndatedReason, blank=True)
    depends_on = codes(_("depends on"), 12)
    alternatives = models.CharField(
        _("alternatives"),
        max_length=60,
        blank=True,
        help_text=_("Codes joined by |: one of them opens the gate"),
    )
    condition = models.CharField(
        _("condition"), max_length=40, blank=True, help_text=_("When the step applies")
    )
    outcomes = codes(_("outcomes"))
    accepted_outcomes = codes(_("accepted outcomes"))
    excusable_by = codes(_("may be excused by"), 20)
    valid_days = models.PositiveSmallIntegerField(_("valid for days"), null=True, blank=True)
    is_legal = models.BooleanField(_("fixed by law"), default=False)
    law = models.CharField(_("rule"), max_length=120, blank=True)
    evidence = models.CharField(_("evidence"), max_length=160, blank=True, help_text=_("What is kept here"))
    guidance = models.TextField(_("guidance"), blank=True)
    changed_by = codes(_("changed by"), 12, help_text=_("Codes of the changes that alter this step"))
    decided_by = models.CharField(
        _("decided by"), max_length=16, blank=True, help_text=_("Where it is decided")
    )

    objects = TemplateStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("template step")
        verbose_name_plural = _("template steps")
        ordering = ("template", "position")
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="one_step_a_code"),
            models.CheckConstraint(
                condition=Q(
                    gate__in=Gate.values, owner_role__in=StepRole.values, recorder_role__in=StepRole.values
                ),
                name="step_words_known",
            ),
            models.CheckConstraint(
                condition=Q(offset__isnull=True, unit="") | Q(offset__isnull=False, unit__in=Unit.values),
                name="step_distance_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(offset__isnull=True)
                | Q(unit="months", offset__isnull=False, offset__range=reach("months"))
                | Q(
                    unit__in=["calendar_days", "business_days"],
                    offset__isnull=False,
                    offset__range=reach("calendar_days"),
                ),
                name="step_distance_in_reach",
            ),
            models.CheckConstraint(
                condition=Q(opens_offset__isnull=True)
                | Q(opens_offset__isnull=False, opens_offset__range=reach("calendar_days")),
                name="step_opening_in_reach",
            ),
            models.CheckConstraint(
                condition=Q(anchors__len__lte=MOST_CODES, depends_on__len__lte=MOST_CODES),
                name="step_counts_on_few",
            ),
            models.CheckConstraint(
                condition=Q(is_legal=False) | Q(excusable_by=[]), name="legal_step_is_never_excused"
            ),
            models.CheckConstraint(
                condition=Q(accepted_outcomes__contained_by=F("outcomes"), accepted_outcomes__len__gt=0),
                name="step_accepts_what_it_can_have",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_steps_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("parent", "bigint"), ("standing", "text")],
                func=fences.PUBLISHED_STEPS_STAY,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
