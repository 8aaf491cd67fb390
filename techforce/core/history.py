"""Row history for keys, states, dates and flags, written by database triggers, so that `.update()` and raw SQL leave
a trace too. Personal text never goes into it: history must not stand in the way of lawful destruction.
"""

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db import models
from django.db.models.expressions import RawSQL
from pghistory.models import Event

from techforce.core.fences import append_only

ModelClass = TypeVar("ModelClass", bound=type[models.Model])

FREE_TEXT = (models.TextField, models.JSONField, models.FileField, models.EmailField)


class HistoryRow(Event):
    """What every history table has besides the tracked columns: when, what, and who (from the transaction's actor)."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_actor_id = models.BigIntegerField(
        null=True,
        editable=False,
        db_default=RawSQL("nullif(current_setting('techforce.actor', true), '')::bigint", ()),
    )

    class Meta:
        abstract = True


def track(*fields: str) -> Callable[[ModelClass], ModelClass]:
    """Keep history of `fields` (keys, states, dates, flags). Raises TypeError for a column that can hold free text."""

    def decorate(model: ModelClass) -> ModelClass:
        for name in fields:
            _refuse_free_text(model._meta.get_field(name))
        name = f"{model.__name__}History"
        model = pghistory.track(
            fields=list(fields),
            model_name=name,
            base_model=HistoryRow,
            meta={"triggers": append_only()},
            context_field=None,  # type: ignore[arg-type]  # the actor column says it
            obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        )(model)
        _label(model, getattr(sys.modules[f"{model._meta.app_config.name}.models"], name))
        return model

    return decorate


def _refuse_free_text(field: Any) -> None:
    if isinstance(field, FREE_TEXT):
        raise TypeError(f"{field} may hold personal text and cannot be tracked")


def _label(model: type[models.Model], event: type[models.Model]) -> None:
    keep = "with its row, then GRS 3.2"
    event._meta.db_table_comment = f"History of {model._meta.label}, append-only. Retention: {keep}."
    event._meta.original_attrs["db_table_comment"] = event._meta.db_table_comment
    for field in event._meta.local_fields:
        field.db_comment = f"History of {field.name}. Sensitivity: internal. Retention: {keep}."
