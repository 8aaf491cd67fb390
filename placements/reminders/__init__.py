"""Reminders about the steps of a checklist, entry on duty and the end of a term: the person whose move it is, in time,
once a rung."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from placements.models import ChecklistItem, Placement, StepRole
from placements.reminders import progress, watched, weekly  # register their rules
from placements.reminders.ladders import OWNER, RECORDER, STEP_LADDERS, ladder_of_step, rungs, steps_on
from placements.reminders.notes import note_of
from placements.reminders.paths import path_to_placement, path_to_step
from placements.reminders.people import Directory, is_of_company
from placements.workflow import ENDING_STATES
from placements.workflow.checklist import HANDED_IN, OPEN_ITEM_STATES, WORKABLE
from techforce.core.reminders import Manner, ReminderRule, Rung, Threshold, register

__all__ = ["CHECKLIST_ITEM", "PLACEMENT", "progress", "watched", "weekly"]

BEFORE_START, READY, SERVING = ("pending_checks",), ("ready",), ("active",)
GOING = ("pending_checks", "ready", "active")
TO_DO = (*WORKABLE, "expired")
ENTRY, UNRECORDED, END = "entry_on_duty", "start_unrecorded", "end_of_term"


# ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def step_ladder(item: ChecklistItem) -> Sequence[Threshold]:
    return rungs(ladder_of_step(item.code), item.due_on, item.checklist.placement.starts_on)


def open_items(rows: Sequence[ChecklistItem]) -> set[int]:
    """Steps that somebody can still do, of placements that are still going and not suspended, and the last steps of
    service that is over. Of alternatives one that is done is enough: nobody is asked for a waiver after the
    adjudication, nor pressed for an adjudication under a waiver."""
    keys = set(
        ChecklistItem.objects.filter(
            pk__in=[row.pk for row in rows],
            status__in=TO_DO,
            checklist__superseded_at__isnull=True,
        )
        .filter(
            Q(checklist__placement__status__in=GOING)
            | Q(gate="end", checklist__placement__status__in=ENDING_STATES)
        )
        .values_list("pk", flat=True)
    )
    groups = {(row.checklist_id, row.alternatives) for row in rows if row.alternatives}
    done = set(
        ChecklistItem.objects.filter(
            checklist__in=[checklist for checklist, _codes in groups], alternatives__gt="", status="done",
            is_settled=True,
        ).values_list("checklist", "alternatives")
    )  # fmt: skip
    return {row.pk for row in rows if row.pk in keys and (row.checklist_id, row.alternatives) not in done}


def whose_move(due: Sequence[tuple[ChecklistItem, Rung]]) -> Mapping[int, Iterable[Any]]:
    """The owner of each step; where the owner is an outside party without an account, or has handed it in, whoever
    records it. Later rungs name others, who hear of it beside them. The person is not pressed for what waits on
    somebody else."""
    directory = Directory([item.checklist.placement for item, _rung in due])
    held_up = _held_up([item for item, _rung in due])
    return {item.pk: _people(item, rung, directory, held_up) for item, rung in due}


def _held_up(items: Sequence[ChecklistItem]) -> set[int]:
    """Steps that hang on another one which is still open (domain.md §6.3 rule 8). A deadline of the law runs on."""
    still_open = set(
        ChecklistItem.objects.of_placements({item.checklist.placement_id for item in items})
        .filter(status__in=OPEN_ITEM_STATES)
        .values_list("checklist__placement", "code")
    )

    def is_open(item: ChecklistItem, name: str) -> bool:
        return all((item.checklist.placement_id, code) in still_open for code in name.split("|"))

    return {
        item.pk
        for item in items
        if not item.step.is_legal and any(is_open(item, name) for name in item.step.depends_on)
    }


def _people(item: ChecklistItem, rung: Rung, directory: Directory, held_up: Collection[int]) -> list[Any]:
    is_handed_in = item.status in HANDED_IN
    recorder = (item.recorder_role,)
    roles = {OWNER: recorder if is_handed_in else (item.owner_role, *recorder), RECORDER: recorder}
    found: dict[Any, None] = {}
    for word in rung.threshold.audience:
        found |= dict.fromkeys(directory.find(item.checklist.placement, roles.get(word, (word,))))
    if is_handed_in or item.pk in held_up:
        found.pop(item.checklist.placement.applicant.user, None)
    return list(found)


def manner_of_step(item: ChecklistItem, rung: Rung, person: Any) -> Manner:
    """Applicants get single mails within their caps; companies single ones; staff a digest, but a legal deadline on
    its own day goes at once (domain.md §6.3 rule 3)."""
    placement = item.checklist.placement
    if person == placement.applicant.user:
        return Manner.CAPPED
    is_due_by_law = item.step.is_legal and rung.threshold.days == 0
    return Manner.SINGLE if is_due_by_law or is_of_company(person) else Manner.DIGEST


def note_of_step(item: ChecklistItem, threshold: Threshold, person: Any) -> str:
    is_theirs = person == item.checklist.placement.applicant.user
    return note_of(ladder_of_step(item.code), threshold, person, is_theirs=is_theirs)


# ── Entry on duty and the end of the term ────────────────────────────────────────────────────────────────────────────


def next_day_ladder(placement: Placement) -> Sequence[Threshold]:
    """First for the entry on duty that is planned, once all is ready for its record, then for the end of the term."""
    return rungs(next_day_of(placement), placement.due_on, placement.starts_on)


def next_day_of(placement: Placement) -> str:
    if placement.entry_recorded_at:
        return END
    return UNRECORDED if placement.status in READY else ENTRY


def towards(key: str) -> Q:
    """Placements on one of the three ladders."""
    return Q(status__in={ENTRY: BEFORE_START, UNRECORDED: READY, END: SERVING}[key])


def open_placements(rows: Sequence[Placement]) -> set[int]:
    """Before the start, and afterwards those that serve and are not suspended."""
    going = Placement.objects.filter(pk__in=[row.pk for row in rows], status__in=GOING)
    return set(going.values_list("pk", flat=True))


def who_plans(due: Sequence[tuple[Placement, Rung]]) -> Mapping[int, Iterable[Any]]:
    directory = Directory([placement for placement, _rung in due])
    return {placement.pk: _planners(placement, rung, directory) for placement, rung in due}


def _planners(placement: Placement, rung: Rung, directory: Directory) -> list[Any]:
    """A company that has nobody is left out: its place is not taken by anyone."""
    found: dict[Any, None] = {}
    for role in rung.threshold.audience:
        people = directory.holders if role == StepRole.PARTNER else None
        found |= dict.fromkeys(people(placement, role) if people else directory.find(placement, (role,)))
    return list(found)


def manner_of_next_day(placement: Placement, rung: Rung, person: Any) -> Manner:
    return Manner.SINGLE if is_of_company(person) else Manner.DIGEST


def note_of_next_day(placement: Placement, threshold: Threshold, person: Any) -> str:
    return note_of(next_day_of(placement), threshold, person, is_theirs=False)


PLACEMENT_ROWS = ("applicant__user", "opening", "supervisor", "nomination")

CHECKLIST_ITEM = register(
    ReminderRule(
        key="checklist_item",
        model=ChecklistItem,
        thresholds=step_ladder,
        ladders=STEP_LADDERS,
        running=lambda key: steps_on(key) & Q(status__in=TO_DO),
        open_rows=open_items,
        recipients=whose_move,
        manner=manner_of_step,
        path=path_to_step,
        describe=lambda item: str(item.code),
        is_legal=lambda item: bool(item.step.is_legal),
        note=note_of_step,
        related=("step", *(f"checklist__placement__{name}" for name in PLACEMENT_ROWS)),
    )
)

PLACEMENT = register(
    ReminderRule(
        key="placement",
        model=Placement,
        thresholds=next_day_ladder,
        ladders=(ENTRY, UNRECORDED, END),
        running=towards,
        open_rows=open_placements,
        recipients=who_plans,
        manner=manner_of_next_day,
        path=path_to_placement,
        describe=next_day_of,
        note=note_of_next_day,
        related=PLACEMENT_ROWS,
    )
)
