"""Optimistic saves: whoever saves second is told, and nothing is overwritten silently. What was declared is never
changed: a newer row takes its place."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.core.audit import record_event
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


def supersede(current: QuerySet[Any], newer: Any, *, by: Any, detail: Mapping[str, Any] | None = None) -> Any:
    """Save `newer` in the place of the rows that are current, which stay as they were. The caller holds the lock of
    what they hang on."""
    current.update(superseded_at=timezone.now())
    newer.save()
    record_event(f"{newer._meta.label_lower}:add", subject=newer, by=by, detail=detail)
    return newer
