"""What accounts mail: codes, security notices, advice, invitations.

allauth names a template for each of its occasions; here each occasion is a sentence, and four templates carry
them. A code waits in the outbox sealed, and is opened when the message is rendered: the table is read by
staff and lies in backups. Once the code has expired the message is dropped instead of sent. Sending straight
from the request would keep the code out of the table, but then a slow mail server holds a web worker and a
lost connection loses the mail; the session (sealed too) holds the same code in any case.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from techforce.accounts.invitations import moment_of, token_for
from techforce.accounts.registry import membership_model
from techforce.accounts.sealing import UNREADABLE, unseal
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage

CODES: Mapping[str, Any] = {
    "email_confirmation_signup": _("to create your account"),
    "email_confirmation": _("to confirm this e-mail address"),
    "login_code": _("to sign in"),
    "password_reset_code": _("to choose a new password"),
}
NOTICES: Mapping[str, Any] = {
    "account_connected": _("A sign-in at another service was linked to your account."),
    "account_disconnected": _("A sign-in at another service was unlinked from your account."),
    "email_changed": _("The address that you use to sign in was changed."),
    "email_deleted": _("An e-mail address was removed from your account."),
    "password_changed": _("Your password was changed."),
    "password_reset": _("Your password was reset."),
    "password_set": _("A password was set for your account."),
    "recovery_codes_generated": _(
        "New recovery codes were made for your account. The old ones no longer work."
    ),
    "totp_activated": _("An authenticator app was added to your account."),
    "totp_deactivated": _("The authenticator app was removed from your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was removed from your account."),
}
ADVICE: Mapping[str, tuple[Any, str]] = {
    "account_already_exists": (
        _("Someone, perhaps you, tried to create an account with this address. It has one: sign in instead."),
        "account_login",
    ),
    "unknown_account": (
        _("Someone, perhaps you, asked for a code for this address. It has no account: you can create one."),
        "account_signup",
    ),
    "barred_address": (
        _("Your account is not opened with a code to this address. Use the address that you sign in with."),
        "account_login",
    ),
}


@template("account/code")
def load_code(message: OutboxMessage) -> Mapping[str, Any] | None:
    """The code and what it is for; None once it has expired."""
    try:
        code = unseal(message.context["sealed_code"], max_age_seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    except UNREADABLE:
        return None
    minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
    return {"code": code, "purpose": CODES[message.context["occasion"]], "minutes": minutes}


@template("account/notice")
def load_notice(message: OutboxMessage) -> Mapping[str, Any]:
    return {"sentence": NOTICES[message.context["occasion"]], "at": message.created_at}


@template("account/advice")
def load_advice(message: OutboxMessage) -> Mapping[str, Any]:
    sentence, url_name = ADVICE[message.context["occasion"]]
    return {"sentence": sentence, "url": _address(url_name)}


@template("membership_invitation")
def load_invitation(message: OutboxMessage) -> Mapping[str, Any] | None:
    """The link is made when the mail leaves, so that no token lies in the outbox; None when the invitation is
    gone."""
    rows = membership_model(message.subject_type)._base_manager.all()
    membership = rows.filter(pk=message.subject_id, accepted_at__isnull=True, ends_on__isnull=True).first()
    if membership is None or moment_of(membership) != message.context["invited_at"]:
        return None
    link = f"{_address('accounts_invitation', membership.public_id)}?token={token_for(membership)}"
    return {"role": membership.get_role_display(), "url": link, "inviter": membership.invited_by}


def _address(url_name: str, *args: Any) -> str:
    return f"{settings.BASE_URL}{reverse(url_name, args=args)}"
