"""Single moves of a step: asked for, handed in, looked at, and the way of due process."""

import datetime
from collections.abc import Iterable
from typing import Any

from placements.models import ChecklistItem
from placements.services.happened import check_number
from placements.services.moot_requests import end_requests_about
from placements.services.step_notices import tell_owner, tell_person_of_notice
from techforce.core import reminders
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many


@service
def request_item(*, item: ChecklistItem, by: Any) -> ChecklistItem:
    """Ask its owner for a step. One that stops a start is written about at once."""
    requested: ChecklistItem = transition(item, "request", by=by)
    tell_owner(requested, requested.checklist.placement)
    return requested


@service
def begin_review_of_item(*, item: ChecklistItem, by: Any) -> ChecklistItem:
    """What was handed in is being looked at."""
    reviewed: ChecklistItem = transition(item, "begin_review", by=by)
    end_requests_about(reviewed)
    return reviewed


@service
def start_due_process(
    *, item: ChecklistItem, happened_on: datetime.date | None = None, reference: str = "", by: Any
) -> ChecklistItem:
    """The person is told, in neutral words and alone, and may answer before anything is decided (5 CFR 731.402). A step
    under due process has no result, so the day on which it began elsewhere is kept in its audit."""
    check_number(reference)
    detail = {"happened_on": happened_on.isoformat()} if happened_on else {}
    values = {"next_reminder_at": None, "external_reference": reference or item.external_reference}
    opened: ChecklistItem = transition(item, "start_due_process", by=by, detail=detail, values=values)
    reminders.cancel_queued(opened)
    tell_person_of_notice(opened)
    return opened


@service
def find_not_met(*, item: ChecklistItem, by: Any) -> ChecklistItem:
    """After due process. The person alone is told."""
    found: ChecklistItem = transition(
        item, "find_not_met", by=by, values={"recorded_by": by, "next_reminder_at": None}
    )
    tell_person_of_notice(found)
    return found


@service
def hand_in_items(*, items: Iterable[ChecklistItem], reference: str = "", by: Any) -> list[ChecklistItem]:
    """Whoever does these steps says that their part is done, and where the proof is. Somebody else, who records them,
    checks it. A second click changes nothing."""
    check_number(reference)
    keys = [item.pk for item in items if item.status != "submitted"]
    values = {"submitted_by": by, **({"external_reference": reference} if reference else {})}
    rows = ChecklistItem.objects.filter(pk__in=keys)
    handed_in = transition_many(rows, "submit", by=by, values=values).rows if keys else []
    reminders.cancel_queued(*handed_in, recipient=by)
    end_requests_about(*handed_in)
    return handed_in
