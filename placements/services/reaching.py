"""The steps behind milestones that were reached, settled for many people in as many statements as for one."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from placements.checklists import DUE_PROCESS, Facts, Known, Milestone, applies, open_steps, settled_by
from placements.models import Area, ChecklistItem, Placement
from placements.services.asking_again import NO_WAIT
from placements.services.checklist import unblock_item
from placements.services.conditions import facts_of
from placements.services.items import ASKED_OF_ITEMS
from placements.services.step_moves import start_due_process
from placements.workflow.checklist import WORKABLE
from techforce.core import reminders
from techforce.core.bulk import write_column
from techforce.core.errors import Refused
from techforce.core.workflow import transition_many

Steps = Mapping[str, ChecklistItem]
"""The vetting steps of one placement by code."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """A milestone of one placement, with its own step and all the others."""

    placement: Placement
    milestone: Milestone
    outcome: str
    effective_on: datetime.date
    reference: str
    own: ChecklistItem
    steps: Steps

    def settles(self) -> dict[str, str]:
        """The steps that it settles, each with its outcome."""
        known = {
            code: Known(tuple(item.step.depends_on), tuple(item.step.outcomes))
            for code, item in self.steps.items()
        }
        return settled_by(self.milestone, self.outcome, known)

    @property
    def word(self) -> str:
        """The outcome of its own step."""
        return self.milestone.outcomes[self.outcome][self.own.code]


Settled = list[tuple[Reaching, ChecklistItem, str]]
"""Steps, each with the outcome that it gets."""


def vetting_steps(placements: Iterable[int]) -> dict[int, dict[str, ChecklistItem]]:
    """For each placement, the first of those that come again."""
    items = ChecklistItem.objects.of_placements(list(placements)).filter(
        checklist__area=Area.VETTING, corrects__isnull=True, occurrence=1
    )
    found: dict[int, dict[str, ChecklistItem]] = defaultdict(dict)
    for item in items.exclude(status="cancelled").select_related("step", "checklist").order_by("pk"):
        found[item.checklist.placement_id][item.code] = item
    return found


def reach(reachings: Sequence[Reaching], *, by: Any) -> list[tuple[ChecklistItem, tuple[str, ...]]]:
    """For each its own step, and the codes of all that were settled. In one transaction, and taken back as a whole
    when one of them claims more than its steps bear out."""
    behind = _behind(reachings, by)
    _settle(behind, by)
    own = _record_own(reachings, by)
    _set_aside(reachings, by)
    steps = vetting_steps(reaching.placement.pk for reaching in reachings)
    codes = defaultdict(list)
    for reaching, item, _word in behind + own:
        codes[reaching.placement.pk].append(item.code)
    for reaching in reachings:
        if reaching.milestone.opens_gate:
            _check_nothing_open(steps[reaching.placement.pk])
    return [
        (steps[key][reaching.own.code], tuple(sorted(codes[key])))
        for reaching in reachings
        if (key := reaching.placement.pk)
    ]


def _settle(settled: Settled, by: Any) -> None:
    """The step of the milestone itself keeps the number; each of the others names the milestone in its audit."""
    alike = defaultdict(list)
    for reaching, item, word in settled:
        alike[reaching.milestone.name, word, reaching.effective_on].append(item)
    for (name, word, day), items in alike.items():
        values = {
            "next_reminder_at": None,
            "outcome": word,
            "effective_on": day,
            "recorded_at": timezone.now(),
            "recorded_by": by,
        }
        transition_many(_rows(items), "complete", by=by, values=values, detail={"milestone": name})
    reminders.cancel_queued(*(item for _reaching, item, _word in settled))


def _rows(items: Iterable[ChecklistItem]) -> Any:
    return ChecklistItem.objects.filter(pk__in=[item.pk for item in items]).select_related(*ASKED_OF_ITEMS)


def _behind(reachings: Sequence[Reaching], by: Any) -> Settled:
    """What is still open. A step that was done, excused or set aside stays; one under due process, or whose result has
    run out, is decided for itself. A wait for somebody ends with the milestone that comes after it."""
    facts = facts_of([reaching.placement.pk for reaching in reachings])
    return [
        (reaching, reaching.steps[code], word)
        for reaching in reachings
        for code, word in _waiting(reaching, facts[reaching.placement.pk], by).items()
    ]


def _waiting(reaching: Reaching, facts: Facts, by: Any) -> dict[str, str]:
    """What will be known once they are settled, without overruling what is on file, decides which of them apply."""
    named = reaching.settles()
    named.pop(reaching.own.code)
    after = replace(facts, outcomes={**named, **facts.outcomes})
    for code in named:
        _end_wait(reaching, reaching.steps[code], by)
    return {
        code: word
        for code, word in named.items()
        if (item := reaching.steps[code]).status in WORKABLE
        and not item.step.decided_by
        and applies(item.step.condition, after) is not False
    }


def _end_wait(reaching: Reaching, item: ChecklistItem, by: Any) -> None:
    """On the day of the milestone, however late it is recorded; a wait that began after that day took none."""
    if item.status == "blocked":
        day = reaching.effective_on
        unblock_item(item=item, until=max(item.waiting_since or day, day), by=by)


def _record_own(reachings: Sequence[Reaching], by: Any) -> Settled:
    """Except where due process begins with it."""
    own: Settled = []
    for reaching in reachings:
        _end_wait(reaching, reaching.own, by)
        if reaching.word == DUE_PROCESS:
            start_due_process(
                item=reaching.own, happened_on=reaching.effective_on, reference=reaching.reference, by=by
            )
        else:
            own.append((reaching, reaching.own, reaching.word))
    numbers = [(item.pk, reaching.reference) for reaching, item, _word in own if reaching.reference]
    if numbers:
        write_column(ChecklistItem, "external_reference", numbers)
    _settle(own, by)
    return own


def _set_aside(reachings: Sequence[Reaching], by: Any) -> None:
    """Steps whose condition does not hold after what was just recorded, such as an investigation after reciprocity."""
    keys = [reaching.placement.pk for reaching in reachings]
    facts, steps = facts_of(keys), vetting_steps(keys)
    aside: dict[str, list[ChecklistItem]] = defaultdict(list)
    for reaching in reachings:
        key = reaching.placement.pk
        aside[reaching.milestone.name] += [
            item
            for item in steps[key].values()
            if item.status in (*WORKABLE, "blocked") and applies(item.step.condition, facts[key]) is False
        ]
    values = {**NO_WAIT, "next_reminder_at": None}
    for name, items in aside.items():
        if items:
            detail = {"milestone": name}
            transition_many(_rows(items), "set_not_applicable", by=by, values=values, detail=detail)


def _check_nothing_open(steps: Steps) -> None:
    """I7: clearing the firm offer says that every step of vetting before it has its accepted outcome."""
    if codes := open_steps(steps.values(), "firm_offer"):
        sentence = _("Not cleared: these steps have no outcome that lets the firm offer pass: %(codes)s.")
        raise Refused(sentence % {"codes": ", ".join(codes)})
