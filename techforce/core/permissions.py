"""Predicates that name no role: who is asking. Roles live in `accounts` and in the apps."""

from typing import Any

import rules


@rules.predicate
def is_system(user: Any) -> bool:
    """Beat and workers."""
    return bool(getattr(user, "is_system", False))


@rules.predicate
def is_signed_in(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)
