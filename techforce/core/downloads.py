"""A person's own data as files: JSON in the shape of docs/my-data.md, lines for the page and the PDF, a ZIP with files.

What goes in is said table by table in `core.shares`.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.core.moments import deadline_text
from techforce.core.shares import Share, files_of, shares

FORMAT = "techforce-my-data/1"
IN_MEMORY = 1024 * 1024
"""A larger ZIP is written to the disk while it is made."""

Lines = list[tuple[str, str]]


def as_json(user: Any) -> Iterator[str]:
    """The whole download, piece by piece. `is_complete` comes last: a file without it was cut off."""
    yield f'{{"format": {_dump(FORMAT)}, "made_at": {_dump(timezone.now())}, "sections": ['
    for position, share in enumerate(shares()):
        yield f"{', ' if position else ''}{_opening(share)}"
        for number, row in enumerate(share.rows(user)):
            yield f"{', ' if number else ''}{_dump(row)}"
        yield "]}"
    yield '], "is_complete": true}\n'


def _opening(share: Share) -> str:
    head = {"name": share.name, "title": str(share.title), "columns": share.labels}
    return f'{_dump(head)[:-1]}, "rows": ['


def _dump(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def as_zip(user: Any) -> IO[bytes]:
    """The JSON and every file that the person gave, in one."""
    made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (whoever serves it closes it)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("my-data.json", "w") as target:
            for piece in as_json(user):
                target.write(piece.encode())
        for name, stored in files_of(user):
            _add(archive, name, stored)
    made.seek(0)
    return made


def _add(archive: zipfile.ZipFile, name: str, stored: str) -> None:
    if default_storage.exists(stored):
        with default_storage.open(stored) as source:
            archive.writestr(name, source.read())


def as_lines(user: Any) -> list[dict[str, Any]]:
    """For people to read: each section with its rows, each row as labels and words. Empty answers are left out."""
    return [
        {"title": share.title, "rows": [_lines(share.labels, row) for row in share.rows(user)]}
        for share in shares()
    ]


def _lines(labels: dict[str, str], row: dict[str, Any]) -> Lines:
    return [line for key, value in row.items() for line in _in_words(labels[key], value)]


def _in_words(label: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value that holds others becomes one line for each."""
    if value is None or value in ("", [], {}):
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _in_words(f"{label} · {_(key.replace('_', ' '))}", inner)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for number, inner in enumerate(value, start=1):
            yield from _in_words(f"{label} · {number}", inner)
    else:
        yield label, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if hasattr(value, "tzinfo"):
        return deadline_text(value)
    return str(value)
