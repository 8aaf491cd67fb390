"""Optimistic saves: whoever saves second is told, and nothing is overwritten silently."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from techforce.core.errors import Conflict


def save_version(row: Any, *, expected: int, fields: list[str]) -> None:
    """Save `fields` of `row` if its version in the database is still `expected`, and add one to it.

    Raises `Conflict` when someone else saved first; the caller shows both (merge page, If-Match, admin message).
    """
    if "status" in fields:
        raise ValueError("status is written by transition_many only")
    values = {name: getattr(row, name) for name in fields}
    same = type(row)._base_manager.filter(pk=row.pk, version=expected)
    if not same.update(**values, version=F("version") + 1):
        raise Conflict(_("Someone else saved this while you had it open. Compare both and save again."))
    row.version = expected + 1
