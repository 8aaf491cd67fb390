"""Sessions in PostgreSQL, sealed: while somebody signs in, a session holds the code that was mailed and the
seed of an authenticator that is being set up."""

from typing import Any

from django.contrib.sessions.backends import db

from techforce.accounts.sealing import UNREADABLE, seal, unseal


class SessionStore(db.SessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(session_dict)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        try:
            return dict(unseal(session_data))
        except UNREADABLE:
            return {}
