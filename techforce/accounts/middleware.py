"""Idle and absolute session limits, the second factor (trust.md §4), and the person's own time zone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from techforce.accounts import second_factor, session_limits, unsaved

GetResponse = Callable[[HttpRequest], HttpResponse]


class OwnFormCheck(CsrfViewMiddleware):
    """The check of the token alone, for a request that ends before its turn; nothing is shown or logged."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponseForbidden()


class SessionLimitsMiddleware:
    """End sessions that are over, and lead to sign-in with a sentence that says why."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and session_limits.has_ended(
            request.session, request.user, timezone.now()
        ):
            return self._end(request)
        response = self.get_response(request)
        if request.user.is_authenticated:  # a sign-in in this very request starts the clocks
            session_limits.begin(request.session, timezone.now())
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.user.is_authenticated and not session_limits.is_background(request, view):
            session_limits.touch(request.session, timezone.now())

    def _end(self, request: HttpRequest) -> HttpResponse:
        is_absolute = session_limits.absolute_ends_at(request.session) <= timezone.now()
        sentence = (
            _("You were signed out because you had been signed in for 12 hours. Sign in to go on.")
            if is_absolute
            else _("You were signed out because nothing happened for a while. Sign in to go on.")
        )
        note = unsaved.note_of(request) if _is_navigation(request) and _is_own_form(request) else None
        logout(request)
        if not _is_navigation(request):
            return JsonResponse({"type": "signed-out", "detail": sentence}, status=401)
        messages.warning(request, sentence)
        if note is None:
            return _lead_to("account_login", request)
        request.session[unsaved.KEY] = note
        return redirect_to_login(request.path, resolve_url("account_login"))


class SecondFactorMiddleware:
    """Whoever needs a second factor sets one up and uses it before anything else opens, admin included."""

    ALWAYS_OPEN = frozenset({"account_logout", "healthz", "accounts_extend"})
    OPEN_FOR_PROOF = ALWAYS_OPEN | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
    OPEN_FOR_SETTING_UP = ALWAYS_OPEN | {
        "accounts_second_factor",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
    }

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not _lacks_proof(request):
            return None
        has_one = second_factor.has_one(request.user)
        # A session that knows only the password must not reach the pages that remove the factor.
        is_open = self.OPEN_FOR_PROOF if has_one else self.OPEN_FOR_SETTING_UP
        if request.resolver_match and request.resolver_match.view_name in is_open:
            return None
        return self._lead_on(request, has_one=has_one)

    def _lead_on(self, request: HttpRequest, *, has_one: bool) -> HttpResponse:
        if not _is_navigation(request):
            sentence = _("Confirm your sign-in with your second factor first.")
            return JsonResponse({"type": "second-factor", "detail": sentence}, status=403)
        return _lead_to("mfa_reauthenticate" if has_one else "accounts_second_factor", request)


class OwnTimeMiddleware:
    """Pages show instants in the time zone and words in the language of whoever is signed in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.time_zone), translation.override(request.user.language):
            return self.get_response(request)


def _lacks_proof(request: HttpRequest) -> bool:
    return not second_factor.was_used(request) and second_factor.is_required(request.user)


def _is_own_form(request: HttpRequest) -> bool:
    """It comes from a page of ours: another site must not leave words in a form that the person opens next."""
    return OwnFormCheck(_nothing).process_view(request, _nothing, (), {}) is None


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _is_navigation(request: HttpRequest) -> bool:
    """A person follows a link or sends a form; scripts and programs get JSON instead of a page."""
    is_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return not (
        is_script or request.path.startswith("/api/") or session_limits.BACKGROUND_HEADER in request.headers
    )


def _lead_to(url_name: str, request: HttpRequest) -> HttpResponse:
    """With the page to come back to; a form that was sent is not sent again."""
    if request.method != "GET":
        return redirect(url_name)
    return redirect_to_login(request.get_full_path(), resolve_url(url_name))
