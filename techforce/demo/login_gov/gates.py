"""What Login.gov demands and allauth's provider does not ask: checked before the provider sees the request."""

from typing import Any
from urllib.parse import urlencode

import jwt
from allauth.idp.oidc import views
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from techforce.demo.login_gov.settings import ASSURANCE, CLIENT_ID, CLIENT_PUBLIC_KEY, CLIENT_SECRET

SHORTEST = 22
LONGEST_ASSERTION_S = 600
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def authorize(request: HttpRequest) -> HttpResponse:
    """Long state and nonce, the one assurance, and a choice of the person each time."""
    asked = request.GET
    if len(asked.get("state", "")) < SHORTEST or len(asked.get("nonce", "")) < SHORTEST:
        return HttpResponseBadRequest(f"state and nonce need {SHORTEST} characters or more")
    if asked.get("acr_values") != ASSURANCE:
        return HttpResponseBadRequest(f"acr_values must be {ASSURANCE}")
    if asked.get("prompt") != "select_account":
        return views.authorization(request)
    rest = {name: value for name, value in asked.items() if name != "prompt"}
    return redirect(f"{reverse('people')}?{urlencode({'next': f'{request.path}?{urlencode(rest)}'})}")


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """private_key_jwt (RFC 7523 §3), then the provider's own token endpoint."""
    if request.method != "POST":
        return JsonResponse({"error": "invalid_request"}, status=405)
    if fault := fault_of(request):
        return JsonResponse({"error": "invalid_client", "error_description": fault}, status=401)
    body = request.POST.copy()
    body.update({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
    request.POST = body  # type: ignore[assignment]
    return views.token(request)


def fault_of(request: HttpRequest) -> str:
    """Why the assertion is refused; empty for a good one, which cannot be used again."""
    if request.POST.get("client_assertion_type") != ASSERTION_TYPE:
        return "no client assertion"
    try:
        claims = read_assertion(request)
    except jwt.PyJWTError as error:
        return str(error)
    if claims["iss"] != claims["sub"] or claims["sub"] != CLIENT_ID:
        return "the assertion is somebody else's"
    if not cache.add(f"assertion:{claims['jti']}", value=True, timeout=LONGEST_ASSERTION_S):
        return "the assertion was used before"
    return ""


def read_assertion(request: HttpRequest) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(
        request.POST.get("client_assertion", ""),
        CLIENT_PUBLIC_KEY,
        algorithms=["RS256"],
        audience=request.build_absolute_uri(request.path),
        options={"require": ["iss", "sub", "aud", "jti", "exp"]},
    )
    return claims
