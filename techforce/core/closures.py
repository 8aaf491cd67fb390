"""Days on which offices are closed by order, by weather or for want of funding, as staff entered them."""

import datetime
import time

from techforce.core.models import Closure

KEPT_SECONDS = 60

_kept: tuple[float, frozenset[datetime.date]] | None = None


def closures() -> frozenset[datetime.date]:
    """All of them, for the `closures` argument of the functions in `core.calendar`. Kept a minute."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
        _kept = (time.monotonic(), frozenset(Closure.objects.values_list("on", flat=True)))
    return _kept[1]


def forget_closures() -> None:
    """Read them anew next time."""
    global _kept
    _kept = None
