"""How a service runs: in one transaction, with its actor known to the database, retried once after a deadlock."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from techforce.core.errors import Conflict

Params = ParamSpec("Params")
Result = TypeVar("Result")

DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE = "40P01", "55P03"


def service(function: Callable[Params, Result]) -> Callable[Params, Result]:
    """Mark a keyword-only function whose last argument is `by` as a service.

    A deadlock or lock timeout is tried once more, and then becomes `Conflict` with a polite sentence; inside another
    service the outer one retries.
    """

    @functools.wraps(function)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        if connection.in_atomic_block:
            return _in_transaction(function, *args, **kwargs)
        try:
            return _in_transaction(function, *args, **kwargs)
        except OperationalError as error:
            if not is_lock_failure(error):
                raise
        try:
            return _in_transaction(function, *args, **kwargs)
        except OperationalError as error:
            if not is_lock_failure(error):
                raise
            raise Conflict(
                _("Many people are changing this at the same moment. Please try again.")
            ) from error

    return run


def _in_transaction(function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    with transaction.atomic():
        set_actor(kwargs["by"])
        return function(*args, **kwargs)


def set_actor(by: Any) -> None:
    """Tell the history triggers who acts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('techforce.actor', %s, true)", [str(by.pk)])


def is_lock_failure(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in {DEADLOCK_DETECTED, LOCK_NOT_AVAILABLE}
