"""What each role of an agency may know of the steps of a placement.

Security officers see the vetting, ethics officials the ethics steps, everybody the steps that they do or record. Who
plans a start sees every step by title, owner and date, and whether it is complete, never what was found. All others
read one word an area: in progress, or complete.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agencies.permissions import live_memberships
from placements.checklists import STOPPING_GATES
from placements.forms.words import outcome_word
from placements.models import Area, ChecklistItem, Placement
from placements.querysets import STEP_OF_ROLE
from placements.services.items import DECIDED_BEFORE
from placements.views.agency_words import Standing, kind_of, progress_of
from placements.workflow import OPEN_ITEM_STATES
from techforce.core.calendar import today


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as one reader may see it; `is_open_to_reader` says whether it has a page for them."""

    item: ChecklistItem
    standing: Standing
    is_open_to_reader: bool
    found: str = ""


@dataclass(slots=True)
class Readiness:
    """A placement at a glance: a word an area, and how much waits for the reader and how much is late of what they
    may see."""

    waiting: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    mine: int = 0
    late: int = 0

    def is_complete(self, area: str) -> bool:
        return not self.waiting[area]


def steps_of(placement: Placement, user: Any) -> dict[str, list[StepRow]]:
    """The steps by area, as `user` may see them; an area without any is left out."""
    own = set(
        ChecklistItem.objects.visible_to(user).of_placements([placement.pk]).values_list("pk", flat=True)
    )
    sees_titles = user.has_perm("placements.view_readiness", placement)
    items = ChecklistItem.objects.of_placements([placement.pk]).select_related("step", "checklist")
    rows: dict[str, list[StepRow]] = defaultdict(list)
    for item in items.order_by("checklist__area", "step__position", "pk"):
        if item.pk in own:
            rows[item.checklist.area].append(_full(item))
        elif sees_titles:
            rows[item.checklist.area].append(StepRow(item, progress_of(item), is_open_to_reader=False))
    return {area: rows[area] for area in Area.values if rows[area]}


def _full(item: ChecklistItem) -> StepRow:
    standing = Standing(item.get_status_display(), kind_of(item.status))
    found = "" if item.outcome in ("", DECIDED_BEFORE) else outcome_word(item.outcome)
    return StepRow(item, standing, is_open_to_reader=True, found=found)


def readiness_of(placements: Sequence[Placement], user: Any) -> dict[int, Readiness]:
    """For many placements in two queries."""
    keys = [placement.pk for placement in placements]
    reached = set(ChecklistItem.objects.visible_to(user).of_placements(keys).values_list("pk", flat=True))
    by_key = {placement.pk: placement for placement in placements}
    roles = {key: step_roles_of(user, row.opening) for key, row in by_key.items()}
    plans = {key for key, row in by_key.items() if user.has_perm("placements.view_readiness", row)}
    found: dict[int, Readiness] = {key: Readiness() for key in keys}
    day = today()
    for item in ChecklistItem.objects.of_placements(keys).select_related("checklist").order_by("pk"):
        key = item.checklist.placement_id
        glance = found[key]
        if item.gate in STOPPING_GATES and not item.is_settled:
            glance.waiting[item.checklist.area] += 1
        if item.status in OPEN_ITEM_STATES and item.pk in reached:
            glance.mine += item.owner_role in roles[key]
        glance.late += is_late(item, day) and (item.pk in reached or key in plans)
    return found


def is_late(item: ChecklistItem, day: datetime.date) -> bool:
    return item.status in OPEN_ITEM_STATES and item.due_on is not None and item.due_on < day


def step_roles_of(user: Any, opening: Any) -> set[str]:
    """In which roles of a checklist the user acts for this opening."""
    held = [one for one in live_memberships(user) if one.covers(opening.agency_id, opening.office_id)]
    return {step_role for role, step_role in STEP_OF_ROLE.items() if role in {one.role for one in held}}


def areas_said(glance: Readiness) -> Iterable[tuple[str, bool]]:
    """Each area by name, and whether it is complete."""
    return [(str(Area(area).label), glance.is_complete(area)) for area in Area.values]
