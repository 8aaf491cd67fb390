"""What a partner company may know of its people's placements: a word, the start once it is certain, and that a step of
its own is outstanding. Nothing of vetting, ethics, the agency or why something ended."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Min, Q

from partners.services.standing import Progress, Word
from placements.models import ChecklistItem, Placement, StepRole
from placements.workflow import LIVE_STATES, PlacementStatus

WORDS: Mapping[str, Word] = {
    PlacementStatus.PENDING_CHECKS: Word.IN_PROCESS,
    PlacementStatus.READY: Word.START_DATE_SET,
    PlacementStatus.ACTIVE: Word.SERVING,
    PlacementStatus.SUSPENDED: Word.SERVING,
    # Another placement follows at once.
    PlacementStatus.TRANSFERRED: Word.SERVING,
    PlacementStatus.COMPLETED: Word.CLOSED,
    PlacementStatus.CURTAILED: Word.CLOSED,
    PlacementStatus.CLOSED: Word.CLOSED,
}
"""One that fell through is none: the person is back among those who wait."""

ASKED_FOR = ("requested", "returned", "expired")


def progress_of(nominations: Collection[int]) -> dict[int, Progress]:
    """For those of the nominations that have a placement, in two queries."""
    latest = {row["nomination_id"]: row for row in _placements(nominations)}
    outstanding = _outstanding_steps([row["pk"] for row in latest.values() if row["status"] in LIVE_STATES])
    return {key: _progress(row, outstanding) for key, row in latest.items()}


def _placements(nominations: Collection[int]) -> Any:
    rows = Placement.objects.filter(nomination__in=nominations).exclude(status=PlacementStatus.FELL_THROUGH)
    return rows.order_by("pk").values("pk", "nomination_id", "status", "starts_on", "transferred_from_id")


def _progress(row: Mapping[str, Any], outstanding: Mapping[int, datetime.date | None]) -> Progress:
    is_outstanding = row["pk"] in outstanding
    word = (
        Word.SERVING if row["transferred_from_id"] and row["status"] in LIVE_STATES else WORDS[row["status"]]
    )
    if word == Word.IN_PROCESS and is_outstanding:
        word = Word.STEP_OUTSTANDING
    return Progress(
        word=word,
        starts_on=row["starts_on"],
        is_step_outstanding=is_outstanding,
        step_due_on=outstanding.get(row["pk"]),
    )


def _outstanding_steps(placements: Collection[int]) -> dict[int, datetime.date | None]:
    """Placements with a step that the company was asked for, has a date for, or that waits for it; with the first
    of the dates."""
    own = Q(owner_role=StepRole.PARTNER) & (
        Q(status__in=ASKED_FOR) | Q(status="not_started", due_on__isnull=False)
    )
    waiting = Q(status="blocked", waiting_on=StepRole.PARTNER)
    items = ChecklistItem.objects.of_placements(placements).filter(own | waiting)
    return dict(
        items.values("checklist__placement")
        .annotate(first=Min("due_on"))
        .order_by("checklist__placement")
        .values_list("checklist__placement", "first")
    )
