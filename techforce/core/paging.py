"""Keyset paging: the next page starts after the last row seen, so page 4,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import BadRequest
from django.db import models
from django.db.models import Q
from django.http import QueryDict

FIELD_AFTER, FIELD_BEFORE = "after", "before"
SALT = "techforce.paging"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the query strings of its neighbors, empty where there is none."""

    rows: list[Any]
    previous_url: str
    next_url: str


def keyset_page(rows: models.QuerySet[Any], query: QueryDict, *, keys: Sequence[str], size: int = 25) -> Page:
    """The page of `rows` that `query` asks for by `after` or `before`.

    `keys` are columns without nulls, all ascending or all descending ("-id"), the last one unique, which order the list
    and stand in one index.
    Raises BadRequest for a cursor that nobody could have followed from a page.
    """
    is_backwards = FIELD_BEFORE in query
    cursor = query.get(FIELD_BEFORE if is_backwards else FIELD_AFTER, "")
    seal = _seal(rows, keys)
    ordered = rows.order_by(*(_reversed(key) if is_backwards else key for key in keys))
    if cursor:
        ordered = _beyond(ordered, _decode(cursor, seal), keys, is_backwards)
    found = list(ordered[: size + 1])
    has_more, shown = len(found) > size, found[:size]
    if is_backwards:
        shown.reverse()
    has_previous = has_more if is_backwards else bool(cursor)
    has_next = bool(cursor) if is_backwards else has_more
    return Page(
        shown,
        _url(query, FIELD_BEFORE, shown[0], keys, seal) if has_previous and shown else "",
        _url(query, FIELD_AFTER, shown[-1], keys, seal) if has_next and shown else "",
    )


def _column(key: str) -> str:
    return key.removeprefix("-")


def _reversed(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def _beyond(
    rows: models.QuerySet[Any], values: list[Any], keys: Sequence[str], is_backwards: bool
) -> models.QuerySet[Any]:
    """Rows whose keys come after `values` (before, when paging backwards), key by key."""
    side = "lt" if is_backwards != keys[0].startswith("-") else "gt"
    columns = [_column(key) for key in keys]
    beyond = Q()
    for position, column in enumerate(columns):
        same = {columns[i]: values[i] for i in range(position)}
        beyond |= Q(**same, **{f"{column}__{side}": values[position]})
    # The first key once more by itself: a scan of the index begins there, and cannot begin at an OR.
    return rows.filter(beyond, **{f"{columns[0]}__{side}e": values[0]})


def _seal(rows: models.QuerySet[Any], keys: Sequence[str]) -> str:
    """A cursor fits one table in one order; in another its values would be of the wrong kind."""
    return ":".join((SALT, rows.model._meta.label_lower, *keys))


def _decode(cursor: str, seal: str) -> list[Any]:
    try:
        values: list[Any] = signing.loads(cursor, salt=seal)
    except signing.BadSignature as error:
        raise BadRequest("a cursor that no page of this list gave out") from error
    return values


def _url(query: QueryDict, field: str, row: Any, keys: Sequence[str], seal: str) -> str:
    changed = query.copy()
    for name in (FIELD_AFTER, FIELD_BEFORE):
        changed.pop(name, None)
    # Signed, so that only values that came from a row ever reach the query.
    changed[field] = signing.dumps([_plain(getattr(row, _column(key))) for key in keys], salt=seal)
    return f"?{changed.urlencode()}"


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, without losing microseconds."""
    return value if isinstance(value, int | str) else str(value)
