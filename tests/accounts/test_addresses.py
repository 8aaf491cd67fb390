"""Addresses that may die, and addresses that a partner company can read."""

import pytest
from allauth.account.models import EmailAddress

from techforce.accounts import addresses
from techforce.accounts.models import User
from tests.accounts.visitor import Visitor, mails_to
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_registries")]


def add_address(user: User, address: str, *, verified: bool = True) -> str:
    EmailAddress.objects.create(user=user, email=address, verified=verified)
    return address


def lent_by_acme() -> User:
    """A person whose own address signs in, and who also has one at the lending company."""
    addresses.bar_identities(lambda user, address: address.endswith("@acme.example"))
    user = UserFactory()
    add_address(user, f"{user.pk}@acme.example")
    return user


@pytest.mark.parametrize(("address", "expected"), [
    ("a@state.edu", True), ("a@cs.state.EDU", True), ("a@acme.example", True), ("a@mail.example", False),
    ("a@edu.example", False),
])  # fmt: skip
def test_school_and_employer_addresses_may_die(address: str, expected: bool) -> None:
    addresses.register_employer_domains(lambda domain: domain == "acme.example")
    assert addresses.may_die(address) is expected


def test_a_second_verified_address_that_lasts_is_needed() -> None:
    user = UserFactory(email="student@state.edu")
    assert addresses.needs_second_address(user)
    add_address(user, "other@college.edu")
    add_address(user, "not-yet@mail.example", verified=False)
    assert addresses.needs_second_address(user)
    add_address(user, "mine@mail.example")
    assert not addresses.needs_second_address(user)


def test_the_profile_asks_for_it(visitor: Visitor) -> None:
    visitor.sign_in(UserFactory(email="graduate@state.edu"))
    assert visitor.sees("Add a second e-mail address")


def test_no_code_goes_to_the_lending_company(visitor: Visitor) -> None:
    user = lent_by_acme()
    for page in ("/accounts/login/code/", "/accounts/password/reset/"):
        visitor.post(page, {"email": f"{user.pk}@acme.example"})
    bodies = [message.body for message in mails_to(f"{user.pk}@acme.example")]
    assert len(bodies) == 2
    assert all("Use the address that you sign in with" in body for body in bodies)


def test_negative_control_without_the_rule_the_code_goes_there(visitor: Visitor) -> None:
    user = UserFactory()
    address = add_address(user, f"{user.pk}@acme.example")
    visitor.post("/accounts/login/code/", {"email": address})
    assert "Your code to sign in is" in mails_to(address)[-1].body


def test_the_companys_address_does_not_become_the_one_to_sign_in_with(visitor: Visitor) -> None:
    user = lent_by_acme()
    visitor.sign_in(user)
    visitor.post("/accounts/email/", {"action_primary": "", "email": f"{user.pk}@acme.example"})
    user.refresh_from_db()
    assert not user.email.endswith("@acme.example")


def test_nobody_is_locked_out_of_their_only_address() -> None:
    addresses.bar_identities(lambda user, address: address.endswith("@acme.example"))
    user = UserFactory(email="only@acme.example")
    assert not addresses.is_barred(user, user.email)
