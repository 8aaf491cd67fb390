"""Documents written from the code: the state machines and the data dictionary, so that they cannot be out of date."""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils import translation

from techforce.core.workflow import Workflow, all_workflows

NOTE = "<!-- Written by `manage.py render_docs`; do not edit. -->"


def state_machines() -> str:
    """All workflow tables as Markdown, each with a Mermaid diagram."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = [NOTE, "# State machines", "", _purpose(), *(_machine(flow) for flow in all_workflows())]
    return "\n".join(parts)


def data_dictionary() -> str:
    """Every table and column with what it holds, its sensitivity and its retention."""
    with translation.override(settings.LANGUAGE_CODE):
        parts = [NOTE, "# Data dictionary", "", *(_table(model) for model in _labelled_models())]
    return "\n".join(parts)


def _purpose() -> str:
    return (
        "Each table below is the one that the database trigger, the buttons and the tests read. "
        "“Asks” is the permission of the actor; “guards” are checks of the rows.\n"
    )


def _machine(flow: Workflow) -> str:
    rows = [
        f"| {arrow.label} (`{arrow.name}`) | {', '.join(arrow.sources)} | {arrow.target} | `{arrow.permission}` |"
        f" {_codes(arrow.guards)} | {_codes(arrow.reasons)} |"
        for arrow in flow.transitions
    ]
    head = "| step | from | to | asks | guards | reasons |\n| --- | --- | --- | --- | --- | --- |"
    return "\n".join([f"## {flow.model}", "", _diagram(flow), "", head, *rows, ""])


def _diagram(flow: Workflow) -> str:
    arrows = [
        f"    {source} --> {arrow.target}: {arrow.name}"
        for arrow in flow.transitions
        for source in arrow.sources
    ]
    starts = [f"    [*] --> {state}" for state in flow.initial]
    ends = [f"    {state} --> [*]" for state in flow.final_states()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *starts, *arrows, *ends, "```"])


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def _labelled_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.db_table_comment]


def _table(model: type[models.Model]) -> str:
    rows = [
        f"| `{field.column}` | {field.db_type(connection)} | {_escape(field.db_comment)} |"
        for field in model._meta.local_fields
    ]
    head = "| column | type | what it holds |\n| --- | --- | --- |"
    return "\n".join(
        [f"## `{model._meta.db_table}`", "", _escape(model._meta.db_table_comment), "", head, *rows, ""]
    )


def _escape(text: str | None) -> str:
    return (text or "").replace("|", "\\|")
