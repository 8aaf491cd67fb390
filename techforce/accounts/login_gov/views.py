"""The two addresses of the sign-in: where it begins, and where Login.gov sends the browser back to."""

import json
from functools import cached_property
from typing import Any

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from techforce.accounts.login_gov.client import ALGORITHM, LoginGovClient, nonce_for, read_id_token

PROVIDER_ID = "login_gov"
CONFIGURATION_PATH = "/.well-known/openid-configuration"
DESCRIBED = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class LoginGovAdapter(OAuth2Adapter):
    """What allauth needs to know of the provider. Every failure of the network is an OAuth2Error, which the person
    reads as a sentence."""

    provider_id = PROVIDER_ID
    client_class = LoginGovClient

    @cached_property
    def configuration(self) -> dict[str, Any]:
        """The provider's own description of its addresses (OpenID Connect Discovery 1.0)."""
        url = self.get_provider().app.settings["server_url"].rstrip("/") + CONFIGURATION_PATH
        description = fetch_json(url)
        if not all(isinstance(description.get(name), str) for name in DESCRIBED):
            raise OAuth2Error("The provider does not describe its addresses")
        return description

    @property
    def authorize_url(self) -> str:
        return str(self.configuration["authorization_endpoint"])

    @property
    def access_token_url(self) -> str:
        return str(self.configuration["token_endpoint"])

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        try:
            return super().parse_token(data)
        except (TypeError, ValueError, OverflowError) as error:
            raise OAuth2Error("The token has no lifetime") from error

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self._claims(request, app, kwargs["response"].get("id_token", ""))
        person = fetch_json(self.configuration["userinfo_endpoint"], bearer=token.token)
        if not isinstance(person.get("email"), str | None):
            raise OAuth2Error("The address is no text")
        if person.get("sub") != claims["sub"]:
            raise OAuth2Error("The particulars are those of somebody else")
        return self.get_provider().sociallogin_from_response(request, {**person, "acr": claims["acr"]})

    def _claims(self, request: HttpRequest, app: SocialApp, id_token: str) -> dict[str, Any]:
        return read_id_token(
            id_token,
            key=self._key_of(id_token),
            issuer=self.configuration["issuer"],
            client_id=app.client_id,
            # The callback has checked that this state was given to this very session.
            nonce=nonce_for(request.GET["state"]),
            assurance=app.settings["assurance"],
        )

    def _key_of(self, id_token: str) -> Any:
        """The provider's public key that the token names."""
        try:
            name = jwt.get_unverified_header(id_token).get("kid")
        except jwt.PyJWTError as error:
            raise OAuth2Error("There is no ID token to read") from error
        keys = fetch_json(self.configuration["jwks_uri"]).get("keys")
        for key in keys if isinstance(keys, list) else ():
            if isinstance(key, dict) and key.get("kid") == name and key.get("kty") == "RSA":
                return _read_key(key)
        raise OAuth2Error("The ID token is signed with a key that the provider does not publish")


def _read_key(key: dict[str, Any]) -> Any:
    try:
        return jwt.get_algorithm_by_name(ALGORITHM).from_jwk(json.dumps(key))
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise OAuth2Error("The provider publishes a key that is none") from error


def fetch_json(url: str, *, bearer: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    try:
        with get_adapter().get_requests_session() as session:
            response = session.get(url, headers=headers, allow_redirects=False)
            response.raise_for_status()
            document = response.json()
    except (requests.RequestException, ValueError) as error:
        raise OAuth2Error(f"No answer from {url}") from error
    if not isinstance(document, dict):
        raise OAuth2Error(f"No object from {url}")
    return document


@login_not_required
def oauth2_login(request: HttpRequest) -> HttpResponse:
    return _view(OAuth2LoginView)(request)


@login_not_required
def oauth2_callback(request: HttpRequest) -> HttpResponse:
    return _view(OAuth2CallbackView)(request)


def _view(kind: type) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        try:
            return kind.adapter_view(LoginGovAdapter)(request)  # type: ignore[attr-defined]
        except SocialApp.DoesNotExist as error:  # no Login.gov is configured here
            raise Http404 from error
        except OAuth2Error as error:  # allauth asks for an address before it listens for errors
            provider = LoginGovAdapter(request).get_provider()
            return render_authentication_error(request, provider, exception=error)

    return view
