"""Middleware of the kernel: what may come in, what refusals look like, what may be kept in caches."""

import json
from collections.abc import Callable
from typing import Any

import redis.exceptions
import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import is_lock_failure

log = structlog.get_logger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]


class InputLimitsMiddleware:
    """Refuse what no honest browser sends, with 400 instead of a 500 further in: NUL and lone surrogates in the
    address or the form (trust.md §5)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_unstorable(request.path) or _is_unstorable(request.META.get("QUERY_STRING", "")):
            return render(request, "400.html", status=400)
        return self.get_response(request)


def _is_unstorable(text: str) -> bool:
    return "\x00" in text or "%00" in text or any("\ud800" <= char <= "\udfff" for char in text)


class RefusalMiddleware:
    """Turn the kernel's refusals into pages (and JSON for the API) with a sentence that says what to do, and an absent
    broker into 503: only sign-in, sign-up and reset ask it anything, to count attempts."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotPermitted):
            return _answer(request, 403, str(error))
        if isinstance(error, Conflict) or (isinstance(error, OperationalError) and is_lock_failure(error)):
            return _answer(request, 409, str(error))
        if isinstance(error, Refused):
            return _answer(request, 409, str(error))
        if isinstance(error, IntegrityError):
            # A rule that only the database knows, or a race lost: the person is told, the log has the name of the rule.
            log.warning("refused_by_database", rule=_rule_of(error))
            return _answer(
                request, 409, gettext("This contradicts a rule of the program. Go back and check it.")
            )
        if isinstance(error, redis.exceptions.ConnectionError | redis.exceptions.TimeoutError):
            return _answer(request, 503, "")
        if isinstance(error, RequestDataTooBig | json.JSONDecodeError | RecursionError):
            return _answer(request, 400, "")
        return None


def _rule_of(error: IntegrityError) -> str:
    """The name of the constraint, without the values of the row."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "trigger"


def _answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"type": "refused", "detail": sentence}, status=status)
    context: dict[str, Any] = {"sentence": sentence}
    return render(request, f"{status}.html", context, status=status)


class PrivatePagesMiddleware:
    """Pages of signed-in people are kept by no cache (I13)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response
