"""Login.gov as allauth knows it. allauth finds this module by its name."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from django.http import HttpRequest, HttpResponse

from techforce.accounts.login_gov.views import PROVIDER_ID, LoginGovAdapter


class LoginGovAccount(ProviderAccount):
    def get_brand(self) -> dict[str, str]:
        return {"id": PROVIDER_ID, "name": "Login.gov"}

    def to_str(self) -> str:
        return "Login.gov"


class LoginGovProvider(OAuth2Provider):
    id = PROVIDER_ID
    name = "Login.gov"
    account_class = LoginGovAccount
    oauth2_adapter_class = LoginGovAdapter

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Not what the address says: the browser has no word in it."""
        return ["openid", "email"]

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Fixed by the settings; allauth would take further ones from the address, `acr_values` among them."""
        return {"acr_values": self.app.settings["assurance"], "prompt": "select_account"}

    def redirect(self, request: HttpRequest, process: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().redirect(request, process, *args, **kwargs)
        except OAuth2Error as error:  # the provider does not answer
            return render_authentication_error(request, self, exception=error)

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data.get("email")}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        if not data.get("email"):
            return []
        is_verified = data.get("email_verified") is True
        return [EmailAddress(email=data["email"], verified=is_verified, primary=True)]

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept beside the subject: the assurance, and nothing about the person."""
        return {"acr": data["acr"]}


provider_classes = [LoginGovProvider]
