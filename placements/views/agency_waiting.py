"""Steps whose next move is the reader's."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from placements.models import ChecklistItem
from placements.querysets import STEP_OF_ROLE, in_office, waits_for
from placements.workflow import ENDING_STATES, LIVE_STATES, OPEN_ITEM_STATES

PATH = "checklist__placement__opening"
MOVABLE = tuple(state for state in OPEN_ITEM_STATES if state != "blocked")
NO_DAY = datetime.date(9999, 12, 31)


def steps_waiting_for(user: Any, *roles: str) -> QuerySet[ChecklistItem]:
    """In these roles (all that the reader holds, when none is named), by `day`; those without a date come last."""
    moves = Q(pk__in=[])
    for role in roles or tuple(STEP_OF_ROLE):
        step_role = STEP_OF_ROLE[role]  # type: ignore[index]
        moves |= waits_for(step_role) & in_office(user, PATH, role)
    going = Q(checklist__placement__status__in=LIVE_STATES)
    ending = Q(gate="end", checklist__placement__status__in=ENDING_STATES)
    items = ChecklistItem.objects.visible_to(user).filter(
        moves,
        going | ending,
        in_office(user, PATH),
        status__in=MOVABLE,
        checklist__superseded_at__isnull=True,
    )
    return items.annotate(day=Coalesce("due_on", Value(NO_DAY))).order_by("day", "pk")


def steps_waiting_for_others(user: Any, area: str, role: str) -> QuerySet[ChecklistItem]:
    """Steps of an area that wait for a named party, by `day`: nobody here can move them, somebody has to watch them."""
    items = ChecklistItem.objects.visible_to(user).filter(
        in_office(user, PATH, role),
        checklist__area=area,
        checklist__placement__status__in=LIVE_STATES,
        checklist__superseded_at__isnull=True,
        status="blocked",
    )
    return items.annotate(day=Coalesce("due_on", Value(NO_DAY))).order_by("day", "pk")
