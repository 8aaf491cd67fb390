"""Nothing that was open when an account closed opens it again, and it closes once, by its own person alone."""

import datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from placements.services import renew_calendar_feed
from techforce.accounts.models import User
from techforce.accounts.privacy import CLOSED
from techforce.accounts.services import close_account
from techforce.core.errors import NotPermitted
from techforce.core.models import AuditEvent
from tests.accounts.visitor import Visitor, code_mailed_to
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.applicants import ApplicationFactory
from tests.factories.core import LegalHoldFactory
from tests.parallel import at_once

CLOSE, UNDERSTOOD = "/accounts/close/", {"is_understood": "on"}
NEW_PASSWORD = "seven quiet harbors at dawn"

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return UserFactory()


def closed(person: User) -> None:
    close_account(user=person, by=person)


def is_shut(visitor: Visitor, person: User) -> bool:
    return not visitor.is_signed_in() and not User.objects.get(pk=person.pk).is_active


def test_a_code_mailed_before_opens_nothing_afterwards(person: User) -> None:
    phone = Visitor()
    phone.post("/accounts/login/code/", {"email": person.email})
    code = code_mailed_to(person.email)
    closed(person)

    phone.post("/accounts/login/code/confirm/", {"code": code}, follow=True)

    assert is_shut(phone, person)


def test_a_new_password_begun_before_opens_nothing_afterwards(person: User) -> None:
    address, phone = person.email, Visitor()
    phone.post("/accounts/password/reset/", {"email": address})
    phone.post("/accounts/password/reset/code/confirm/", {"code": code_mailed_to(address)})
    closed(person)

    chosen = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    phone.post("/accounts/password/reset/code/complete/", chosen, follow=True)
    phone.post("/accounts/login/", {"login": address, "password": NEW_PASSWORD})

    assert is_shut(phone, person)
    assert not User.objects.get(pk=person.pk).check_password(NEW_PASSWORD)


def test_a_second_address_whose_code_is_under_way_ends_too(person: User) -> None:
    laptop = Visitor()
    laptop.sign_in(person)
    EmailAddress.objects.create(user=person, email="second@mail.example", verified=True)
    laptop.post("/accounts/email/", {"action_add": "", "email": "third@mail.example"}, follow=True)
    closed(person)

    laptop.post("/accounts/confirm-email/", {"code": "AAAA-BBBB"}, follow=True)
    other = Visitor()
    other.post("/accounts/login/", {"login": "second@mail.example", "password": PASSWORD})

    assert not EmailAddress.objects.filter(user=person).exists()
    assert is_shut(laptop, person)
    assert is_shut(other, person)


@pytest.mark.parametrize("is_held", [False, True])
def test_the_calendar_stops_at_once_also_under_a_hold(is_held: bool, person: User) -> None:
    address = f"/calendar/{renew_calendar_feed(by=person)}.ics"
    assert Client().get(address).status_code == 200
    if is_held:
        LegalHoldFactory(subject_type="accounts.user", subject_id=person.pk)

    closed(person)

    assert Client().get(address).status_code == 404


def test_a_foreign_token_closes_nothing(person: User) -> None:
    victim, attacker = Visitor(enforce_csrf_checks=True), Visitor()
    victim.force_login(person, "techforce.accounts.backends.SignInBackend")
    attacker.sign_in(UserFactory())
    foreign = attacker.get(CLOSE).context["csrf_token"]

    answer = victim.post(CLOSE, {**UNDERSTOOD, "csrfmiddlewaretoken": str(foreign)})

    assert answer.status_code == 403
    assert User.objects.get(pk=person.pk).is_active


def test_nobody_closes_the_account_of_somebody_else(person: User) -> None:
    with pytest.raises(NotPermitted):
        close_account(user=person, by=UserFactory())


def test_a_session_left_alone_must_prove_itself_first(person: User) -> None:
    laptop = Visitor()
    laptop.sign_in(person)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        answer = laptop.post(CLOSE, UNDERSTOOD)

    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=person.pk).is_active


def test_the_same_request_again_does_nothing_more(person: User) -> None:
    laptop = Visitor()
    laptop.sign_in(person)
    cookies = dict(laptop.cookies)
    laptop.post(CLOSE, UNDERSTOOD)
    laptop.cookies.update(cookies)

    answer = laptop.post(CLOSE, UNDERSTOOD)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert AuditEvent.objects.filter(action=CLOSED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_close_it_once(person: User) -> None:
    ApplicationFactory(applicant__user=person)
    stale = [User.objects.get(pk=person.pk) for _number in range(4)]

    results = at_once(4, lambda number: close_account(user=stale[number], by=stale[number]))

    assert results == [None] * 4
    assert AuditEvent.objects.filter(action=CLOSED, subject_id=person.pk).count() == 1
    assert AuditEvent.objects.filter(action="privacy:erase", subject_id=person.pk).count() == 1
