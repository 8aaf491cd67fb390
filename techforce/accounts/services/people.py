"""Profiles, and what happens when somebody leaves."""

from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.accounts.models import Delegation, User
from techforce.accounts.registry import access_enders, reassigners
from techforce.accounts.services.rights import require
from techforce.core.audit import record_event
from techforce.core.errors import Refused
from techforce.core.services import service
from techforce.core.versions import save_version


@service
def update_profile(
    *, user: User, full_name: str, language: str, time_zone: str, version: int, by: Any
) -> None:
    """Save what a person says about themselves. Raises Conflict when `version` is no longer the saved one."""
    require("accounts.edit_profile", user, by=by)
    user.full_name, user.language, user.time_zone = full_name, language, time_zone
    save_version(user, expected=version, fields=["full_name", "language", "time_zone"])
    record_event("accounts.user:profile-updated", subject=user, by=by)


@service
def deactivate_user(*, user: User, reason_code: str = "", by: Any) -> None:
    """Close an account at once: sessions, tokens and delegations end with it (I12).

    The password goes too: it is part of every session's signature, so a session that no table lists is void,
    also if the account is opened again.
    """
    require("accounts.deactivate_user", user, by=by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_system:
        raise Refused(_("The system's own account cannot be closed."))
    user.is_active = False
    user.set_unusable_password()
    save_version(user, expected=user.version, fields=["is_active", "password"])
    _end_sessions(user)
    _end_delegations(user)
    for end_access in access_enders().values():
        end_access(user)
    record_event(
        "accounts.user:deactivated",
        subject=user,
        by=by,
        reason_code=reason_code,
        detail={"ended": ["sessions", "delegations", *access_enders()]},
    )


@service
def reassign_all(*, leaver: User, to: User, by: Any) -> dict[str, int]:
    """Hand all open duties of a leaver to one colleague; returns how many of each kind."""
    require("accounts.reassign_duties", leaver, by=by)
    if to == leaver or not to.is_active:
        raise Refused(_("Choose another person with an active account."))
    moved = {name: reassign(leaver=leaver, to=to, by=by) for name, reassign in reassigners().items()}
    record_event(
        "accounts.user:duties-reassigned", subject=leaver, by=by, detail={"to": to.pk, "moved": moved}
    )
    return moved


def _end_sessions(user: User) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    listed = UserSession.objects.filter(user=user)
    for key in listed.values_list("session_key", flat=True).order_by("pk"):
        store.delete(key)
    listed.delete()


def _end_delegations(user: User) -> None:
    """Neither may they act for others, nor others in their name."""
    now = timezone.now()
    for own in ({"giver": user}, {"taker": user}):
        Delegation.objects.filter(**own, revoked_at__isnull=True).update(revoked_at=now)
