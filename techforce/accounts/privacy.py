"""What accounts hold of a person (trust.md §6)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import PROTECT

from techforce.accounts.models import OpmMembership
from techforce.core import outbox, privacy
from techforce.core.models import IdempotencyKey, OutboxMessage
from techforce.core.versions import save_version


def export(user: Any) -> dict[str, Any]:
    """Everything but secrets: no password, seed or session key leaves the house."""
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    roles = OpmMembership.objects.filter(user=user).order_by("pk")
    sessions = UserSession.objects.filter(user=user).order_by("pk")
    return {
        "full_name": user.full_name,
        "language": user.language,
        "time_zone": user.time_zone,
        "date_joined": user.date_joined,
        "addresses": list(addresses.values("email", "verified", "primary")),
        "opm_roles": list(roles.values("role", "starts_on", "ends_on")),
        "sessions": list(sessions.values("ip", "user_agent", "created_at", "last_seen_at")),
        "second_factors": list(
            Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at")
        ),
    }


LOGS = ("core.AuditEvent", "core.AccessEvent", "core.OutboxMessage", "core.ReminderLedger")
"""They name a person by key only and keep no text about anybody."""


def erase(user: Any) -> None:
    """Ways to sign in and traces of sessions go at once. Name and address stay as long as a record names the
    person; then the row is an empty key that the logs can still point to."""
    for model in (Authenticator, SocialAccount, UserSession):
        model.objects.filter(user=user).delete()
    if _is_named_by_a_record(user):
        return
    EmailAddress.objects.filter(user=user).delete()
    IdempotencyKey.objects.filter(user=user).delete()
    outbox.cancel(OutboxMessage.objects.filter(recipient=user))
    user.email, user.full_name, user.is_active = f"erased-{user.public_id}@techforce.invalid", "", False
    user.set_unusable_password()
    save_version(user, expected=user.version, fields=["email", "full_name", "is_active", "password"])


def _is_named_by_a_record(user: Any) -> bool:
    """Some row other than a log still refers to the person. Records protect whom they name; sign-in data goes with
    the account."""
    relations = [field for field in user._meta.get_fields(include_hidden=True) if not field.concrete]
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: user}).exists()
        for relation in relations
        if relation.on_delete is PROTECT and relation.related_model._meta.label not in LOGS
    )


def repoint(old: Any, new: Any) -> None:
    """Two accounts turned out to be one person: addresses and roles move, second factors do not."""
    EmailAddress.objects.filter(user=old).update(user=new, primary=False)
    OpmMembership.objects.filter(user=old).update(user=new)


privacy.register("accounts", export=export, erase=erase, repoint=repoint)
