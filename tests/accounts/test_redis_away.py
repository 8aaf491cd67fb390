"""With Redis away only sign-in, sign-up and reset rest, politely (trust.md §4)."""

import socket

import pytest

from tests.accounts.visitor import PRIVATE, Visitor
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _redis_away(settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{port}/0"},
    }


@pytest.mark.usefixtures("_redis_away")
@pytest.mark.parametrize(("page", "data"), [
    ("/accounts/login/", {"login": "a@mail.example", "password": PASSWORD}),
    ("/accounts/login/code/", {"email": "a@mail.example"}),
    ("/accounts/signup/", {"email": "a@mail.example", "password1": PASSWORD}),
    ("/accounts/password/reset/", {"email": "a@mail.example"}),
])  # fmt: skip
def test_what_counts_attempts_answers_503_with_a_sentence(
    visitor: Visitor, page: str, data: dict[str, str]
) -> None:
    assert visitor.get(page).status_code == 200
    answer = visitor.post(page, data)
    assert answer.status_code == 503
    assert "Everything that you saved is safe" in answer.content.decode()


@pytest.mark.usefixtures("_redis_away")
def test_who_is_signed_in_works_on(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.force_login(user)
    data = {"full_name": "Robin A. Reyes", "language": "en-us", "time_zone": "UTC", "version": "1"}
    assert visitor.post(PRIVATE, data).status_code == 302
    user.refresh_from_db()
    assert user.full_name == "Robin A. Reyes"
    assert {
        visitor.get(page).status_code
        for page in (PRIVATE, "/accounts/email/", "/accounts/2fa/", "/accounts/sessions/")
    } == {200}
    assert visitor.post("/accounts/logout/").status_code == 302


def test_negative_control_with_redis_the_same_sign_in_is_answered(visitor: Visitor) -> None:
    assert visitor.sign_in(UserFactory(), "not the password").status_code == 200
