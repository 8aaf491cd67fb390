"""Steps that come again: the annual report, the yearly confirmation of a recusal. Each occurrence is a row of its own,
so that what was done in one year stays, and the reminders of the next year go out once."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from placements.checklists import Anchor, Before, Calendar, Facts, StepDate, plan, plan_again
from placements.models import ChecklistItem, Placement, UndatedReason
from placements.reminders import CHECKLIST_ITEM
from placements.services.items import item_of
from placements.services.template_versions import step_of
from techforce.core import reminders

SERVING = ("active", "suspended")
SETTLED = ("done", "excused")


def dates_of(
    items: Sequence[ChecklistItem],
    anchors: Mapping[str, Anchor],
    calendar: Calendar,
    facts: Facts,
    *,
    extended: Mapping[int, int],
) -> dict[int, StepDate]:
    """The date of each step of one placement by its key. The first occurrence counts from the anchors, every later one
    from the one before it. `extended` says by how many days each was put off."""
    chains = chains_of(items)
    firsts = [chain[0] for chain in chains]
    done = {item.code: item.effective_on for item in firsts if item.status == "done" and item.effective_on}
    steps = [step_of(item.step) for item in firsts]
    put_off = {item.code: extended[item.pk] for item in firsts if item.pk in extended}
    by_code = plan(steps, {**anchors, **_events(firsts)}, calendar, facts=facts, done=done, extended=put_off)
    found = {item.pk: by_code[item.code] for item in firsts}
    for chain in chains:
        for before, item in pairwise(chain):
            last = Before(due_on=_due_on(before, found), done_on=before.effective_on)
            known = {**anchors, **_events([item])}
            days = extended.get(item.pk, 0)
            found[item.pk] = plan_again(step_of(item.step), last, known, calendar, facts=facts, extended=days)
    return found


def _events(items: Iterable[ChecklistItem]) -> dict[str, Anchor]:
    """What happened that nobody could foresee, by anchor. Each occurrence of a step has an event of its own."""
    return {step_of(item.step).event(): Anchor(item.event_on) for item in items if item.event_on}


def chains_of(items: Iterable[ChecklistItem]) -> list[list[ChecklistItem]]:
    """The occurrences of each step, first to last. What was cancelled is not asked for any more, unless nothing else is
    left of the step, on which others may still count."""
    chains: dict[tuple[int, str], list[ChecklistItem]] = {}
    for item in sorted(items, key=lambda item: (item.status == "cancelled", item.occurrence)):
        key = (item.checklist_id, item.code)
        if item.status != "cancelled" or key not in chains:
            chains.setdefault(key, []).append(item)
    return list(chains.values())


def _due_on(item: ChecklistItem, found: Mapping[int, StepDate]) -> datetime.date | None:
    return item.due_on if item.status in SETTLED else found[item.pk].due_on


def open_next_occurrences(
    placement: Placement,
    items: Sequence[ChecklistItem],
    anchors: Mapping[str, Anchor],
    calendar: Calendar,
    facts: Facts,
) -> list[ChecklistItem]:
    """Begin the next occurrence of what was settled, until service ends. The caller saves them. A step that the version
    in use does not have any more is not begun again."""
    if placement.status not in SERVING:
        return []
    found = []
    for chain in chains_of(items):
        last = chain[-1]
        if last.status not in SETTLED or not _comes_again(last):
            continue
        before = Before(due_on=last.due_on, done_on=last.effective_on)
        date = plan_again(step_of(last.step), before, anchors, calendar, facts=facts)
        if date.due_on or date.reason == UndatedReason.ANCHOR_UNKNOWN:
            found.append(_next(last, date))
    return found


def _comes_again(last: ChecklistItem) -> bool:
    is_in_use = last.step.template_id == last.checklist.template_id
    return is_in_use and bool(last.step.is_repeated or last.step.yearly_days)


def _next(last: ChecklistItem, date: StepDate) -> ChecklistItem:
    item = item_of(last.step, last.checklist, occurrence=last.occurrence + 1)
    item.due_on, item.nudge_on = date.due_on, date.nudge_on
    item.undated_reason, item.is_date_planned = date.reason, date.is_planned
    return item


def save_new(items: Sequence[ChecklistItem]) -> None:
    """Saved and watched from the first day."""
    ChecklistItem.objects.bulk_create(items)
    reminders.move_due_dates([item for item in items if item.due_on], CHECKLIST_ITEM)
