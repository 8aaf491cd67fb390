"""A person at a browser: enters the site from an address of their own and reads their mail."""

import random
import re
from typing import Any

from django.core import mail
from django.http import HttpResponse
from django.test import Client

from techforce.accounts.models import User
from techforce.core.mail.mailer import send_due
from tests.factories.accounts import PASSWORD, app_code

PRIVATE = "/accounts/profile/"


class Visitor(Client):
    def __init__(self, **options: Any) -> None:
        parts = ".".join(str(random.randint(1, 250)) for _ in range(3))
        super().__init__(REMOTE_ADDR=f"10.{parts}", **options)

    def sign_in(self, user: User, password: str = PASSWORD, next: str = "") -> HttpResponse:
        data = {"login": user.email, "password": password, "next": next}
        return self.post("/accounts/login/", data)

    def sign_in_fully(self, user: User) -> HttpResponse:
        self.sign_in(user)
        return self.post("/accounts/2fa/authenticate/", {"code": app_code()})

    def is_signed_in(self) -> bool:
        return self.get(PRIVATE).status_code == 200

    def sees(self, text: str, path: str = PRIVATE) -> bool:
        return text in self.get(path, follow=True).content.decode()


def mails_to(address: str) -> list[Any]:
    """What has arrived, after the worker's turn."""
    while send_due():
        pass
    return [message for message in mail.outbox if message.to == [address]]


def code_mailed_to(address: str) -> str:
    last = mails_to(address)[-1]
    found = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", last.body, re.MULTILINE)
    assert found, last.body
    return found[1]
