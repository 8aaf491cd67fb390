"""The first page of the staff: what waits for whom. Apps say what they count; a reader sees what they may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.http import urlencode

CEILING = 1_000
"""Counting stops here: “1,000+” says enough, and the page costs the same with a million rows."""


@dataclass(frozen=True, slots=True, order=True)
class WorkEntry:
    """One kind of work. `waiting` gives the rows that wait, `query` the filter of the list that shows them. Work with
    a page of its own names that instead, and the right without which nobody is shown it."""

    order: int
    label: Any = field(compare=False)
    text: Any = field(compare=False)
    model: type[models.Model] = field(compare=False)
    waiting: Callable[[Any], models.QuerySet[Any]] = field(compare=False)
    query: dict[str, str] = field(compare=False, default_factory=dict)
    page: str = field(compare=False, default="")
    permission: str = field(compare=False, default="")

    @property
    def url(self) -> str:
        if self.page:
            return reverse(self.page)
        name = f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist"
        return f"{reverse(name)}?{urlencode(self.query)}"

    def is_for(self, user: Any) -> bool:
        view = f"{self.model._meta.app_label}.view_{self.model._meta.model_name}"
        return bool(user.has_perm(self.permission or view))

    def shown_to(self, user: Any) -> dict[str, Any]:
        found = len(self.waiting(user).order_by().values_list("pk")[: CEILING + 1])
        count = f"{CEILING:,}+" if found > CEILING else f"{found:,}"
        return {
            "label": self.label,
            "text": self.text,
            "url": self.url,
            "count": count,
            "is_empty": not found,
        }


_entries: set[WorkEntry] = set()


def register(*entries: WorkEntry) -> None:
    """Call from an app's `ready()`; two entries never share an `order`."""
    _entries.update(entries)


def work_of(user: Any) -> list[dict[str, Any]]:
    """What waits for `user`, in the order of the entries; lists that they may not open are left out."""
    return [entry.shown_to(user) for entry in sorted(_entries) if entry.is_for(user)]
