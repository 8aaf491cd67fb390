"""A person's own data as files: JSON in the shape of docs/my-data.md, a ZIP with files. What people read, the page and
the PDF, is made in `core.privacy.readable`.

What goes in is said table by table in `core.privacy.shares`.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from techforce.core.privacy.shares import Share, files_of, shares

FORMAT = "techforce-my-data/1"
IN_MEMORY = 1024 * 1024
"""A larger ZIP is written to the disk while it is made."""


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
