"""Acting for someone else. A delegation lends the giver's rights for its dates, never what the taker may not
do for themselves: no one decides about themselves through a colleague (I16), and a borrowed right is not lent
on.

Audit rows of such acts carry both names: pass `on_behalf_of=giver_behind(...)` to `transition_many` or
`record_event`.
"""

from collections.abc import Iterable
from typing import Any

import rules

Predicate = rules.predicates.Predicate


def or_delegated(right: Predicate, *, unless: Predicate) -> "OrDelegated":
    """`right`, held oneself or lent by someone whose duties one carries today.

    `unless(user, obj)` is true when the matter concerns that user; then nothing lent counts.
    """

    return OrDelegated(right, unless)


class OrDelegated(Predicate):
    """Remembers the right behind it, so that `giver_behind` can tell an own right from a lent one."""

    def __init__(self, right: Predicate, unless: Predicate) -> None:
        self.right, self.unless = right, unless
        super().__init__(self.check, name=f"{right.name}_or_delegated")

    def check(self, user: Any, obj: Any) -> bool:
        return bool(self.right.test(user, obj)) or self.giver(user, obj) is not None

    def giver(self, user: Any, obj: Any) -> Any:
        return lender(self.right, user, obj, self.unless, acting_for(user))


def giver_behind(predicate: OrDelegated, user: Any, obj: Any) -> Any:
    """The person whose lent right lets `user` act, for the audit; None when the right is the user's own."""
    return None if predicate.right.test(user, obj) else predicate.giver(user, obj)


def lender(right: Predicate, user: Any, obj: Any, unless: Predicate, givers: Iterable[Any]) -> Any:
    """The first of `givers` who holds `right` on `obj`, passing over those whom the matter concerns.

    None when it concerns the taker.
    """
    if unless.test(user, obj):
        return None
    return next((giver for giver in givers if right.test(giver, obj) and not unless.test(giver, obj)), None)


def acting_for(user: Any) -> tuple[Any, ...]:
    """Whose duties this user carries today."""
    return getattr(user, "givers", ())
