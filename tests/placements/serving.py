"""Somebody who serves, on leave of absence from a company, with the checklists of the program."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from placements.checklists import STOPPING_GATES
from placements.models import ChecklistItem, Placement
from placements.services import open_checklists, redate, seed_placements
from techforce.accounts.models import User
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.partners import LeaveFactory
from tests.factories.program import VettingTierFactory

DAY = datetime.timedelta(days=1)


def on_leave(*, served: int = 90, **fields: Any) -> Placement:
    """Since so many days. No gate stands open, because service has begun."""
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    seed_placements()
    begun = timezone.now() - served * DAY
    fields = {"starts_on": today() - served * DAY, **fields}
    with transaction.atomic():  # the terms are on file at commit
        placement = _placed(begun, fields)
    redate([placement], by=User.objects.system())
    return placement


def _placed(begun: datetime.datetime, fields: dict[str, Any]) -> Placement:
    placement: Placement = made.LentPlacementFactory(status="active", entry_recorded_at=begun, **fields)  # type: ignore[assignment]
    LeaveFactory(nomination=placement.nomination)
    Placement.objects.filter(pk=placement.pk).update(created_at=begun)
    open_checklists(placement)
    ChecklistItem.objects.filter(checklist__placement=placement, gate__in=STOPPING_GATES).update(gate="none")
    return placement
