"""Checklists of a placement: opened from the templates in force, worked through step by step."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from placements.checklists import STOPPING_GATES
from placements.models import (
    Area,
    Checklist,
    ChecklistItem,
    ChecklistTemplate,
    ChecklistTemplateStep,
    Placement,
)
from placements.reminders import CHECKLIST_ITEM
from placements.services.asking_again import BEFORE_DUTY, NO_WAIT, ask_again
from placements.services.conditions import reopen_what_applies
from placements.services.dates import redate
from placements.services.following import FollowUp
from placements.services.happened import check_happened, check_number
from placements.services.items import ASKED_OF_ITEMS, item_of, steps_of
from placements.services.moot_requests import end_requests_about
from placements.services.step_notices import tell_owner
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.calendar import EASTERN, add_business_days, today
from techforce.core.closures import closures
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many

CORRECTED_IN = 5
"""Business days for a corrective step, as for the follow-up of a start with an open gate."""

MakeItem = Callable[[ChecklistTemplateStep, Checklist], ChecklistItem]


def open_checklists(placement: Placement) -> list[Checklist]:
    """Both checklists of a new placement, from the templates in use. A template that is missing leaves its
    checklist out, and without it no gate opens."""
    templates = ChecklistTemplate.objects.in_use()
    vetting = templates.filter(kind="vetting", tier=placement.opening.vetting_tier_id).first()
    ethics = templates.filter(kind=placement.kind).first()
    found = [(Area.VETTING, vetting), (Area.ETHICS, ethics)]
    return [open_from(template, placement, area) for area, template in found if template is not None]


def open_from(
    template: ChecklistTemplate, placement: Placement, area: str, *, make: MakeItem | None = None
) -> Checklist:
    """One checklist. `make` begins the items in the order of their steps; `item_of` unless another is named."""
    checklist = Checklist.objects.create(placement=placement, template=template, area=area)
    steps = template.steps.order_by("position")
    ChecklistItem.objects.bulk_create([(make or item_of)(step, checklist) for step in steps])
    return checklist


@service
def complete_item(
    *,
    item: ChecklistItem,
    outcome: str,
    effective_on: datetime.date,
    reference: str = "",
    version: int | None = None,
    following: FollowUp | None = None,
    by: Any,
) -> ChecklistItem:
    """Record that a step is done, with its outcome and the day on which it happened. `version` is the one that was
    looked at. Whoever records steps of several people passes `following` and carries it out after the last."""
    check_happened(effective_on)
    check_number(reference)
    placement = _lock_placement(item)
    found = following or FollowUp([placement], by=by)
    values = {
        "next_reminder_at": None,
        "outcome": outcome,
        "effective_on": effective_on,
        "recorded_at": timezone.now(),
        "recorded_by": by,
        "external_reference": reference or item.external_reference,
    }
    done: ChecklistItem = transition(
        item, "complete", by=by, values=values, version=version, related=ASKED_OF_ITEMS
    )
    return _followed(done, placement, found, is_last=following is None)


@service
def send_item_back(*, item: ChecklistItem, reason_code: str, by: Any) -> ChecklistItem:
    """Return a step for correction. A placement that was ready goes back to its checks, because a gate is open."""
    placement = _lock_placement(item)
    returned = ask_again(item, "send_back", placement=placement, by=by, reason_code=reason_code)
    tell_owner(returned, placement, is_returned=True)
    reopen_what_applies(placement)
    return _redated(returned, placement, by)


@service
def reopen_item(*, item: ChecklistItem, by: Any) -> ChecklistItem:
    """Ask again for a step that was excused, set aside or not met."""
    placement = _lock_placement(item)
    return _redated(ask_again(item, "reopen", placement=placement, by=by), placement, by)


@service
def block_item(
    *, item: ChecklistItem, waiting_on: str, since: datetime.date | None = None, by: Any
) -> ChecklistItem:
    """The step waits for a named party, from that day on: the agency's clock stops, that party's runs."""
    since = since or today()
    if not _first_day_of_wait(item) <= since <= today():
        raise Refused(
            _(
                "Give the day since which it waits: not before the placement or an earlier wait, nor later than today."
            )
        )
    values = {"waiting_on": waiting_on, "waiting_since": since}
    blocked: ChecklistItem = transition(item, "block", by=by, values=values)
    reminders.cancel_queued(blocked)
    return blocked


@service
def unblock_item(*, item: ChecklistItem, until: datetime.date | None = None, by: Any) -> ChecklistItem:
    """The party did its part on that day: the agency's clock runs again."""
    until = until or today()
    if not (item.waiting_since or until) <= until <= today():
        raise Refused(
            _("Give the day on which the wait ended: not before it began, and not later than today.")
        )
    values = {"waiting_on": "", "waiting_since": None, "waited_until": until}
    unblocked: ChecklistItem = transition(item, "unblock", by=by, values=values)
    reminders.watch_again(unblocked, CHECKLIST_ITEM)
    return unblocked


def _first_day_of_wait(item: ChecklistItem) -> datetime.date:
    """One day has one holder, and nothing waits before there was anything to do."""
    begun = item.checklist.placement.created_at.astimezone(EASTERN).date()
    return max(begun, item.waited_until or begun)


