"""Versions of checklist templates: copied to a draft, edited, checked, published and retired. A published version never
changes, so that whoever looks at a placement sees what was asked then."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from placements.checklists import Due, Problem, Step, problems_of
from placements.models import ChecklistTemplate, ChecklistTemplateStep
from placements.services.locks import lock, lock_many
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition

STEP_COLUMNS = (
    "position", "code", "title", "owner_role", "recorder_role", "shared_with", "gate", "anchors", "offset", "unit",
    "opens_anchor", "opens_offset", "yearly_days", "is_repeated", "undated_reason", "depends_on", "alternatives",
    "condition", "outcomes", "accepted_outcomes", "excusable_by", "valid_days", "is_legal", "law", "evidence",
    "guidance", "changed_by", "decided_by",
)  # fmt: skip
"""What a step says; a copy says the same."""


def step_of(row: ChecklistTemplateStep) -> Step:
    """The step as planning and checking read it."""
    distance = (row.offset, row.unit) if row.offset is not None else None
    opens = Due(row.opens_anchor, row.opens_offset or 0, "calendar_days") if row.opens_anchor else None
    return Step(
        code=row.code,
        title=row.title,
        owner=row.owner_role,
        recorder=row.recorder_role,
        shared_with=tuple(row.shared_with),
        gate=row.gate,
        due=tuple(Due(anchor, *distance) for anchor in row.anchors) if distance else (),
        opens=opens,
        yearly=tuple(row.yearly_days),
        repeats=row.is_repeated,
        undated="" if row.yearly_days else row.undated_reason,
        depends_on=tuple(row.depends_on),
        any_of=tuple(row.alternatives.split("|")) if row.alternatives else (),
        when=row.condition,
        outcomes=tuple(row.outcomes),
        accepted=tuple(row.accepted_outcomes),
        excusable_by=tuple(row.excusable_by),
        valid_days=row.valid_days,
        is_legal=row.is_legal,
        law=row.law,
        evidence=row.evidence,
        guidance=row.guidance,
        decided_by=row.decided_by,
        changed_by=tuple(row.changed_by),
    )


def steps_in(template: ChecklistTemplate) -> tuple[Step, ...]:
    return tuple(step_of(row) for row in template.steps.order_by("position", "pk"))


@service
def copy_template_to_draft(*, template: ChecklistTemplate, by: Any) -> ChecklistTemplate:
    """A new version that says what `template` says, to be changed. There is one draft of a kind and tier at a time."""
    if not by.has_perm("placements.add_checklisttemplate"):
        raise NotPermitted(_("Only the program's administrators change checklists."))
    versions = ChecklistTemplate.objects.filter(kind=template.kind, tier=template.tier)
    if any(row.is_draft for row in lock_many(versions)):
        raise Refused(_("There is a draft of this checklist already. Publish or discard it first."))
    if template.is_draft:
        raise Refused(_("This version is a draft itself."))
    draft = ChecklistTemplate.objects.create(
        kind=template.kind,
        tier=template.tier,
        version_number=(versions.aggregate(last=Max("version_number"))["last"] or 0) + 1,
        copied_from=template,
        drafted_by=by,
        effective_on=today(),
    )
    rows = template.steps.order_by("position", "pk")
    ChecklistTemplateStep.objects.bulk_create(
        ChecklistTemplateStep(template=draft, **{name: getattr(row, name) for name in STEP_COLUMNS})
        for row in rows
    )
    record_event(
        "placements.checklisttemplate:copy", subject=draft, by=by, detail={"from": template.version_number}
    )
    return draft


@service
def publish_template(*, template: ChecklistTemplate, by: Any) -> ChecklistTemplate:
    """From now on new placements get this version; checklists under way keep theirs."""
    return put_in_use(template, effective_on=today(), by=by)


def put_in_use(template: ChecklistTemplate, *, effective_on: datetime.date, by: Any) -> ChecklistTemplate:
    """Publishes the draft and retires the version that was in use, in the order of their keys' locks."""
    versions = lock_many(ChecklistTemplate.objects.filter(kind=template.kind, tier=template.tier))
    for older in versions:
        if older.status == "published":
            transition(older, "retire", by=by, values={"retired_on": today()})
    values = {"effective_on": effective_on, "digest": digest_of(template)}
    published: ChecklistTemplate = transition(template, "publish", by=by, values=values)
    return published


