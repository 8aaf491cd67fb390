"""How allauth fits into this house.

Accounts are never linked by a matching e-mail address (`SOCIALACCOUNT_EMAIL_AUTHENTICATION` is off): whoever
controls an address at an identity provider need not be the person who has the account.
"""

import math
import time
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from techforce.accounts import addresses, second_factor
from techforce.accounts.mails import ADVICE, CODES, NOTICES
from techforce.accounts.models import User
from techforce.accounts.sealing import seal, unseal
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass
from techforce.core.navigation import beginning_of

CODES_THAT_OPEN_ACCOUNTS = {"login_code", "password_reset_code"}


class AccountAdapter(DefaultAccountAdapter):
    """Mail goes through the outbox; see `accounts.mails` for how codes travel in it."""

    def is_safe_url(self, url: str | None) -> bool:
        """An address that cannot even be read is not safe; allauth would stumble over it."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return beginning_of(request.user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in of a moment ago counts: who comes to set up a second factor is not asked twice."""
        records = get_authentication_records(self.request, self.request.user)
        age = time.time() - records[-1]["at"] if records else math.inf
        return age > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A security notice goes to every confirmed address, so that whoever took one over cannot hide it."""
        for address in [email] if email else addresses.verified_addresses(user):
            super().send_notification_mail(template_prefix, user, context, address)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        occasion = template_prefix.rpartition("/")[2]
        owner = addresses.owner(email)
        if occasion in CODES_THAT_OPEN_ACCOUNTS and owner and addresses.is_barred(owner, email):
            occasion = "barred_address"
        content = {"occasion": occasion}
        if occasion in CODES:
            content["sealed_code"] = seal(context["code"])
        enqueue(
            _template_key(occasion),
            message_class=MessageClass.TRANSACTIONAL,
            subject=owner or User.objects.system(),
            # Not the recipient's present address: what is confirmed or reported is this very address.
            address=email,
            context=content,
            dedupe_key=f"account:{uuid4()}",
        )


def _template_key(occasion: str) -> str:
    """KeyError for an occasion of a newer allauth that nobody has written a sentence for."""
    kinds = (("account/code", CODES), ("account/notice", NOTICES), ("account/advice", ADVICE))
    for key, occasions in kinds:
        if occasion in occasions:
            return key
    raise KeyError(occasion)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through another service."""

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """Login.gov refuses a state of fewer than 22 characters; allauth's has 16."""
        return get_random_string(43)


class MFAAdapter(DefaultMFAAdapter):
    """Seeds of authenticator apps and recovery codes are sealed; who must have a second factor cannot remove
    it."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return str(unseal(encrypted_text))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not (
            second_factor.is_required(authenticator.user) and second_factor.is_last_one(authenticator)
        )
