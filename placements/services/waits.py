"""How long a step waited for whom, from its history: a wait begins and ends on the days that were given for it, and
otherwise on those on which it was recorded."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps

from placements.checklists import Wait
from placements.models import ChecklistItem
from techforce.core.calendar import EASTERN, today

ENTRY_COLUMNS = ("status", "waiting_on", "pgh_created_at", "waiting_since", "waited_until")


@dataclass(frozen=True, slots=True)
class WaitEntry:
    """One row of a step's history."""

    status: str
    waiting_on: str
    recorded_at: datetime.datetime
    waiting_since: datetime.date | None = None
    waited_until: datetime.date | None = None

    @property
    def recorded_on(self) -> datetime.date:
        return self.recorded_at.astimezone(EASTERN).date()


def waits_of(entries: Sequence[WaitEntry]) -> Iterator[Wait]:
    """One step's waits: each lasts until the step goes on, and the last one may still last. `party` is the role for
    which it waited."""
    begun: WaitEntry | None = None
    for entry in entries:
        if entry.status == "blocked":
            begun = begun or entry
        elif begun is not None:
            yield _wait(begun, entry.waited_until if entry.status == "requested" else None, entry.recorded_on)
            begun = None
    if begun is not None:
        yield Wait(begun.waiting_on, begun.waiting_since or begun.recorded_on)


def _wait(begun: WaitEntry, given: datetime.date | None, recorded_on: datetime.date) -> Wait:
    begins_on = begun.waiting_since or begun.recorded_on
    return Wait(begun.waiting_on, begins_on, max(begins_on, given or recorded_on))


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait of one step, for its page."""

    party: str
    begins_on: datetime.date
    ends_on: datetime.date | None
    days: int


def pauses_of(item: ChecklistItem) -> list[Pause]:
    """When the step waited for whom, and how many days each held it, the first one first."""
    history = apps.get_model("placements.ChecklistItemHistory").objects.filter(pgh_obj=item.pk)
    entries = [WaitEntry(*row) for row in history.order_by("pgh_id").values_list(*ENTRY_COLUMNS)]
    return [
        Pause(wait.party, wait.begins_on, wait.ends_on, ((wait.ends_on or today()) - wait.begins_on).days)
        for wait in waits_of(entries)
    ]