@service
def retire_template(*, template: ChecklistTemplate, by: Any) -> ChecklistTemplate:
    """New placements get no such checklist until another version is published, and without it no gate opens."""
    retired: ChecklistTemplate = transition(template, "retire", by=by, values={"retired_on": today()})
    return retired


@service
def remove_template_step(*, step: ChecklistTemplateStep, by: Any) -> None:
    """Take a step out of a draft."""
    if not by.has_perm("placements.change_checklisttemplatestep", step):
        raise NotPermitted(_("Only the program's administrators change checklists."))
    template = lock(step.template)
    if not template.is_draft:
        raise Refused(_("This version was published and stays as it is. Copy it to a draft."))
    record_event(
        "placements.checklisttemplate:remove_step", subject=template, by=by, detail={"code": step.code}
    )
    step.delete()


def digest_of(template: ChecklistTemplate) -> str:
    """Of everything that the steps say, in their order."""
    rows = template.steps.order_by("position", "pk").values_list(*STEP_COLUMNS)
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def changes_of(older: ChecklistTemplate, newer: ChecklistTemplate) -> list[dict[str, Any]]:
    """What one version changes about another: steps added, said otherwise (`said`: each answer before and after), and
    removed."""
    before, after = (_by_code(template) for template in (older, newer))
    found = [
        {
            "code": code,
            "title": step.title,
            "change": "changed" if code in before else "added",
            "said": _said_otherwise(before[code], step) if code in before else [],
        }
        for code, step in after.items()
        if code not in before or step_of(before[code]) != step_of(step)
    ]
    gone = [step for code, step in before.items() if code not in after]
    return found + [{"code": step.code, "title": step.title, "change": "removed"} for step in gone]


def _by_code(template: ChecklistTemplate) -> dict[str, ChecklistTemplateStep]:
    return {step.code: step for step in template.steps.order_by("position", "pk")}


def _said_otherwise(before: ChecklistTemplateStep, after: ChecklistTemplateStep) -> list[dict[str, Any]]:
    labels = {field.name: field.verbose_name for field in ChecklistTemplateStep._meta.fields}
    return [
        {
            "label": labels[name],
            "before": _in_words(before, name),
            "after": _in_words(after, name),
        }
        for name in STEP_COLUMNS
        if name != "position" and getattr(before, name) != getattr(after, name)
    ]


def _in_words(step: ChecklistTemplateStep, name: str) -> str:
    value = getattr(step, name)
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    display = getattr(step, f"get_{name}_display", None)
    return str(display() if display else "" if value is None else value)


def problems_in(steps: Sequence[Step]) -> list[str]:
    """What is wrong with them, a sentence each in the reader's language."""
    return [problem_said(problem) for problem in problems_of(tuple(steps))]


def problem_said(problem: Problem) -> str:
    """The pure check marks its sentences for translation and knows no language."""
    return f"{problem.code}: {_(problem.sentence) % problem.values}"


@guard("placements.template_is_sound")
def template_is_sound(rows: Sequence[ChecklistTemplate], change: Change) -> Mapping[int, str]:
    """A version with a contradiction would leave a placement without a date, or a gate that never opens."""
    found = {}
    for row in rows:
        steps = steps_in(row)
        problems = problems_in(steps)
        if not steps:
            found[row.pk] = _("This version has no steps.")
        elif problems:
            found[row.pk] = _("Correct these steps first. %(problems)s.") % {"problems": "; ".join(problems)}
    return found
