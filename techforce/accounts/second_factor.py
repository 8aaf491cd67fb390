"""Who must have a second factor, and whether this session used it.

A sign-in through another identity provider does not replace it: who has a passkey or an authenticator app is
asked for it after an OpenID sign-in too, because we cannot see how the provider's session came to be
(stack.md, pitfall 12). A passkey that verifies its user is both factors at once.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

Predicate = Callable[[Any], bool]

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these; alone they are none."""

_RULES: list[Predicate] = []


def require_for(predicate: Predicate) -> Predicate:
    """Users for whom `predicate` is true must have a second factor. Each app registers its memberships."""
    if predicate not in _RULES:
        _RULES.append(predicate)
    return predicate


def is_required(user: Any) -> bool:
    return any(predicate(user) for predicate in _RULES)


def has_one(user: Any) -> bool:
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def is_last_one(authenticator: Authenticator) -> bool:
    others = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS).exclude(
        pk=authenticator.pk
    )
    return authenticator.type in FACTORS and not others.exists()


def was_used(request: HttpRequest) -> bool:
    """This session was opened, or confirmed later, with a second factor."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
