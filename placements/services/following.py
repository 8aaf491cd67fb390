"""What follows once steps are settled: for the steps that hang on them, for dates and the next year, and for the gates.
For steps of several placements it is done once."""

from collections.abc import Iterable
from typing import Any

from placements.models import ChecklistItem, Placement
from placements.services.agency_notices import tell_opened_gates
from placements.services.conditions import reopen_what_applies
from placements.services.dates import redate
from placements.services.gates import gates_of
from placements.services.moot_requests import end_requests_of


class FollowUp:
    """Made before the steps are settled, because it has to know which gates were stopped. The caller holds the locks of
    the placements."""

    def __init__(self, placements: Iterable[Placement], *, by: Any) -> None:
        rows = list(placements)
        gates = gates_of(rows)
        self.by = by
        self._before = {row.pk: gates.stopped(row.pk) for row in rows}
        self._settled: dict[int, tuple[Placement, ChecklistItem]] = {}

    def note(self, placement: Placement, change: ChecklistItem) -> None:
        """`change` is the last step that was settled for the placement."""
        self._settled[placement.pk] = (placement, change)

    def carry_out(self) -> None:
        placements = [placement for placement, _change in self._settled.values()]
        reopen_what_applies(*placements)
        end_requests_of(*placements)
        redate(placements, by=self.by)
        gates = gates_of(placements)
        for key, (placement, change) in self._settled.items():
            tell_opened_gates(placement, self._before[key] - gates.stopped(key), change)
