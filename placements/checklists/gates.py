"""What a gate asks: an accepted outcome of every step, or of one among alternatives."""

from collections.abc import Iterable
from typing import Protocol

from placements.checklists.steps import STOPPING_GATES


class Gated(Protocol):
    """What a gate reads of a checklist item."""

    code: str
    gate: str
    alternatives: str
    status: str
    is_settled: bool


def gates_to_pass(target: str) -> tuple[str, ...]:
    """The gates that must be open for a firm offer, or for entry on duty, which comes after it."""
    return STOPPING_GATES[: STOPPING_GATES.index(target) + 1]


def open_steps(items: Iterable[Gated], target: str) -> list[str]:
    """Codes of the steps that still stop `target` ("firm_offer" or "entry_on_duty"), in order.

    A step is settled by an accepted outcome, by an excuse, or because it does not apply. Of alternatives one that is
    done is enough; one that was excused or does not apply drops out and leaves the others standing.
    """
    gates = gates_to_pass(target)
    items = [item for item in items if item.gate in gates]
    done = {
        item.alternatives for item in items if item.alternatives and item.is_settled and item.status == "done"
    }
    return sorted(item.code for item in items if not item.is_settled and item.alternatives not in done)
