"""Indexes for searching, and what the indexes of a table can do for a list of its rows."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper


def trigram_index(column: str, *, name: str) -> GinIndex:
    """Finds words inside a text. Django's `icontains` asks for UPPER(column) LIKE UPPER(…)."""
    return GinIndex(OpClass(Upper(column), name="gin_trgm_ops"), name=name)


def finds_words(field: Any) -> bool:
    wanted = trigram_index(field.name, name="any").expressions
    return any(index.expressions == wanted for index in field.model._meta.indexes)


def finds_values(field: Any) -> bool:
    """The column stands first in an index over all rows."""
    return field.unique or field.db_index or any(names[0] == field.name for names in _orders(field.model))


def gives_order(field: Any) -> bool:
    """Rows can be read in the order of the column, page by page, without sorting them: an index has it alone and
    unique, or before the primary key and running the same way. A null has no place in an order of keys."""
    if field.null or field.is_relation:
        return False
    pk = field.model._meta.pk.name
    both = ([field.name, pk], [f"-{field.name}", f"-{pk}"])
    return field.unique or any(names[:2] in both for names in _orders(field.model))


def _orders(model: type[models.Model]) -> Iterator[list[str]]:
    """The columns of each index over all rows, with a minus where it runs downwards."""
    for index in model._meta.indexes:
        if index.fields and index.condition is None and not isinstance(index, GinIndex):
            yield [f"-{name}" if order else name for name, order in index.fields_orders]
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.fields and rule.condition is None:
            yield list(rule.fields)
