"""Secrets that must be kept but not be readable in the database: seeds of second factors, codes on their way
out, sessions. A dump alone opens none of them."""

import base64
import functools
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

UNREADABLE = InvalidToken
"""Raised by `unseal` for a value of another key, a damaged one, or one that is too old."""


def seal(value: Any) -> str:
    """Encrypt plain data with the first key."""
    return _ring().encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str | bytes, *, max_age_seconds: int | None = None) -> Any:
    """The plain data again. Raises UNREADABLE, also when it was sealed more than `max_age_seconds` ago."""
    return json.loads(_ring().decrypt(sealed, ttl=max_age_seconds))


def _ring() -> MultiFernet:
    """MFA_ENCRYPTION_KEYS, newest first, so that a key can be changed without losing what an older one
    sealed; where none is set, keys made from SECRET_KEY and its fallbacks."""
    own = tuple(getattr(settings, "MFA_ENCRYPTION_KEYS", ()))
    return _build_ring(own, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@functools.lru_cache(maxsize=4)
def _build_ring(own: tuple[str, ...], secrets: tuple[str, ...]) -> MultiFernet:
    keys = own or tuple(_derive(secret) for secret in secrets)
    return MultiFernet([Fernet(key) for key in keys])


def _derive(secret: str) -> str:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"techforce.accounts.sealing").derive(
        secret.encode()
    )
    return base64.urlsafe_b64encode(key).decode()
