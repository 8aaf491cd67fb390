"""Keeps the dates of placements and their steps where the plan puts them, whenever an anchor or a step moves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from partners.models import LoanTerms
from placements.checklists import Anchor, StepDate
from placements.models import ChecklistItem, DisclosureExtension, Offer, OfferKind, Placement
from placements.reminders import CHECKLIST_ITEM, PLACEMENT
from placements.services.conditions import facts_of
from placements.services.locks import lock_live_placement, lock_many
from placements.services.occurrences import dates_of, open_next_occurrences, save_new
from placements.workflow import ENDING_STATES, LIVE_STATES
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.core import reminders
from techforce.core.calendar import EASTERN, BusinessCalendar
from techforce.core.closures import closures
from techforce.core.models import AuditEvent
from techforce.core.services import service

CHUNK = 100
DATED_STATES = (*LIVE_STATES, *ENDING_STATES)
PLANNED_COLUMNS = ("undated_reason", "is_date_planned")


def redate(placements: Iterable[Placement], *, by: Any) -> int:
    """Count every open step anew, of service that is over only the last ones; returns how many moved. Stale reminders
    are cancelled, old and new dates noted, and what comes again each year begins anew once it is settled.

    The caller holds the locks of the placements. The number of queries does not depend on theirs.
    """
    keys = [placement.pk for placement in placements]
    rows = list(
        Placement.objects.filter(pk__in=keys, status__in=DATED_STATES)
        .select_related(*PLACEMENT.related, "selection")
        .order_by("pk")
    )
    plans = plans_of(rows)
    changed = [change for row in rows for change in plans[row.pk].changes()]
    moved = [change.item for change in changed if change.is_move]
    _note(rows, changed, by)
    reminders.move_due_dates(moved, CHECKLIST_ITEM, fields=PLANNED_COLUMNS)
    save_new([item for row in rows for item in plans[row.pk].again])
    relabelled = [change.item for change in changed if not change.is_move]
    ChecklistItem.objects.bulk_update(relabelled, ["nudge_on", *PLANNED_COLUMNS], batch_size=reminders.BATCH)
    reminders.move_due_dates([row for row in rows if _take_next_day(row)], PLACEMENT)
    return len(moved)


def keep_dates(*, by: Any) -> int:
    """Count the dates of all placements anew, because staff close offices on days that plans had counted on. Beat calls
    it once a day, by hundreds, so that no lock is held for long. Returns how many steps moved."""
    last = ChecklistItem.objects.filter(
        checklist__placement=OuterRef("pk"),
        checklist__superseded_at__isnull=True,
        gate="end",
        status__in=OPEN_ITEM_STATES,
    )
    dated = Placement.objects.filter(
        Q(status__in=LIVE_STATES) | Q(Exists(last), status__in=ENDING_STATES)
    ).order_by("pk")
    keys = list(dated.values_list("pk", flat=True))
    return sum(_keep(keys=keys[start : start + CHUNK], by=by) for start in range(0, len(keys), CHUNK))


@service
def _keep(*, keys: list[int], by: Any) -> int:
    return redate(lock_many(Placement.objects.filter(pk__in=keys)), by=by)


def redate_placement_of(offer: Offer, *, by: Any) -> None:
    """After a firm offer went out or was taken back."""
    if placement := lock_live_placement(offer.selection_id):
        redate([placement], by=by)


@dataclass(frozen=True, slots=True)
class DateChange:
    """A step that carries its new date, and the date that it had. The same date that became a fact is no move: only a
    new one begins a new cycle of reminders."""

    item: ChecklistItem
    old: date | None

    @property
    def is_move(self) -> bool:
        return self.old != self.item.due_on

    @property
    def note(self) -> list[str | None]:
        return [day.isoformat() if day else None for day in (self.old, self.item.due_on)]


@dataclass(frozen=True, slots=True)
class PlacementPlan:
    """The steps of one placement with the dates that they should have."""

    items: Sequence[ChecklistItem]
    dates: Mapping[int, StepDate]
    again: Sequence[ChecklistItem]
    """Next occurrences that nobody has begun yet."""

    def changes(self) -> Iterator[DateChange]:
        """The open steps of which something is different now."""
        for item in self.items:
            old, found = item.due_on, self.dates.get(item.pk, StepDate())
            before = (old, item.nudge_on, item.undated_reason, item.is_date_planned)
            if _is_counted(item) and before != (found.due_on, found.nudge_on, found.reason, found.is_planned):
                item.due_on, item.nudge_on = found.due_on, found.nudge_on
                item.undated_reason, item.is_date_planned = found.reason, found.is_planned
                yield DateChange(item, old)


def _is_counted(item: ChecklistItem) -> bool:
    """Open, and its template says from what it counts; another date was set by hand and stays. After service only the
    last steps are still asked for."""
    if item.checklist.placement.status in ENDING_STATES and item.gate != "end":
        return False
    return item.status in OPEN_ITEM_STATES and bool(item.step.anchors or item.step.yearly_days)


def plans_of(rows: Sequence[Placement]) -> dict[int, PlacementPlan]:
    """The plan of each placement, in a fixed number of queries. A corrective step keeps the date that it was given."""
    keys = [row.pk for row in rows]
    items: dict[int, list[ChecklistItem]] = defaultdict(list)
    steps = ChecklistItem.objects.of_placements(keys).filter(corrects__isnull=True)
    for item in steps.select_related("step", "checklist").order_by("checklist", "step__position"):
        items[item.checklist.placement_id].append(item)
    anchors, facts, calendar = anchors_of(rows), facts_of(keys), BusinessCalendar(closures())
    extended = DisclosureExtension.objects.filter(item__checklist__placement__in=keys).granted_days()
    plans = {}
    for row in rows:
        for item in items[row.pk]:
            item.checklist.placement = row
        known = (items[row.pk], anchors[row.pk], calendar, facts[row.pk])
        dates = dates_of(*known, extended=extended)
        plans[row.pk] = PlacementPlan(items[row.pk], dates, open_next_occurrences(row, *known))
    return plans


def anchors_of(rows: Sequence[Placement]) -> dict[int, dict[str, Anchor]]:
    """What has happened, and what is planned. Entry on duty is planned until it is recorded, and so is the end of the
    term, which is the last day of service where that ended early. A placement after a transfer without a selection
    counts from the day on which the transfer was made."""
    found: dict[int, dict[str, Anchor]] = {}
    offers = _offers_of(rows)
    left_on = dict(
        LoanTerms.objects.in_force()
        .filter(nomination__in=[row.nomination_id for row in rows if row.nomination_id])
        .values_list("nomination", "last_day_on")
    )
    for row in rows:
        is_planned = row.entry_recorded_at is None
        days = {**_days_of_selection(row), **offers[row.selection_id], "SEP": left_on.get(row.nomination_id)}
        anchors = {name: Anchor(day) for name, day in days.items() if day is not None}
        anchors["EOD"] = Anchor(row.starts_on, is_planned)
        anchors["TERM"] = Anchor(row.ended_on or row.ends_on, is_planned)
        found[row.pk] = anchors
    return found


def _days_of_selection(row: Placement) -> dict[str, date | None]:
    if row.selection is None:
        return dict.fromkeys(("SEL", "TJO_SENT", "TJO"), _day(row.created_at))
    return {"SEL": _day(row.selection.selected_at)}


def _offers_of(rows: Sequence[Placement]) -> dict[int | None, dict[str, date | None]]:
    """TJO_SENT, TJO (its acceptance) and FJO (the sending of the firm offer), by selection."""
    found: dict[int | None, dict[str, date | None]] = defaultdict(dict)
    offers = Offer.objects.filter(
        selection__in=[row.selection_id for row in rows if row.selection_id], status__in=["sent", "accepted"]
    )
    for offer in offers.order_by("pk"):
        if offer.kind == OfferKind.FIRM:
            found[offer.selection_id]["FJO"] = _day(offer.sent_at)
        elif offer.status == "accepted":
            found[offer.selection_id] |= {"TJO_SENT": _day(offer.sent_at), "TJO": _day(offer.answered_at)}
    return found


def _day(moment: Any) -> date | None:
    """The day in Washington."""
    day: date | None = moment.astimezone(EASTERN).date() if moment else None
    return day


def _take_next_day(row: Placement) -> bool:
    """What is due next: entry on duty, then the end of the term."""
    due_on = row.ends_on if row.entry_recorded_at else row.starts_on
    is_moved = row.due_on != due_on
    row.due_on = due_on
    return is_moved


def _note(rows: Sequence[Placement], changed: Sequence[DateChange], by: Any) -> None:
    """Old and new date of the steps that had one, an event a placement."""
    moved: dict[int, dict[str, list[str | None]]] = defaultdict(dict)
    for change in changed:
        if change.is_move and change.old is not None:
            moved[change.item.checklist.placement_id][change.item.code] = change.note
    AuditEvent.objects.bulk_create(
        AuditEvent(
            actor=by,
            action="placements.placement:redate",
            subject_type=row._meta.label_lower,
            subject_id=row.pk,
            detail={"moved": moved[row.pk]},
        )
        for row in rows
        if row.pk in moved
    )
