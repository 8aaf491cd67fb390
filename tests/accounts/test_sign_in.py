"""Creating an account and signing in, as a person does it (trust.md §4)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.utils import timezone

from techforce.accounts.models import User
from techforce.core.models import OutboxMessage
from techforce.core.navigation import beginning_of
from tests.accounts.visitor import PRIVATE, Visitor, code_mailed_to, mails_to
from tests.factories.accounts import PASSWORD, UserFactory, app_code, give_second_factor

pytestmark = pytest.mark.django_db


def new_address() -> str:
    return f"new-{uuid4().hex[:12]}@mail.example"


def sign_up(visitor: Visitor, address: str, password: str = PASSWORD):
    return visitor.post("/accounts/signup/", {"email": address, "password1": password})


def test_an_account_opens_with_the_code_that_was_mailed(visitor: Visitor) -> None:
    address = new_address()
    sign_up(visitor, address)
    assert not visitor.is_signed_in()
    visitor.post("/accounts/confirm-email/", {"code": code_mailed_to(address)})
    assert visitor.is_signed_in()


def test_a_wrong_code_opens_nothing(visitor: Visitor) -> None:
    sign_up(visitor, new_address())
    visitor.post("/accounts/confirm-email/", {"code": "AAAA-BBBB"})
    assert not visitor.is_signed_in()


def test_the_code_lies_nowhere_in_clear_while_it_waits(visitor: Visitor) -> None:
    address = new_address()
    sign_up(visitor, address)
    waiting = str(OutboxMessage.objects.get(address=address).context)
    stored = visitor.session._get_session_from_db().session_data
    code = code_mailed_to(address)
    assert code not in waiting
    assert code not in stored
    assert code.replace("-", "") not in waiting + stored


def test_a_mail_whose_code_has_expired_is_dropped(visitor: Visitor, time_machine) -> None:
    address = new_address()
    sign_up(visitor, address)
    time_machine.move_to(timezone.now() + timedelta(seconds=601))
    assert mails_to(address) == []
    assert OutboxMessage.objects.get(address=address).delivery == "cancelled"


@pytest.mark.parametrize(
    "password", ["fourteen chars", "passwordpassword", "123456789012345", "zzzzzzzzyyyyyyyy"]
)
def test_short_passwords_and_patterns_are_refused(visitor: Visitor, password: str) -> None:
    address = new_address()
    assert sign_up(visitor, address, password).status_code == 200
    assert not User.objects.filter(email=address).exists()


def test_fifteen_characters_suffice(visitor: Visitor) -> None:
    address = new_address()
    sign_up(visitor, address, "15 birds, so it")
    assert User.objects.filter(email=address).exists()


def test_a_person_signs_in_with_the_password(visitor: Visitor) -> None:
    user = UserFactory()
    assert visitor.sign_in(user, "not the password").status_code == 200
    assert not visitor.is_signed_in()
    visitor.sign_in(user)
    assert visitor.is_signed_in()


def test_a_person_signs_in_with_a_code_by_mail(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.post("/accounts/login/code/", {"email": user.email})
    visitor.post("/accounts/login/code/confirm/", {"code": code_mailed_to(user.email)})
    assert visitor.is_signed_in()


def test_the_authenticator_app_is_asked_for(visitor: Visitor) -> None:
    user = UserFactory()
    give_second_factor(user)
    assert visitor.sign_in(user).url == "/accounts/2fa/authenticate/"
    assert not visitor.is_signed_in()
    visitor.post("/accounts/2fa/authenticate/", {"code": app_code()})
    assert visitor.is_signed_in()


def test_a_recovery_code_works_once() -> None:
    user = UserFactory()
    code = give_second_factor(user)[0]
    answers = []
    for visitor in (Visitor(), Visitor()):
        visitor.sign_in(user)
        visitor.post("/accounts/2fa/authenticate/", {"code": code})
        answers.append(visitor.is_signed_in())
    assert answers == [True, False]


def secrets_in_database(user: User) -> str:
    return str(list(Authenticator.objects.filter(user=user).order_by("pk").values_list("data", flat=True)))


def test_seeds_cannot_be_read_in_the_database() -> None:
    user = UserFactory()
    give_second_factor(user)
    assert "JBSWY3DPEHPK3PXP" not in secrets_in_database(user)
    assert not re.search(r"'seed': '[0-9a-f]{80}'", secrets_in_database(user))


def test_negative_control_the_plain_adapter_would_show_them(settings) -> None:
    settings.MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
    user = UserFactory()
    give_second_factor(user)
    assert "JBSWY3DPEHPK3PXP" in secrets_in_database(user)
    assert re.search(r"'seed': '[0-9a-f]{80}'", secrets_in_database(user))


def test_an_authenticator_survives_a_change_of_the_secret_key(visitor: Visitor, settings) -> None:
    user = UserFactory()
    give_second_factor(user)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, just as long as the one before it"
    visitor.sign_in_fully(user)
    assert visitor.is_signed_in()


def test_a_session_sealed_with_an_unknown_key_is_no_session(visitor: Visitor, settings) -> None:
    visitor.sign_in(UserFactory())
    settings.MFA_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert not visitor.is_signed_in()


def test_guessing_a_password_stops_soon() -> None:
    user = UserFactory()
    for _attempt in range(5):
        Visitor().sign_in(user, "a wild guess at it")
    last = Visitor()
    assert "Too many failed login attempts" in last.sign_in(user).content.decode()
    assert not last.is_signed_in()


def test_signing_up_does_not_tell_whether_an_account_exists() -> None:
    taken, free = UserFactory().email, new_address()
    answers = [sign_up(Visitor(), address) for address in (taken, free)]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url
    assert "It has one: sign in instead" in mails_to(taken)[-1].body


def test_asking_for_a_code_does_not_tell_whether_an_account_exists() -> None:
    known, unknown = UserFactory().email, new_address()
    answers = [Visitor().post("/accounts/login/code/", {"email": address}) for address in (known, unknown)]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url
    assert "It has no account" in mails_to(unknown)[-1].body


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_sign_in_leads_to_no_other_site(visitor: Visitor, target: str) -> None:
    person = UserFactory()
    assert visitor.sign_in(person, next=target).url == beginning_of(person)


def test_sign_in_leads_back_to_the_page_that_was_asked_for(visitor: Visitor) -> None:
    asked = visitor.get(PRIVATE)
    assert asked.url == f"/accounts/login/?next={PRIVATE}"
    assert visitor.sign_in(UserFactory(), next=PRIVATE).url == PRIVATE


@pytest.mark.parametrize("kind", [User.Kind.SERVICE, User.Kind.SYSTEM])
def test_machines_do_not_sign_in(visitor: Visitor, kind: str) -> None:
    visitor.sign_in(UserFactory(kind=kind))
    assert not visitor.is_signed_in()


def test_a_changed_password_is_reported_by_mail(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.sign_in(user)
    data = {
        "oldpassword": PASSWORD,
        "password1": "eleven loud geese fly",
        "password2": "eleven loud geese fly",
    }
    visitor.post("/accounts/password/change/", data)
    assert "Your password was changed." in mails_to(user.email)[-1].body
