"""A person's own data as they read it: under headings, labelled, in words. No code of ours stands in it; whoever wants
every column as it is stored takes the JSON."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from techforce.core.moments import deadline_text
from techforce.core.privacy.shares import Share, Topic, shares

Lines = list[tuple[str, str]]
Reader = Callable[[Any], str | Iterable[tuple[str, str]]]

_READERS: dict[tuple[str, str], Reader] = {}


def read_as(share: str, column: str, reader: Reader) -> None:
    """How a column reads: in other words, as several labelled lines, or not at all (empty)."""
    _READERS[share, column] = reader


def as_topics(user: Any) -> list[dict[str, Any]]:
    """Headings with their parts, each with its rows as labels and words. What holds nothing is left out."""
    topics = ({"title": topic.label, "parts": list(_parts(topic, user))} for topic in Topic)
    return [topic for topic in topics if topic["parts"]]


def _parts(topic: Topic, user: Any) -> Iterator[dict[str, Any]]:
    for share in shares():
        if share.topic == topic and (rows := [_lines(share, row) for row in share.rows(user)]):
            yield {"title": share.title, "rows": rows}


def _lines(share: Share, row: dict[str, Any]) -> Lines:
    labels = share.labels
    return [
        line for key, value in row.items() for line in _in_words(share, key, capfirst(labels[key]), value)
    ]


def _in_words(share: Share, key: str, label: str, value: Any) -> Iterator[tuple[str, str]]:
    if value is None or value in ("", [], {}):
        return
    reader = _READERS.get((share.name, key))
    said = reader(value) if reader else _text(value, _choices(share.model, share.columns[key]))
    if isinstance(said, str):
        said = [(label, said)]
    yield from (line for line in said if line[1])


def _choices(model: Any, lookup: Any) -> dict[Any, str]:
    """The words for the codes of the column at the end of a path."""
    field: Any = None
    for name in lookup.split(LOOKUP_SEP) if isinstance(lookup, str) else ():
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return {}
        model = field.related_model
    return {key: str(word) for key, word in field.flatchoices} if isinstance(field, models.Field) else {}


def _text(value: Any, words: dict[Any, str]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_text(each, words)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_text(each, words) for each in value)
    if isinstance(value, datetime.date):
        return deadline_text(value)
    return words.get(value) or str(value)
