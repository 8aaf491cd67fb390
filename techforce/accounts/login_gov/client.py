"""What this application says to Login.gov, and what it believes of the answer (trust.md §4).

The client proves itself at the token endpoint with a signed assertion (private_key_jwt, RFC 7523); there is no shared
secret. The nonce is made from the state, which allauth has bound to the browser's session, so that nothing more
has to be kept: an ID token that answers another sign-in carries another nonce.
"""

import hmac
import time
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from django.conf import settings
from django.utils.crypto import salted_hmac

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 300
ALGORITHM = "RS256"
LEEWAY_SECONDS = 30


class LoginGovClient(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, Any]) -> str:
        return str(
            super().get_redirect_url(
                authorization_url, scope, {**extra_params, "nonce": nonce_for(str(self.state))}
            )
        )

    def get_access_token(
        self, code: str, pkce_code_verifier: str | None = None, extra_data: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answer of the token endpoint. Raises OAuth2Error when it refuses."""
        proof = {
            "client_assertion": client_assertion(self.consumer_key, audience=self.access_token_url),
            "client_assertion_type": ASSERTION_TYPE,
        }
        answer: dict[str, Any] = super().get_access_token(
            code, pkce_code_verifier, extra_data={**(extra_data or {}), **proof}
        )
        return answer


def nonce_for(state: str) -> str:
    """64 hexadecimal digits; Login.gov asks for 22 characters at least."""
    return salted_hmac("techforce.login_gov.nonce", state, algorithm="sha256").hexdigest()


def client_assertion(client_id: str, *, audience: str) -> str:
    """A JWT that says who asks: RFC 7523 §3."""
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": uuid4().hex,
        "exp": int(time.time()) + ASSERTION_SECONDS,
    }
    return jwt.encode(claims, _private_key(settings.LOGIN_GOV_PRIVATE_KEY_FILE), algorithm=ALGORITHM)


@lru_cache(maxsize=1)
def _private_key(path: str) -> str:
    return Path(path).read_text()


def read_id_token(
    token: str, *, key: Any, issuer: str, client_id: str, nonce: str, assurance: str
) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, time, nonce and assurance are right.

    Raises OAuth2Error for any other (OpenID Connect Core 1.0 §3.1.3.7).
    """
    required = ["iss", "aud", "exp", "iat", "sub", "nonce", "acr"]
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=issuer,
            audience=client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": required},
        )
    except jwt.PyJWTError as error:
        raise OAuth2Error("The ID token is not valid") from error
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise OAuth2Error("The ID token answers another sign-in")
    if claims["acr"] != assurance:
        raise OAuth2Error("The ID token shows another assurance than the one asked for")
    return claims
