"""State machines: tables as data (`table`), and the one locked, set-based writer (`writer`)."""

from techforce.core.workflow.table import Transition, Workflow, all_workflows, has_workflow, workflow_of
from techforce.core.workflow.writer import (
    Change,
    Moved,
    available_transitions,
    explain,
    guard,
    registered_guards,
    transition,
    transition_many,
)

__all__ = [
    "Change",
    "Moved",
    "Transition",
    "Workflow",
    "all_workflows",
    "available_transitions",
    "explain",
    "guard",
    "has_workflow",
    "registered_guards",
    "transition",
    "transition_many",
    "workflow_of",
]
