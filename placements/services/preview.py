"""The dates of a checklist before there is a placement: from the versions in use, from drafts, or from the seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.checklists import WAIVER_POSSIBLE, Anchor, Facts, Step, StepDate, plan
from placements.checklists.planning import DOES_NOT_APPLY, NO_YEARLY_DAY, OUT_OF_REACH
from placements.models import ChecklistTemplate
from placements.services.template_versions import steps_in
from placements.services.templates import read_seed
from techforce.core.calendar import BusinessCalendar

VETTING = "vetting"

CODES = {
    "hiring_manager": "HM",
    "hr_specialist": "HR",
    "security_officer": "PSO",
    "ethics_official": "AEO",
    "supervisor": "SUP",
    "investigator": "ISP",
    "adjudicator": "ADJ",
    "credentialing_office": "CRED",
    "partner": "PART",
    "opm": "OPM",
    "oge": "OGE",
    "appointing_official": "appointing official",
    "agency_head": "agency head delegate",
}
"""The short names of the reference (domain.md §3.4 and §4.5); the person is CAND in vetting and NOM in ethics."""

REASONS = {
    "decided_elsewhere": gettext_lazy("It was decided before this placement."),
    "no_goal_for_tier": gettext_lazy("No goal is set for this tier."),
    "before_first_access": gettext_lazy("It comes before the first access, whenever that is."),
    "before_the_activity": gettext_lazy("It comes before the activity, whenever that is."),
    DOES_NOT_APPLY: gettext_lazy("It does not apply as things stand."),
    NO_YEARLY_DAY: gettext_lazy("The term ends before its first day."),
    OUT_OF_REACH: gettext_lazy("The day as counted is in no calendar."),
}

ANCHORS = {
    "SEL": gettext_lazy("the selection"),
    "TJO_SENT": gettext_lazy("the sending of the tentative offer"),
    "TJO": gettext_lazy("the acceptance of the tentative offer"),
    "FJO": gettext_lazy("the firm offer"),
    "EOD": gettext_lazy("entry on duty"),
    "TERM": gettext_lazy("the end of the term"),
    "CONTACT": gettext_lazy("the investigator’s call"),
    "CHANGE": gettext_lazy("a change of duties, office or contract"),
}

NOT_APPLICABLE = {
    "earlier_result_found": gettext_lazy(
        "No earlier investigation is assumed, so there is no result to accept."
    ),
    "waiver_possible": gettext_lazy(
        "No waiver is possible for a special-sensitive position (5 CFR 1400.202)."
    ),
    "returns_to_company": gettext_lazy("It applies only if the person seeks the company as an employer."),
}


RECIPROCITY: Mapping[str, str] = {"V03": "accept", "V04": "accepted"}
OF_INVESTIGATION = ("investigation_needed", WAIVER_POSSIBLE)


@dataclass(frozen=True, slots=True)
class StepsOfBoth:
    """What a placement of one kind goes through in one tier."""

    vetting: Sequence[Step]
    ethics: Sequence[Step]


def seeded_steps(kind: str, tier: str) -> StepsOfBoth:
    """As our own files say, without a row in the database."""
    found = {(template.kind, template.tier): template.steps for template in read_seed()}
    return StepsOfBoth(found[VETTING, tier], found[kind, ""])


def steps_in_use(kind: str, tier: str, *, with_drafts: bool = False) -> StepsOfBoth | None:
    """As the versions in use say, or their drafts where there are any; None while one of them is missing."""
    statuses = ("published", "draft") if with_drafts else ("published",)
    found: dict[str, ChecklistTemplate] = {}
    versions = ChecklistTemplate.objects.filter(status__in=statuses).order_by("version_number", "pk")
    for template in versions.select_related("tier"):
        if template.kind == kind or (
            template.kind == VETTING and template.tier and template.tier.code == tier
        ):
            found[template.kind] = template
    if found.keys() != {kind, VETTING}:
        return None
    return StepsOfBoth(steps_in(found[VETTING]), steps_in(found[kind]))


def preview_checklist(
    *,
    steps: StepsOfBoth,
    anchors: Mapping[str, Anchor],
    is_waiver_possible: bool | None,
    calendar: BusinessCalendar,
    is_result_accepted: bool = False,
) -> list[dict[str, Any]]:
    """One row a code: the vetting steps of the tier, the ethics steps of the kind, and the changes that have no date
    of their own. With reciprocity (`is_result_accepted`) no investigation follows."""
    outcomes = RECIPROCITY if is_result_accepted else {}
    facts = Facts(outcomes=outcomes, is_waiver_possible=is_waiver_possible)
    dates = plan([*steps.vetting, *steps.ethics], anchors, calendar, facts=facts)
    rows = [_row(step, dates, facts, area="vetting") for step in steps.vetting]
    rows += [_row(step, dates, facts, area="ethics") for step in steps.ethics]
    return rows + list(_changes(steps.ethics))


def _row(step: Step, dates: Mapping[str, StepDate], facts: Facts, *, area: str) -> dict[str, Any]:
    date = dates[step.code]
    return {
        "code": step.code,
        "title": step.title,
        "due_on": date.due_on and date.due_on.isoformat(),
        "nudge_on": date.nudge_on and date.nudge_on.isoformat(),
        "opens_on": date.opens_on and date.opens_on.isoformat(),
        "owner": owner_code(step, area),
        "owner_role": step.owner,
        "gate": step.gate,
        "depends_on": [code for name in step.depends_on for code in name.split("|")],
        "any_of": list(step.any_of),
        "when": step.when or None,
        "counted_from": _counted_from(step),
        "is_planned": date.is_planned,
        "is_legal": step.is_legal,
        "reason": _reason(step, date, facts),
    }


def owner_code(step: Step, area: str) -> str:
    """ "PSO/CRED": the owner first, then who does it together with the owner."""
    person = "CAND" if area == VETTING else "NOM"
    return "/".join(
        {"candidate": person, **CODES}.get(role, role) for role in (step.owner, *step.shared_with)
    )


def _counted_from(step: Step) -> list[str]:
    if step.yearly:
        return list(step.yearly)
    signs = {"calendar_days": "d", "business_days": "bd", "months": "mo"}
    return [f"{due.anchor}{due.offset:+d}{signs[due.unit]}" for due in step.due]


def _reason(step: Step, date: StepDate, facts: Facts) -> str | None:
    if not date.reason:
        return None
    if date.missing:
        anchor = ANCHORS.get(date.missing, date.missing)
        return _("It counts from %(anchor)s, which has no date yet.") % {"anchor": anchor}
    if date.reason == DOES_NOT_APPLY and step.when in OF_INVESTIGATION and facts.outcomes == RECIPROCITY:
        return _("An earlier result is accepted, so no investigation is needed.")
    if date.reason == DOES_NOT_APPLY and step.when in NOT_APPLICABLE:
        return str(NOT_APPLICABLE[step.when])
    return str(REASONS[date.reason])


def _changes(steps: Sequence[Step]) -> Iterator[dict[str, Any]]:
    """B02-B07: they alter other steps."""
    for code in sorted({code for step in steps for code in step.changed_by}):
        altered = [step for step in steps if code in step.changed_by]
        names = ", ".join(step.code for step in altered)
        yield {
            **_row(
                altered[0], {altered[0].code: StepDate(reason="decided_elsewhere")}, Facts(), area="ethics"
            ),
            "code": code,
            "title": _("Change of %(codes)s") % {"codes": names},
            "gate": "none",
            "depends_on": [],
            "any_of": [],
            "when": None,
            "counted_from": [],
            "is_legal": False,
            "reason": _("It alters %(codes)s and has no date of its own.") % {"codes": names},
        }
