"""Checklists of vetting and ethics: templates, and the steps of one placement."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.models import fences
from placements.models.placement import Placement
from placements.querysets import ChecklistQuerySet
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row
from techforce.core.querysets import PublicQuerySet
from techforce.program.models import VettingTier

KEEP = "GRS 5.6/181, 5 years after service"


class ChecklistKind(models.TextChoices):
    VETTING = "vetting", _("Vetting")
    LEAVE = "leave_of_absence", _("Ethics, on leave of absence")
    SEPARATION = "separation", _("Ethics, separated")
    OUTSIDE = "outside", _("Ethics, no tie to a partner company")


class Area(models.TextChoices):
    """A placement has one checklist in each area."""

    VETTING = "vetting", _("Vetting")
    ETHICS = "ethics", _("Ethics")


class Gate(models.TextChoices):
    FIRM_OFFER = "firm_offer", _("Firm offer")
    ENTRY_ON_DUTY = "entry_on_duty", _("Entry on duty")
    END = "end", _("End of the term")
    NONE = "none", _("None")


class StepRole(models.TextChoices):
    """Who does a step or records it. Some are outside parties without an account."""

    CANDIDATE = "candidate", _("The person")
    HIRING_MANAGER = "hiring_manager", _("Hiring manager")
    HR_SPECIALIST = "hr_specialist", _("HR specialist")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    ETHICS_OFFICIAL = "ethics_official", _("Ethics official")
    SUPERVISOR = "supervisor", _("Supervisor")
    APPOINTING_OFFICIAL = "appointing_official", _("Appointing official")
    AGENCY_HEAD = "agency_head", _("Agency head or delegate")
    INVESTIGATOR = "investigator", _("Investigator")
    ADJUDICATOR = "adjudicator", _("Adjudicator")
    CREDENTIALING = "credentialing_office", _("Credentialing office")
    PARTNER = "partner", _("Partner company")
    OPM = "opm", _("Program office")
    OGE = "oge", _("Office of Government Ethics")


class Unit(models.TextChoices):
    CALENDAR_DAYS = "calendar_days", _("calendar days")
    BUSINESS_DAYS = "business_days", _("business days")
    MONTHS = "months", _("months")


class UndatedReason(models.TextChoices):
    """Why a step has no date (yet)."""

    ANCHOR_UNKNOWN = "anchor_unknown", _("What it counts from has not happened yet")
    DECIDED_ELSEWHERE = "decided_elsewhere", _("Decided before this placement")
    NO_GOAL = "no_goal_for_tier", _("No goal is set for this tier")
    FIRST_ACCESS = "before_first_access", _("Before the first access")
    ACTIVITY = "before_the_activity", _("Before the activity")
    DOES_NOT_APPLY = "does_not_apply", _("Does not apply as things stand")
    YEARLY = "yearly", _("The term ends before its first day")


def codes(verbose: Any, length: int = 40, **options: Any) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=length), default=list, blank=True, verbose_name=verbose, **options
    )


@track("kind", "tier", "version_number", "effective_on", "retired_on")
@record("The steps that a kind of placement goes through.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class ChecklistTemplate(Row):
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
    version_number = models.PositiveSmallIntegerField(_("version"), default=1)
    effective_on = models.DateField(
        _("effective on"), help_text=_("For placements made on or after this day")
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    digest = models.CharField(
        _("digest"), max_length=64, help_text=_("SHA-256 of the steps as they were loaded")
    )

    objects = PublicQuerySet.as_manager()

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
                condition=Q(retired_on__isnull=True),
                nulls_distinct=False,
                name="one_template_in_use",
            ),
            models.CheckConstraint(condition=Q(kind__in=ChecklistKind.values), name="template_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="vetting", tier__isnull=False) | (~Q(kind="vetting") & Q(tier__isnull=True)),
                name="template_tier_for_vetting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.tier or ''}".strip()


@record("One step of a template.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class ChecklistTemplateStep(Row):
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

    objects = PublicQuerySet.as_manager()

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
                condition=Q(is_legal=False) | Q(excusable_by=[]), name="legal_step_is_never_excused"
            ),
            models.CheckConstraint(
                condition=Q(accepted_outcomes__contained_by=F("outcomes"), accepted_outcomes__len__gt=0),
                name="step_accepts_what_it_can_have",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@track("placement", "template", "area", "superseded_at")
@record("The checklist of one placement in one area.", keep=KEEP)
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
