"""What accounts hold of a person (trust.md §6)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from techforce.accounts.models import OpmMembership
from techforce.core import privacy


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


def erase(user: Any) -> None:
    """Ways to sign in and traces of sessions go at once. The row itself stays as long as records name it."""
    for model in (Authenticator, SocialAccount, UserSession):
        model.objects.filter(user=user).delete()


def repoint(old: Any, new: Any) -> None:
    """Two accounts turned out to be one person: addresses and roles move, second factors do not."""
    EmailAddress.objects.filter(user=old).update(user=new, primary=False)
    OpmMembership.objects.filter(user=old).update(user=new)


privacy.register("accounts", export=export, erase=erase, repoint=repoint)
