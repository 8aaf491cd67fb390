"""How the lists of the staff are searched: column by column, each by a lookup that an index serves.

`search_fields` takes a path to a column. By itself it finds words inside the text (trigram index); with `=` in front
the whole value (btree). Codes are written in capitals or in small letters throughout, so `=` tries both: Django's own
`=` asks for UPPER(column), which no btree serves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import smart_split, unescape_string_literal

MOST_WORDS = 8
"""Each word is a subquery for each column."""


@dataclass(frozen=True, slots=True)
class SearchedColumn:
    """A column of the model, or of a table that is reached from it by foreign keys, in either direction."""

    model: type[models.Model]
    path: str
    is_whole: bool

    @classmethod
    def of(cls, model: type[models.Model], declared: str) -> "SearchedColumn":
        return cls(model, declared.removeprefix("="), declared.startswith("="))

    @property
    def steps(self) -> list[Any]:
        """The foreign keys on the way to the column, and last the column itself."""
        model, fields = self.model, []
        for name in self.path.split("__"):
            fields.append(model._meta.get_field(name))
            model = fields[-1].related_model or model
        return fields

    @property
    def is_own(self) -> bool:
        return "__" not in self.path

    def matches(self, word: str) -> Q | None:
        """None where no row can match, such as letters in a number."""
        if not self.is_whole:
            return Q(**{f"{self.path}__icontains": word})
        spelled = [word, word.upper(), word.lower()]
        values = {value for text in spelled if (value := _value_of(self.steps[-1], text)) is not None}
        return Q(**{f"{self.path}__in": sorted(values)}) if values else None


def search(rows: models.QuerySet[Any], declared: Iterable[str], term: str) -> models.QuerySet[Any]:
    """The rows that have each word of `term` in one of the columns."""
    columns = [SearchedColumn.of(rows.model, each) for each in declared]
    for word in list(_words(term))[:MOST_WORDS]:
        rows = rows.filter(_any_of(columns, word))
    return rows


def _words(term: str) -> Iterator[str]:
    for word in smart_split(term.replace("\x00", " ")):
        is_quoted = len(word) > 2 and word[0] in "\"'" and word[0] == word[-1]
        yield unescape_string_literal(word) if is_quoted else word


def _any_of(columns: list[SearchedColumn], word: str) -> Q:
    """One column is asked directly. Several are asked one by one and their keys united: an OR across tables would read
    both from end to end."""
    found = [(column, match) for column in columns if (match := column.matches(word)) is not None]
    if not found:
        return Q(pk__in=[])
    if len(found) == 1 and found[0][0].is_own:
        return found[0][1]
    keys = [column.model._base_manager.filter(match).values("pk") for column, match in found]
    return Q(pk__in=reduce(lambda one, other: one.union(other), keys))


def _value_of(field: Any, text: str) -> Any:
    try:
        return field.clean(text, None)
    except ValidationError:
        return None
