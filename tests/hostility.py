"""How the test bed is made hostile. conftest.py switches it on."""

import ipaddress
import random
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db.models import QuerySet
from django.template.base import FilterExpression, Node


class UndefinedVariable(str):
    """What the template engine takes for an undefined variable: a failure, in a template of ours.

    Django's and allauth's own templates print undefined variables here and there; those stay empty. In ours a
    variable that may be missing says so with the filter `default`. Django asks in three steps: is there
    anything to print, does it want the variable's name, what does it look like with that name.
    """

    __slots__ = ("root",)
    root: Path

    def __new__(cls, root: Path) -> "UndefinedVariable":
        text = super().__new__(cls, "")
        text.root = root
        return text

    def __bool__(self) -> bool:
        caller = sys._getframe(1)
        expression = caller.f_locals.get("self")
        if not isinstance(expression, FilterExpression) or has_default(expression):
            return False
        template = template_being_rendered(caller)
        return template is not None and is_ours(template, self.root)

    def __contains__(self, part: str) -> bool:
        return True

    def __mod__(self, variable: Any) -> str:
        template = template_being_rendered(sys._getframe(1))
        pytest.fail(f"undefined variable {variable} in {template}")


def has_default(expression: FilterExpression) -> bool:
    return any(function.__name__ == "default" for function, _ in expression.filters)


def template_being_rendered(frame: FrameType | None) -> Path | None:
    """The file of the innermost template node on the call stack."""
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return Path(node.origin.name)
        frame = frame.f_back
    return None


def is_ours(template: Path, root: Path) -> bool:
    return template.is_relative_to(root) and not template.is_relative_to(root / ".venv")


def shuffle_unordered_querysets(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL promises no order where none is asked for, but on a small table it looks as if it did."""
    fetch_all = QuerySet._fetch_all

    def fetch_all_and_shuffle(self: QuerySet[Any]) -> None:
        is_new = self._result_cache is None
        fetch_all(self)
        if is_new and not self.ordered and self._result_cache:
            random.shuffle(self._result_cache)

    monkeypatch.setattr(QuerySet, "_fetch_all", fetch_all_and_shuffle)


class OtherMachineRefusedError(RuntimeError):
    """A test tried to reach another machine."""


def refuse_other_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def connect_here_only(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            require_this_machine(address[0])
        connect(self, address)

    def look_up_here_only(host: Any, *args: Any, **kwargs: Any) -> Any:
        require_this_machine(host)
        return getaddrinfo(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", connect_here_only)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_here_only)


def require_this_machine(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):
        return
    try:
        is_here = ipaddress.ip_address(name).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise OtherMachineRefusedError(f"a test tried to reach {name}")
