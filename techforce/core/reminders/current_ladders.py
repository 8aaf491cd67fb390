"""The ladders as they stand: what administrators made of them, otherwise the starting values of the files. Each sweep
reads them anew; between sweeps, and for pages, they are kept a minute."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

import structlog

from techforce.core.ladders import BadLadder, Declared, declared, ladder
from techforce.core.ladders.thresholds import Threshold
from techforce.core.models import Ladder

log = structlog.get_logger(__name__)

KEPT_SECONDS = 60

Rungs = Mapping[str, Sequence[Threshold]]

_kept: tuple[float, Rungs] | None = None
_tried: ContextVar[Rungs] = ContextVar("ladders_that_are_tried", default=MappingProxyType({}))


def thresholds_of(key: str) -> Sequence[Threshold]:
    """The rungs of a declared ladder."""
    tried = _tried.get().get(key)
    return tried if tried is not None else _current()[key]


def read_anew() -> None:
    """Look into the database next time."""
    global _kept
    _kept = None


@contextmanager
def tried(key: str, rungs: Sequence[Threshold]) -> Iterator[None]:
    """As if the ladder had these rungs, here only."""
    token = _tried.set({**_tried.get(), key: rungs})
    try:
        yield
    finally:
        _tried.reset(token)


def _current() -> Rungs:
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        own = dict(Ladder.objects.filter(is_own=True).order_by("pk").values_list("key", "rungs"))
        _kept = (time.monotonic(), {key: _rungs(one, own.get(key)) for key, one in declared().items()})
    return _kept[1]


def _rungs(one: Declared, texts: Sequence[str] | None) -> Sequence[Threshold]:
    """A release may take away a word that a ladder uses: then its starting value holds, rather than nothing."""
    try:
        return ladder(*texts, like=one) if texts else one.start()
    except BadLadder:
        log.exception("ladder_unreadable", key=one.key)
        return one.start()
