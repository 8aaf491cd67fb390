"""The words of a checklist and its steps, and how far a step may lie from what it counts from."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from placements.checklists.steps import FARTHEST


class ChecklistKind(models.TextChoices):
    VETTING = "vetting", _("Vetting")
    LEAVE = "leave_of_absence", _("Ethics, on leave of absence")
    SEPARATION = "separation", _("Ethics, separated")
    OUTSIDE = "outside", _("Ethics, no tie to a partner company")


class Gate(models.TextChoices):
    FIRM_OFFER = "firm_offer", _("Firm offer")
    ENTRY_ON_DUTY = "entry_on_duty", _("Entry on duty")
    END = "end", _("End of the term")
    NONE = "none", _("No gate")


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
    OUT_OF_REACH = "out_of_reach", _("The day as counted is in no calendar")


def codes(verbose: Any, length: int = 40, **options: Any) -> ArrayField:
    return ArrayField(
        models.CharField(max_length=length), default=list, blank=True, verbose_name=verbose, **options
    )


def reach(unit: str) -> tuple[int, int]:
    return -FARTHEST[unit], FARTHEST[unit]