@service
def excuse_item(*, item: ChecklistItem, authority: str, version: int | None = None, by: Any) -> ChecklistItem:
    """Excuse a step on a named authority, by whom its template allows and never by the person concerned. `version` is
    the one that was looked at."""
    check_number(authority)
    placement = _lock_placement(item)
    following = FollowUp([placement], by=by)
    values = {"excused_by": by, "excuse_authority": authority, "next_reminder_at": None, **NO_WAIT}
    excused: ChecklistItem = transition(item, "excuse", by=by, values=values, version=version)
    return _followed(excused, placement, following)


@service
def set_item_aside(*, item: ChecklistItem, by: Any) -> ChecklistItem:
    """The condition of the step does not hold, so it does not apply. Refused while it holds or nobody knows."""
    placement = _lock_placement(item)
    following = FollowUp([placement], by=by)
    values = {"next_reminder_at": None, **NO_WAIT}
    aside: ChecklistItem = transition(item, "set_not_applicable", by=by, values=values)
    return _followed(aside, placement, following)


@service
def add_corrective_item(*, item: ChecklistItem, by: Any) -> ChecklistItem:
    """After entry on duty a wrong step is not reopened: another one beside it says what has to be done."""
    if not by.has_perm("placements.record_item", item):
        raise NotPermitted(_("Your role does not allow adding a corrective step."))
    if item.checklist.placement.status in BEFORE_DUTY:
        raise Refused(_("Before entry on duty, return the step itself."))
    if item.step.decided_by:
        raise Refused(_("This step is decided elsewhere: look at that again instead."))
    if item.status in OPEN_ITEM_STATES or item.status == "cancelled":
        raise Refused(_("Only a step that is over is corrected."))
    if item.corrections.filter(status__in=OPEN_ITEM_STATES).exists():
        raise Refused(_("A corrective step is open already."))
    return correct(item, by=by)


def correct(item: ChecklistItem, *, by: Any) -> ChecklistItem:
    """The corrective step itself, which stops nothing. What it corrects is long past, so it has a time of its own."""
    corrective = item_of(item.step, item.checklist)
    corrective.corrects, corrective.gate, corrective.alternatives = item, "none", ""
    corrective.status, corrective.outcome, corrective.effective_on, corrective.recorded_at = (
        "not_started",
        "",
        None,
        None,
    )
    corrective.due_on, corrective.undated_reason = add_business_days(today(), CORRECTED_IN, closures()), ""
    corrective.save()
    reminders.watch_again(corrective, CHECKLIST_ITEM)
    record_event("placements.checklistitem:correct", subject=corrective, by=by, detail={"corrects": item.pk})
    return corrective


def cancel_open_items(placement: Placement) -> int:
    """Nothing more is asked of a placement that came to nothing. Returns how many steps that were."""
    items = ChecklistItem.objects.of_placements([placement.pk]).filter(status__in=OPEN_ITEM_STATES)
    values = {**NO_WAIT, "next_reminder_at": None}
    cancelled = transition_many(items, "cancel", by=User.objects.system(), values=values).rows
    end_requests_about(*cancelled)
    return len(cancelled)


def _followed(
    item: ChecklistItem, placement: Placement, following: FollowUp, *, is_last: bool = True
) -> ChecklistItem:
    reminders.cancel_queued(item)
    following.note(placement, item)
    if is_last:
        following.carry_out()
    return item


def _redated(item: ChecklistItem, placement: Placement, by: Any) -> ChecklistItem:
    """The step after the steps that hang on it, and its own date, were counted anew."""
    redate([placement], by=by)
    item.refresh_from_db(fields=["due_on", "nudge_on", "next_reminder_at", "reminder_cycle"])
    return item


def _lock_placement(item: ChecklistItem) -> Placement:
    """The lock that the triggers take at commit, taken first: Placement before Item."""
    placement: Placement = Placement.objects.select_for_update(of=("self",)).get(checklists=item.checklist_id)
    return placement


@guard("placements.outcome_fits_the_step")
def outcome_fits_the_step(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """An outcome that the step cannot have is refused; one that does not open its gate is recorded all the same."""
    outcome = change.values.get("outcome")
    steps = steps_of(rows)
    sentence = _("Choose one of the outcomes of this step.")
    return {row.pk: sentence for row in rows if outcome not in steps[row.step_id].outcomes}


@guard("placements.item_may_still_change")
def item_may_still_change(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """Steps before the start are not reopened after entry on duty, and none of a checklist that was replaced."""
    checklists = Checklist.objects.filter(pk__in=[row.checklist_id for row in rows])
    replaced = set(checklists.filter(superseded_at__isnull=False).values_list("pk", flat=True))
    started = set(checklists.exclude(placement__status__in=BEFORE_DUTY).values_list("pk", flat=True))
    sentence = _("The person has entered on duty. Add a corrective step instead.")
    gated = [row for row in rows if row.gate in STOPPING_GATES and row.checklist_id in started]
    of_replaced = [row for row in rows if row.checklist_id in replaced]
    return {row.pk: sentence for row in gated} | {
        row.pk: _("This step belongs to a checklist that was replaced.") for row in of_replaced
    }


@guard("placements.excuse_has_an_authority")
def excuse_has_an_authority(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    if change.values.get("excuse_authority"):
        return {}
    return {row.pk: _("Name the rule or decision that allows the excuse.") for row in rows}


@guard("placements.step_is_decided_here")
def step_is_decided_here(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    steps = steps_of(rows)
    sentence = _("This step shows what is decided elsewhere. Change it there.")
    return {row.pk: sentence for row in rows if steps[row.step_id].decided_by}
