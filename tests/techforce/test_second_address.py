"""Who can be reached only where the mailbox may end is asked for a second address, and never forced to give one."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from applicants.models import Application
from applicants.services import submit_application
from techforce.accounts.models import User
from tests.accounts.visitor import Visitor, mails_to
from tests.applicants.filling import Person, at, draft
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.applicants import ApplicantFactory

pytestmark = pytest.mark.django_db

ASKED = "Add a second e-mail address"


def applying(email: str, **fields: Any) -> Application:
    return draft(applicant=ApplicantFactory(user=UserFactory(email=email)), **fields)


def places_that_ask(application: Application) -> list[str]:
    person = Person(application.applicant.user)
    places = [at(application, "contact"), "/accounts/email/", "/my/"]
    return [place for place in places if ASKED in person.get(place).content.decode()]


def confirm(user: User, email: str) -> None:
    EmailAddress.objects.create(user=user, email=email, verified=True)


@pytest.mark.parametrize(
    ("email", "answers"),
    [
        ("robin@school.edu", {}),
        ("robin@acme.example", {"employers": {"now": ["ACME Robotics, engineer"], "before": []}}),
        ("robin@us.acme-robotics.example", {"employers": {"now": ["Acme Robotics"], "before": []}}),
    ],
)
def test_they_are_asked_where_they_apply_on_the_account_and_as_a_task(
    email: str, answers: dict[str, Any]
) -> None:
    application = applying(email, answers=answers)
    assert len(places_that_ask(application)) == 3

    confirm(application.applicant.user, "robin@mail.example")

    assert places_that_ask(application) == []


def test_an_address_of_ones_own_is_enough() -> None:
    answers = {"employers": {"now": ["Acme Robotics"], "before": []}}
    assert places_that_ask(applying("robin@mail.example", answers=answers)) == []


def test_nobody_is_forced() -> None:
    application = applying("robin@school.edu")

    answer = Person(application.applicant.user).fill(at(application, "contact"), city="Boulder")

    assert answer.headers["Location"] == at(application, "disciplines")


def test_a_security_notice_goes_to_every_confirmed_address() -> None:
    user, browser = UserFactory(), Visitor()
    own = f"second-{user.email}"
    confirm(user, own)
    EmailAddress.objects.create(user=user, email=f"unknown-{user.email}", verified=False)
    browser.sign_in(user)
    mail.outbox.clear()

    new = "nine slow herons wade"
    browser.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert len(mails_to(user.email)) == len(mails_to(own)) == 1
    assert mails_to(f"unknown-{user.email}") == []


def test_how_we_reach_a_person_is_not_frozen_and_changes_after_submission() -> None:
    application = applying("robin@mail.example")
    person = application.applicant.user
    submit_application(application=application, by=person, is_certified=True)

    Person(person).fill(at(application, "contact"), city="Boulder", phone="(303) 555-0142")

    application.applicant.refresh_from_db()
    snapshot = application.snapshots.get()
    assert application.applicant.city == "Boulder"
    assert not {"phone", "city", "state", "email"} & set(snapshot.content)
