"""Steps that have to be done again, and what that means for a placement that was ready."""

from types import MappingProxyType
from typing import Any

from placements.checklists import STOPPING_GATES
from placements.models import ChecklistItem, Placement
from placements.reminders import CHECKLIST_ITEM, PLACEMENT
from placements.workflow import OPEN_ITEM_STATES
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.services import service
from techforce.core.workflow import transition

BEFORE_DUTY = ("pending_checks", "ready", "fell_through")

NO_WAIT = MappingProxyType({"waiting_on": "", "waiting_since": None})
UNRECORDED = MappingProxyType(
    {
        "outcome": "",
        "effective_on": None,
        "recorded_at": None,
        "recorded_by": None,
        "excused_by": None,
        "excuse_authority": "",
        **NO_WAIT,
    }
)


@service
def return_to_checks(*, placement: Placement, reason_code: str, by: Any) -> Placement:
    """A placement that was ready is looked at again, and people are reminded of its entry on duty again."""
    returned: Placement = transition(placement, "return_to_checks", by=by, reason_code=reason_code)
    reminders.watch_again(returned, PLACEMENT)
    return returned


def watch_service_again(placement: Placement) -> None:
    """After a suspension, during which nobody was reminded: of the end of the term and of the steps that are open."""
    items = ChecklistItem.objects.of_placements([placement.pk]).filter(status__in=OPEN_ITEM_STATES)
    rows = items.exclude(status="blocked").select_related(*CHECKLIST_ITEM.related).order_by("pk")
    reminders.move_due_dates(list(rows), CHECKLIST_ITEM)
    reminders.watch_again(placement, PLACEMENT)


def ask_again(
    item: ChecklistItem,
    name: str,
    *,
    placement: Placement,
    by: Any,
    reason_code: str = "",
    because: str = "step_returned",
) -> ChecklistItem:
    """Take the transition `name`, which clears what was recorded and begins a new cycle of reminders. A placement that
    was ready goes back to its checks first, because a gate opens. The caller holds the lock of the placement."""
    if placement.status == "ready" and item.gate in STOPPING_GATES:
        return_to_checks(placement=placement, reason_code=because, by=User.objects.system())
    moved: ChecklistItem = transition(item, name, by=by, reason_code=reason_code, values=UNRECORDED)
    reminders.watch_again(moved, CHECKLIST_ITEM)
    return moved
