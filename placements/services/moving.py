"""Moves a checklist under way to the version of its template that is in use. What was settled stays settled; every line
of what changes can be looked at first."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from placements.checklists import STOPPING_GATES
from placements.models import (
    Checklist,
    ChecklistItem,
    ChecklistTemplate,
    ChecklistTemplateStep,
    Placement,
    UndatedReason,
)
from placements.services.asking_again import BEFORE_DUTY, NO_WAIT, return_to_checks
from placements.services.conditions import reopen_what_applies
from placements.services.dates import redate
from placements.services.gates import open_codes
from placements.services.items import item_of
from placements.services.locks import lock
from placements.services.mirror import mirror_determination
from placements.workflow import LIVE_STATES
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import transition_many

DATES = ("due_on", "nudge_on", "next_reminder_at", "is_date_planned", "undated_reason")
SAID_BY_THE_STEP = ("gate", "alternatives", "accepted_outcomes", "owner_role", "recorder_role")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLine:
    """What becomes of one step: "added", "removed", "moved" to another date, or "kept"."""

    code: str
    title: str
    change: str
    old_due_on: datetime.date | None
    new_due_on: datetime.date | None
    is_settled: bool


def newer_version_of(checklist: Checklist) -> ChecklistTemplate | None:
    """The version in use, where the checklist is on another one and its placement is not over."""
    if checklist.superseded_at or checklist.placement.status not in LIVE_STATES:
        return None
    template = checklist.template
    in_use = ChecklistTemplate.objects.in_use().filter(kind=template.kind, tier=template.tier_id)
    return in_use.exclude(pk=template.pk).first()


@service
def move_checklist(*, checklist: Checklist, by: Any) -> list[MoveLine]:
    """Go on by the version in use. A placement that was ready goes back to its checks if a gate opens; after entry on
    duty a new step stops nothing. Returns what changed."""
    if not by.has_perm("placements.move_checklist", checklist):
        raise NotPermitted(_("Your role does not allow moving a checklist to another version."))
    placement = lock(checklist.placement)
    checklist.refresh_from_db()
    target = newer_version_of(checklist)
    if target is None:
        raise Refused(_("This checklist is over, or on the version in use already."))
    before = _state(checklist)
    _put_steps(checklist, target, placement)
    Checklist.objects.filter(pk=checklist.pk).update(template=target)
    checklist.refresh_from_db()
    _follow_up(placement, by)
    lines = list(_compare(before, _state(checklist)))
    changed = {line.code: line.change for line in lines if line.change != "kept"}
    record_event(
        "placements.checklist:move_to_version",
        subject=checklist,
        by=by,
        detail={"to": target.version_number, "changed": changed},
    )
    return lines


def rehearse_move(checklist: Checklist, *, by: Any) -> list[MoveLine]:
    """What `move_checklist` would change: done in full, and undone."""
    with transaction.atomic():
        lines: list[MoveLine] = move_checklist(checklist=checklist, by=by)
        transaction.set_rollback(True)
    checklist.refresh_from_db()
    return lines


def _put_steps(checklist: Checklist, target: ChecklistTemplate, placement: Placement) -> None:
    steps = {step.code: step for step in target.steps.order_by("position", "pk")}
    items = list(checklist.items.exclude(status="cancelled").order_by("pk"))
    has_started = placement.status not in BEFORE_DUTY
    _remove([item for item in items if item.code not in steps])
    kept = [item for item in items if item.code in steps]
    for item in kept:
        _take_step(item, steps[item.code], has_started=has_started)
    ChecklistItem.objects.bulk_update(kept, ["step", *SAID_BY_THE_STEP, *DATES])
    known = {item.code for item in kept}
    added = [item_of(step, checklist) for code, step in steps.items() if code not in known]
    for item in added:
        item.gate = _gate(item.gate, "none", has_started=has_started)
    ChecklistItem.objects.bulk_create(added)


def _remove(items: Sequence[ChecklistItem]) -> None:
    """What was settled stays as a record, anything else is not asked for any more and stops nothing."""
    dropped = [item for item in items if not item.is_settled]
    keys = [item.pk for item in dropped]
    ChecklistItem.objects.filter(pk__in=keys).update(gate="none", alternatives="")
    values = {**NO_WAIT, "next_reminder_at": None}
    open_ones = ChecklistItem.objects.filter(pk__in=keys, status__in=OPEN_ITEM_STATES)
    transition_many(open_ones, "cancel", by=User.objects.system(), values=values)
    reminders.cancel_queued(*dropped)


def _take_step(item: ChecklistItem, step: ChecklistTemplateStep, *, has_started: bool) -> None:
    """A settled step keeps by which rule it was settled; only its alternatives may be others now."""
    if item.corrects_id:
        item.step = step
        return
    before, was_dated = item.gate, _is_dated(item.step)
    item.step = step
    item.alternatives = step.alternatives
    if not item.is_settled:
        if was_dated and not _is_dated(step):
            _forget_date(item)
        for column in SAID_BY_THE_STEP:
            setattr(item, column, getattr(step, column))
        item.gate = _gate(step.gate, before, has_started=has_started)


def _is_dated(step: ChecklistTemplateStep) -> bool:
    return bool(step.anchors or step.yearly_days)


def _forget_date(item: ChecklistItem) -> None:
    """The version in use sets no date any more, so nobody is reminded of the old one."""
    item.due_on = item.nudge_on = item.next_reminder_at = None
    item.is_date_planned, item.undated_reason = (
        False,
        item.step.undated_reason or UndatedReason.ANCHOR_UNKNOWN,
    )
    reminders.cancel_queued(item)


def _gate(wanted: str, before: str, *, has_started: bool) -> str:
    """After entry on duty nothing begins to stop what has happened."""
    begins_to_stop = wanted in STOPPING_GATES and before not in STOPPING_GATES
    return "none" if has_started and begins_to_stop else wanted


def _follow_up(placement: Placement, by: Any) -> None:
    """Dates, conditions, the mirrored screen and readiness, as they follow from the steps."""
    if placement.status == "ready" and open_codes([placement], "entry_on_duty"):
        system = User.objects.system()
        placement = return_to_checks(placement=placement, reason_code="checklist_moved", by=system)
    mirror_determination(placement)
    reopen_what_applies(placement)
    redate([placement], by=by)


def _state(checklist: Checklist) -> dict[tuple[str, int], ChecklistItem]:
    items = checklist.items.exclude(status="cancelled").filter(corrects__isnull=True).select_related("step")
    return {(item.code, item.occurrence): item for item in items.order_by("step__position", "occurrence")}


def _compare(
    before: Mapping[tuple[str, int], ChecklistItem], after: Mapping[tuple[str, int], ChecklistItem]
) -> Iterator[MoveLine]:
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        shown = new or old
        if shown is None:
            continue
        yield MoveLine(
            code=shown.code,
            title=shown.step.title,
            change=_change(old, new),
            old_due_on=old.due_on if old else None,
            new_due_on=new.due_on if new else None,
            is_settled=shown.is_settled,
        )


def _change(old: ChecklistItem | None, new: ChecklistItem | None) -> str:
    if old is None:
        return "added"
    if new is None or (not new.is_settled and new.step.template_id == old.step.template_id):
        return "removed"
    return "kept" if old.due_on == new.due_on or new.is_settled else "moved"
