"""What templates may ask about the session."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from techforce.accounts import session_limits


def session_clock(request: HttpRequest) -> dict[str, Any]:
    """`session_ends_at` for the warning before a session ends; empty for who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"session_ends_at": ""}
    moment = session_limits.ends_at(request.session, user, timezone.now())
    return {"session_ends_at": moment.isoformat(timespec="seconds")}
