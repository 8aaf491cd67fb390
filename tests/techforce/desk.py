"""Someone at their desk: signed in as themselves, with a second factor."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client

SIGN_IN = "techforce.accounts.backends.SignInBackend"

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Desk(Client):
    """A client that gets errors as the browser does, as a page with 500. It begins signed in, because an authenticator
    app's code opens one session only and here the same people come again and again."""

    def __init__(self, user: Any) -> None:
        super().__init__(raise_request_exception=False)
        self.user = user
        if user.is_authenticated:
            self.force_login(user, SIGN_IN)
            request = HttpRequest()
            request.session = self.session
            record_authentication(request, user, "mfa", type="totp")
            request.session.save()

    def ask(self, method: str, path: str) -> HttpResponse:
        return self.generic(method, path)  # type: ignore[no-any-return]

    def try_out(self, method: str, path: str, **data: Any) -> HttpResponse:
        """Ask, and undo whatever it did: to the rows, and to the sign-in."""
        cookies = self.cookies.copy()
        with undone():
            answer = self.post(path, data) if method == "POST" else self.ask(method, path)
        self.cookies = cookies
        return answer


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
