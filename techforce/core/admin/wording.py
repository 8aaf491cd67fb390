"""Words for what the workflow tables and the audit keep as codes."""

import sys
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst

from techforce.core.models import AuditEvent
from techforce.core.workflow import Transition, available_transitions, has_workflow, workflow_of

EVENTS_SHOWN = 200


def steps_for(row: models.Model, user: Any) -> list[dict[str, Any]]:
    """The arrows that `user` may take now, each with its reasons in words."""
    if not has_workflow(row):
        return []
    return [
        {"name": arrow.name, "label": arrow.label, "reasons": reasons_in_words(row, arrow)}
        for arrow in available_transitions(row, user)
    ]


def reasons_in_words(row: models.Model, arrow: Transition) -> list[tuple[str, str]]:
    return [(code, reason_in_words(row, code)) for code in arrow.reasons]


def reason_in_words(row: models.Model, code: str) -> str:
    """By the choices that stand beside the states of the workflow; a code without choices is read out."""
    words: dict[Any, str] = {}
    for choices in _choices_beside_the_states(row) if code else ():
        words = dict(choices.choices) | words
    return str(words.get(code, _read_out(code)))


def _choices_beside_the_states(row: models.Model) -> Iterator[type[models.TextChoices]]:
    if not has_workflow(row):
        return
    states = workflow_of(row).states
    for found in vars(sys.modules[states.__module__]).values():
        if isinstance(found, type) and issubclass(found, models.TextChoices) and found is not states:
            yield found


def timeline_of(row: models.Model) -> list[dict[str, Any]]:
    """What happened to `row`, oldest first."""
    events = AuditEvent.objects.about(row).select_related("actor")[:EVENTS_SHOWN]
    return [
        {
            "at": event.at,
            "actor": event.actor,
            "title": action_in_words(row, event),
            "state": _state_in_words(row, event.to_state),
            "reason": reason_in_words(row, event.reason_code),
        }
        for event in events
    ]


def action_in_words(row: models.Model, event: AuditEvent) -> str:
    """The label of the arrow that was taken, or what was done without one."""
    name = event.action.rpartition(":")[2]
    if has_workflow(row) and event.to_state:
        labels = {arrow.name: str(arrow.label) for arrow in workflow_of(row).transitions}
        return labels.get(name, _read_out(name))
    fields = ", ".join(_field_in_words(row, field) for field in event.detail.get("fields", ()))
    return f"{_read_out(name)}: {fields}" if fields else _read_out(name)


def _state_in_words(row: models.Model, state: str) -> str:
    known: dict[Any, Any] = dict(workflow_of(row).states.choices) if has_workflow(row) else {}
    return str(known.get(state, _read_out(state)))


def _field_in_words(row: models.Model, name: str) -> str:
    """Django's log names a field by its label already when the form did; a column's name becomes its label."""
    try:
        return str(getattr(row._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def _read_out(code: str) -> str:
    return capfirst(code.replace("_", " "))
