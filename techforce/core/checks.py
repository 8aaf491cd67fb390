"""System checks of the kernel: each workflow's guards exist, each model's rows are fenced."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, register

from techforce.core.workflow import all_workflows, registered_guards


@register()
def guards_are_registered(**options: Any) -> list[Error]:
    """A workflow that names a guard nobody registered would fail at the worst moment."""
    missing = {
        f"{flow.model}.{arrow.name}: {name}"
        for flow in all_workflows()
        for arrow in flow.transitions
        for name in arrow.guards
        if name not in registered_guards()
    }
    return [Error(f"No guard is registered for {entry}", id="core.E001") for entry in sorted(missing)]


@register()
def workflow_models_carry_their_fences(**options: Any) -> list[Error]:
    """Each model with a workflow has the status trigger and the constraint that lists its states."""
    errors = []
    for flow in all_workflows():
        meta = apps.get_model(flow.model)._meta
        if flow.constraint().name not in {c.name for c in meta.constraints}:
            errors.append(Error(f"{flow.model} lacks workflow.constraint()", id="core.E002"))
        if "status_guard" not in {t.name for t in getattr(meta, "triggers", [])}:
            errors.append(Error(f"{flow.model} lacks workflow.trigger()", id="core.E003"))
    return errors
