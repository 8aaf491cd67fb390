"""What the stand-in says of a person."""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.contrib.auth.models import AbstractBaseUser, User

from techforce.demo.login_gov.settings import ASSURANCE


class StandInAdapter(DefaultOIDCAdapter):
    def populate_id_token(
        self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **kwargs: Any
    ) -> None:
        id_token["acr"] = ASSURANCE

    def get_user_sub(self, client: Client, user: AbstractBaseUser) -> str:
        """The same for the same address whenever the stand-in is started anew."""
        return str(uuid5(NAMESPACE_URL, f"mailto:{user.get_username()}"))

    def get_user_by_sub(self, client: Client, sub: str) -> AbstractBaseUser | None:
        people = User.objects.filter(is_active=True)
        return next((person for person in people if self.get_user_sub(client, person) == sub), None)
