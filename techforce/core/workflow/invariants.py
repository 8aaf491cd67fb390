"""I6, asked of every state machine that keeps history: each change of a status has exactly one audit row."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models

from techforce.core.invariants import register
from techforce.core.workflow.table import all_workflows

# Table names come from our models; the label is a parameter.
UNEXPLAINED = """
    WITH steps AS (
        SELECT pgh_obj_id AS subject_id, status AS to_state,
            lag(status) OVER (PARTITION BY pgh_obj_id ORDER BY pgh_id) AS from_state
        FROM "{table}"
    ), changes AS (
        SELECT subject_id, from_state, to_state, count(*) AS times FROM steps
        WHERE from_state <> to_state GROUP BY subject_id, from_state, to_state
    ), audited AS (
        SELECT subject_id, from_state, to_state, count(*) AS times FROM core_auditevent
        WHERE subject_type = %s AND to_state <> '' GROUP BY subject_id, from_state, to_state
    )
    SELECT format('%%s %%s: %%s to %%s, %%s times but %%s audit rows', %s, changes.subject_id, from_state, to_state,
        changes.times, coalesce(audited.times, 0))
    FROM changes LEFT JOIN audited USING (subject_id, from_state, to_state)
    WHERE changes.times <> coalesce(audited.times, 0)
"""


def unexplained_changes() -> list[str]:
    """A line for each change of status that has no audit row of its own, or more than one."""
    found: list[str] = []
    for flow in all_workflows():
        model = apps.get_model(flow.model)
        if history := _status_history(model):
            found += _ask(history._meta.db_table, model._meta.label_lower)
    return found


def _status_history(model: type[models.Model]) -> Any:
    """The history table of a model, if it follows the status."""
    try:
        history: Any = model._meta.get_field("history").related_model
        history._meta.get_field("status")
    except FieldDoesNotExist:
        return None
    return history


def _ask(table: str, label: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(UNEXPLAINED.format(table=table), [label, label])
        return [line for (line,) in cursor.fetchall()]


register("I6", "every change of a status has exactly one audit row", unexplained_changes)
