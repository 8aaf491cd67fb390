"""Agencies' promises of efficient vetting against their record, in a fixed number of queries for all cases."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from agencies.models import ClearanceCommitment
from placements.checklists import BREACHED, NEAR, Clock, Wait, party_of, run_clock
from placements.models import Area, Placement
from placements.services.clearance import GATE, ClearanceCase, clearance_cases, maybe_open
from placements.services.waits import ENTRY_COLUMNS, WaitEntry, waits_of

Group = tuple[int, int]
"""An agency and a tier."""


@dataclass(frozen=True, slots=True)
class PromisedCase:
    """A case against the promise that was in force when it began."""

    case: ClearanceCase
    clock: Clock

    @property
    def placement(self) -> Any:
        return self.case.placement

    @property
    def group(self) -> Group:
        return self.placement.opening.agency_id, self.case.tier_id

    @property
    def counts_as(self) -> str:
        """What it is in the record of those that are over; empty where it says nothing about the promise."""
        if self.clock.promised is None:
            return "unpromised"
        if self.case.cleared_on is None:
            return ""
        return "missed" if self.clock.state == BREACHED else "kept"

    @property
    def urgency(self) -> tuple[bool, datetime.date]:
        """The first to look at comes first; without a promise, the oldest."""
        return self.clock.due_on is None, self.clock.due_on or self.case.began_on


@dataclass(slots=True)
class Record:
    """What became of the cases of one agency and tier. `kept` and `missed` are of those that are cleared; `unpromised`
    began while no promise was in force."""

    open: int = 0
    near: int = 0
    breached: int = 0
    kept: int = 0
    missed: int = 0
    unpromised: int = 0
    held: Counter[str] = field(default_factory=Counter)

    @property
    def cleared(self) -> int:
        return self.kept + self.missed

    @property
    def badness(self) -> tuple[int, int, int]:
        """The worst first: breached now, near breach, missed so far."""
        return -self.breached, -self.near, -self.missed

    def add(self, one: PromisedCase) -> None:
        self.held.update(one.clock.held)
        self.open += one.case.is_open
        if one.case.is_open and one.clock.promised is not None:
            self.near += one.clock.state == NEAR
            self.breached += one.clock.state == BREACHED
        elif one.counts_as:
            setattr(self, one.counts_as, getattr(self, one.counts_as) + 1)

    def take_off(self, counts_as: str, held: Mapping[str, int]) -> None:
        """A case that was counted as over is open again."""
        if counts_as:
            setattr(self, counts_as, getattr(self, counts_as) - 1)
        self.held -= Counter(held)

    def join(self, other: "Record") -> None:
        """Count the cases of another record too."""
        for name in ("open", "near", "breached", "kept", "missed", "unpromised"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.held.update(other.held)


def promised_cases(placements: QuerySet[Placement], *, on: datetime.date) -> list[PromisedCase]:
    """The vetting of these placements, each against its promise, as it stands on the day `on`."""
    cases = clearance_cases(placements.select_related("applicant", "opening__agency"), on=on)
    promise = _promises({case.placement.opening.agency_id for case in cases})
    waits = _waits([case.placement.pk for case in cases])
    return [
        PromisedCase(
            case,
            run_clock(
                began_on=case.began_on,
                until=case.until(on),
                waits=waits[case.placement.pk],
                promised=promise((case.placement.opening.agency_id, case.tier_id), case.began_on),
            ),
        )
        for case in cases
    ]


def records_of(cases: Iterable[PromisedCase]) -> dict[Group, Record]:
    return record_by(cases, lambda one: one.group)


def record_by(
    cases: Iterable[PromisedCase], group_of: Callable[[PromisedCase], Group]
) -> dict[Group, Record]:
    found: dict[Group, Record] = defaultdict(Record)
    for one in cases:
        found[group_of(one)].add(one)
    return dict(found)


def open_promises(placements: QuerySet[Placement], *, on: datetime.date) -> list[PromisedCase]:
    """The cases that nobody has finished, the first to look at first. Read without those that are over: a page must
    not grow with the age of the program."""
    return open_cases(promised_cases(maybe_open(placements), on=on))


def open_cases(cases: Iterable[PromisedCase]) -> list[PromisedCase]:
    """Those that nobody has finished, the first to look at first."""
    return sorted((one for one in cases if one.case.is_open), key=lambda one: one.urgency)


def _promises(agencies: Collection[int]) -> Callable[[Group, datetime.date], int | None]:
    dated: dict[Group, list[ClearanceCommitment]] = defaultdict(list)
    for row in ClearanceCommitment.objects.filter(agency__in=agencies).order_by("starts_on", "pk"):
        dated[row.agency_id, row.tier_id].append(row)

    def days_on(group: Group, day: datetime.date) -> int | None:
        """In days, as promised on that day; at most one promise is in force at a time."""
        return next((row.days for row in dated[group] if _is_in_force(row, day)), None)

    return days_on


def _is_in_force(row: ClearanceCommitment, day: datetime.date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)


def _waits(placements: Collection[int]) -> Mapping[int, list[Wait]]:
    """Who was waited for in the vetting of each placement, and when, from the history of the steps that the promise
    covers. Steps of a checklist that was replaced count too: the case is the same."""
    history = apps.get_model("placements.ChecklistItemHistory").objects
    vetting = history.filter(
        pgh_obj__checklist__placement__in=placements,
        pgh_obj__checklist__area=Area.VETTING,
        pgh_obj__gate=GATE,
    )
    ever_blocked = vetting.filter(status="blocked").values("pgh_obj")
    rows = vetting.filter(pgh_obj__in=ever_blocked).order_by("pgh_obj", "pgh_id")
    steps: dict[tuple[int, int], list[WaitEntry]] = defaultdict(list)
    for placement, item, *entry in rows.values_list(
        "pgh_obj__checklist__placement", "pgh_obj", *ENTRY_COLUMNS
    ):
        steps[placement, item].append(WaitEntry(*entry))
    found: dict[int, list[Wait]] = defaultdict(list)
    for (placement, _item), entries in steps.items():
        found[placement].extend(
            Wait(party_of(one.party), one.begins_on, one.ends_on) for one in waits_of(entries)
        )
    return found
