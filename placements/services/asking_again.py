"""Steps that have to be done again, and what that means for a placement that was ready."""

from types import MappingProxyType
from typing import Any

from placements.checklists import STOPPING_GATES
from placements.models import ChecklistItem, Placement
from placements.reminders import CHECKLIST_ITEM
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.workflow import transition

BEFORE_DUTY = ("pending_checks", "ready", "fell_through")

UNRECORDED = MappingProxyType(
    {
        "outcome": "",
        "effective_on": None,
        "recorded_at": None,
        "recorded_by": None,
        "excused_by": None,
        "excuse_authority": "",
        "waiting_on": "",
    }
)


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
        transition(placement, "return_to_checks", by=User.objects.system(), reason_code=because)
    moved: ChecklistItem = transition(item, name, by=by, reason_code=reason_code, values=UNRECORDED)
    reminders.watch_again(moved, CHECKLIST_ITEM)
    return moved
