"""Every column says in the database what it holds, how sensitive it is and how long it is kept.

`@record(...)` on a model writes a `db_comment` on the table and on each column; the data dictionary is generated from
these, and a test lists any column without one.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models

ModelClass = TypeVar("ModelClass", bound=type[models.Model])


class Sensitivity(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    RESTRICTED = "restricted"


def record(
    description: str,
    *,
    keep: str,
    sensitivity: Sensitivity = Sensitivity.INTERNAL,
    columns: Mapping[str, Sensitivity] | None = None,
) -> Callable[[ModelClass], ModelClass]:
    """Label a model: `keep` is its retention (a schedule such as "GRS 2.1/050"), `columns` names the exceptions
    to its `sensitivity`. A name in `columns` that is no column is an error at import."""

    def label(model: ModelClass) -> ModelClass:
        exceptions = dict(columns or {})
        model._meta.db_table_comment = f"{description} Sensitivity: {sensitivity}. Retention: {keep}."
        # `original_attrs` is what migrations read.
        model._meta.original_attrs["db_table_comment"] = model._meta.db_table_comment
        for field in model._meta.local_fields:
            level = exceptions.pop(field.name, sensitivity)
            field.sensitivity = level  # type: ignore[attr-defined]
            field.db_comment = f"{_meaning(field)} Sensitivity: {level}. Retention: {keep}."
        if exceptions:
            raise ValueError(f"{model.__name__} has no column {', '.join(exceptions)}")
        return model

    return label


def _meaning(field: Any) -> str:
    text = str(field.help_text or field.verbose_name).strip()
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
