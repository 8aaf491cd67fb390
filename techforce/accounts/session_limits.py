"""How long a session lasts: 15 minutes without activity for OPM staff, 30 for others, 12 hours in all
(trust.md §4).

The last activity is written at most once a minute, so a session may end up to a minute before its idle limit,
never after it.
"""

from collections.abc import Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

Session = MutableMapping[str, Any]
View = TypeVar("View", bound=Callable[..., Any])

SIGNED_IN, ACTIVE = "signed_in_at", "active_at"
WRITE_EVERY = timedelta(minutes=1)
BACKGROUND_HEADER = "X-Background"


def background(view: View) -> View:
    """Mark a view that the page calls by itself (autosave, polling): it is no sign of a person at work."""
    view.is_background = True  # type: ignore[attr-defined]
    return view


def is_background(request: HttpRequest, view: Any) -> bool:
    return BACKGROUND_HEADER in request.headers or getattr(view, "is_background", False)


def begin(session: Session, now: datetime) -> None:
    """Start both clocks, unless they run already."""
    if SIGNED_IN not in session:
        session[SIGNED_IN] = session[ACTIVE] = now.timestamp()


def touch(session: Session, now: datetime) -> None:
    """Note that the person did something."""
    begin(session, now)
    if now - _instant(session, ACTIVE) >= WRITE_EVERY:
        session[ACTIVE] = now.timestamp()


def idle_ends_at(session: Session, user: Any) -> datetime:
    minutes = settings.IDLE_MINUTES_STAFF if user.is_staff else settings.IDLE_MINUTES_OTHERS
    return _instant(session, ACTIVE) + timedelta(minutes=minutes)


def absolute_ends_at(session: Session) -> datetime:
    return _instant(session, SIGNED_IN) + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def ends_at(session: Session, user: Any, now: datetime) -> datetime:
    begin(session, now)
    return min(idle_ends_at(session, user), absolute_ends_at(session))


def has_ended(session: Session, user: Any, now: datetime) -> bool:
    return ends_at(session, user, now) <= now


def _instant(session: Session, key: str) -> datetime:
    return datetime.fromtimestamp(session[key], tz=UTC)
