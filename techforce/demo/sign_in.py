"""One-click sign-in. It goes through allauth's own stages, so the session is what signing in by hand would make."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from techforce.accounts.models import User

METHOD = "demo"
"""How allauth's record of the session names the first factor: nobody typed a password here."""


def sign_in(request: HttpRequest, user: User, *, landing: str) -> HttpResponse:
    """Sign `user` in, supply the second factor where they have one, and lead to `landing`."""
    logout(request)
    record_authentication(request, user, method=METHOD)
    response = perform_login(request, Login(user=user, email=user.email, redirect_url=landing))
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return supply_second_factor(request, stage) if stage else response


def supply_second_factor(request: HttpRequest, stage: Any) -> HttpResponse:
    """Pass the stage that asks for a code.

    The seed of the authenticator app is at hand, and knowing it is what a code proves. No code is spent, for each
    counts once in its thirty seconds and a tester may click twice.
    """
    post_authentication(request, seed_of(stage.login.user))
    response: HttpResponse = stage.exit()
    return response


def seed_of(user: User) -> Authenticator:
    return Authenticator.objects.select_related("user").get(user=user, type=Authenticator.Type.TOTP)


def current_code(authenticator: Authenticator) -> str:
    """What the authenticator app would show now."""
    counters = list(yield_hotp_counters_from_time())
    now = counters[len(counters) // 2]  # the others are what the setting TOTP_TOLERANCE forgives
    code: str = format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), now))
    return code
