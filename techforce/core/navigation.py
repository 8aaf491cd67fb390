"""The main menu, and where a person begins: apps say what they offer to whom, the page head shows what fits."""

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


@dataclass(frozen=True, order=True)
class Beginning:
    """The page on which somebody's work starts. Of those that fit, the lowest `order` wins."""

    order: int
    url_name: str
    is_for: Callable[[Any], bool] = field(compare=False)


_beginnings: set[Beginning] = set()


def register_beginning(*beginnings: Beginning) -> None:
    """Call from an app's `ready()`."""
    _beginnings.update(beginnings)


def beginning_of(user: Any) -> str:
    """The address that signing in leads to when nobody asked for another."""
    fitting = (each.url_name for each in sorted(_beginnings) if each.is_for(user))
    return reverse(next(fitting, "home"))


def is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated)


def is_staff(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_staff)
