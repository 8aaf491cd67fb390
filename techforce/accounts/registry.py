"""What later apps hand in: their memberships, and what must happen when somebody leaves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from techforce.accounts.models import Membership

Reassign = Callable[..., int]
"""`reassign(leaver=, to=, by=)` moves open duties and returns how many it moved."""
EndAccess = Callable[[Any], None]
"""`end_access(user)` ends what lets a program act as this user: tokens, grants."""


@dataclass(frozen=True, kw_only=True)
class Departure:
    """What one app has to do with a person who closes their account.

    `lock(user)` takes the locks under which no new obstacle comes up until all is done, in the house's order
    (architecture §3); `obstacles(user)` gives sentences that say what must be settled first; `consequences(user)` says
    what becomes of what the app holds; `leave(user, by)` does it.
    """

    name: str
    lock: Callable[[Any], None] = lambda user: None
    obstacles: Callable[[Any], Iterable[str]] = lambda user: ()
    consequences: Callable[[Any], Iterable[str]] = lambda user: ()
    leave: Callable[[Any, Any], None] = lambda user, by: None


_DEPARTURES: dict[str, Departure] = {}
_MEMBERSHIPS: dict[str, type[Membership]] = {}
_REASSIGNERS: dict[str, Reassign] = {}
_ENDERS: dict[str, EndAccess] = {}


def register_membership(model: type[Membership]) -> None:
    """From now on people can be invited into this kind of membership."""
    _MEMBERSHIPS[model._meta.label_lower] = model


def membership_model(label: str) -> type[Membership]:
    """The registered membership of this label ("agencies.agencymembership"); LookupError for any other."""
    return _MEMBERSHIPS[label]


def membership_models() -> tuple[type[Membership], ...]:
    return tuple(_MEMBERSHIPS.values())


def register_reassigner(name: str, reassign: Reassign) -> None:
    """`name` is the code of the duties in the audit, such as "placements.items"."""
    _REASSIGNERS[name] = reassign


def reassigners() -> Mapping[str, Reassign]:
    return dict(_REASSIGNERS)


def register_access_ender(name: str, end_access: EndAccess) -> None:
    """`name` is the code of the kind of access in the audit, such as "api-tokens"."""
    _ENDERS[name] = end_access


def access_enders() -> Mapping[str, EndAccess]:
    return dict(_ENDERS)


def register_departure(departure: Departure) -> None:
    _DEPARTURES[departure.name] = departure


def departures() -> tuple[Departure, ...]:
    return tuple(_DEPARTURES.values())
