"""The main menu: apps say what they offer to whom, the page head shows what fits the reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse


@dataclass(frozen=True, order=True)
class NavItem:
    """One entry of the menu. `order` counts from 0 (left); `is_shown` asks the reader, signed in or not."""

    order: int
    url_name: str
    label: Any = field(compare=False)
    is_shown: Callable[[Any], bool] = field(compare=False, default=lambda user: True)

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_items: set[NavItem] = set()


def register(*items: NavItem) -> None:
    """Call from an app's `ready()`; registering the same entry again changes nothing."""
    _items.update(items)


def items_for(user: Any) -> list[NavItem]:
    return [item for item in sorted(_items) if item.is_shown(user)]


def is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


def is_staff(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_staff)
