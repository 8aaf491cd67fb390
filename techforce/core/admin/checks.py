"""System checks of the staff's lists: nothing is searched or sorted that no index serves."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.checks import ModelAdminChecks
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist

from techforce.core.admin.searching import SearchedColumn
from techforce.core.indexes import finds_values, finds_words, gives_order


class ListChecks(ModelAdminChecks):
    def check(self, admin_obj: Any, **options: Any) -> list[CheckMessage]:
        own = [*_unserved_searches(admin_obj), *_unserved_orders(admin_obj)]
        return [*super().check(admin_obj, **options), *own]


def _unserved_searches(admin: Any) -> Iterator[Error]:
    for declared in admin.search_fields:
        try:
            is_served = _is_served(SearchedColumn.of(admin.model, declared))
        except FieldDoesNotExist:
            yield Error(f"{admin}: {declared} is no column", id="core.E004", obj=type(admin))
        else:
            if not is_served:
                yield Error(
                    f"{admin}: no index serves a search by {declared}", id="core.E004", obj=type(admin)
                )


def _is_served(column: SearchedColumn) -> bool:
    *links, field = column.steps
    is_found = finds_values(field) if column.is_whole else finds_words(field)
    # Coming from the other table, its foreign key is `link.field`.
    return is_found and all(finds_values(link.field if link.auto_created else link) for link in links)


def _unserved_orders(admin: Any) -> Iterator[Error]:
    for name in (*(admin.ordering or ()), *(admin.sortable_by or ())):
        column = name.removeprefix("-")
        if column not in ("pk", "id") and not is_sortable(admin.model, column):
            yield Error(f"{admin}: no index serves an order by {column}", id="core.E005", obj=type(admin))


def is_sortable(model: Any, column: Any) -> bool:
    """Also asked about what a list shows without its being a column."""
    try:
        return isinstance(column, str) and gives_order(model._meta.get_field(column))
    except FieldDoesNotExist:
        return False
