"""A membership is taken by the account that opens the link and presses Accept, never by its address."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.accounts.services import accept_invitation, invite, withdraw_invitation
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from tests.accounts.visitor import Visitor, mails_to
from tests.factories.accounts import OpmInvitationFactory, UserFactory, opm_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    return opm_staff(OpmRole.ADMINISTRATOR)


def link_mailed_to(address: str) -> str:
    return re.search(r"/accounts/invitations/\S+", mails_to(address)[-1].body)[0]


def invited(administrator: User, address: str = "invited@agency.example") -> tuple[OpmMembership, str]:
    membership = invite(membership=OpmInvitationFactory(invited_email=address), by=administrator)
    return membership, link_mailed_to(address)


def test_the_signed_in_account_takes_the_role_whatever_its_address(
    visitor: Visitor, administrator: User
) -> None:
    membership, link = invited(administrator)
    person = UserFactory()
    visitor.sign_in(person)
    page = visitor.get(link, follow=True)
    assert "You are invited" in page.content.decode()
    visitor.post(page.request["PATH_INFO"])
    membership.refresh_from_db()
    assert membership.user == person
    assert person.email != membership.invited_email
    assert [event.action for event in AuditEvent.objects.about(membership)] == [
        "accounts.opmmembership:invited", "accounts.opmmembership:accepted",
    ]  # fmt: skip


def test_the_invited_address_alone_gives_nothing(visitor: Visitor, administrator: User) -> None:
    person = UserFactory()
    membership, link = invited(administrator, address=person.email)
    visitor.sign_in(person)
    visitor.post(link.partition("?")[0])  # without the token of the link
    membership.refresh_from_db()
    assert membership.user is None
    assert not person.is_staff


def test_opening_the_link_accepts_nothing(visitor: Visitor, administrator: User) -> None:
    membership, link = invited(administrator)
    visitor.sign_in(UserFactory())
    visitor.get(link, follow=True)
    membership.refresh_from_db()
    assert membership.accepted_at is None


def test_without_sign_in_the_page_asks_for_it_and_remembers_the_link(
    visitor: Visitor, administrator: User
) -> None:
    membership, link = invited(administrator)
    page = visitor.get(link, follow=True)
    own = page.request["PATH_INFO"]
    visitor.post(own)
    assert "Sign in or create an account" in page.content.decode()
    visitor.sign_in(UserFactory(), next=own)
    visitor.post(own)
    membership.refresh_from_db()
    assert membership.accepted_at is not None


def test_the_token_leaves_the_address(visitor: Visitor, administrator: User) -> None:
    _membership, link = invited(administrator)
    assert "token" not in visitor.get(link).url


@pytest.mark.parametrize("tamper", ["", "x", ":1:1"])
def test_a_changed_token_opens_nothing(visitor: Visitor, administrator: User, tamper: str) -> None:
    _membership, link = invited(administrator)
    visitor.sign_in(UserFactory())
    assert visitor.get(f"{link.partition('token=')[0]}token=e{tamper}", follow=True).status_code == 410


def test_the_token_of_one_invitation_does_not_open_another(visitor: Visitor, administrator: User) -> None:
    first, _link = invited(administrator, "first@agency.example")
    _second, link = invited(administrator, "second@agency.example")
    visitor.sign_in(UserFactory())
    swapped = f"/accounts/invitations/{first.public_id}/?{link.partition('?')[2]}"
    assert visitor.get(swapped, follow=True).status_code == 410


def test_a_link_lasts_thirty_days(visitor: Visitor, administrator: User, time_machine) -> None:
    _membership, link = invited(administrator)
    time_machine.move_to(timezone.now() + timedelta(days=29))
    assert visitor.get(link, follow=True).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert Visitor().get(link, follow=True).status_code == 410


def test_inviting_again_makes_the_first_link_useless(
    visitor: Visitor, administrator: User, time_machine
) -> None:
    membership, first = invited(administrator)
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    invite(membership=membership, by=administrator)
    second = link_mailed_to(membership.invited_email)
    assert visitor.get(first, follow=True).status_code == 410
    assert visitor.get(second, follow=True).status_code == 200


def test_a_withdrawn_or_used_invitation_is_gone(visitor: Visitor, administrator: User) -> None:
    withdrawn, _link = invited(administrator)
    withdraw_invitation(membership=withdrawn, by=administrator)
    used, _link = invited(administrator)
    accept_invitation(membership=used, by=UserFactory())
    for membership in (withdrawn, used):
        with pytest.raises(Refused):
            accept_invitation(membership=membership, by=UserFactory())


def test_no_mail_leaves_for_a_withdrawn_invitation(administrator: User) -> None:
    membership = invite(membership=OpmInvitationFactory(), by=administrator)
    withdraw_invitation(membership=membership, by=administrator)
    assert mails_to(membership.invited_email) == []


@pytest.mark.django_db(transaction=True)
def test_of_many_who_open_a_link_at_once_one_takes_the_role(administrator: User) -> None:
    membership, _link = invited(administrator)
    people = UserFactory.create_batch(8)
    with ThreadPoolExecutor(len(people)) as threads:
        taken = list(threads.map(lambda person: takes(membership, person), people))
    membership.refresh_from_db()
    assert taken.count(True) == 1
    assert membership.user == people[taken.index(True)]


def takes(membership: OpmMembership, person: User) -> bool:
    try:
        accept_invitation(membership=membership, by=person)
    except Refused:
        return False
    finally:
        connection.close()
    return True


def test_nobody_gives_a_role_to_themselves(administrator: User) -> None:
    membership, _link = invited(administrator)
    with pytest.raises(Refused, match="yourself"):
        accept_invitation(membership=membership, by=administrator)


def test_a_role_is_held_once(administrator: User) -> None:
    person = UserFactory()
    first, _link = invited(administrator, "a@agency.example")
    second, _link = invited(administrator, "b@agency.example")
    accept_invitation(membership=first, by=person)
    with pytest.raises(Refused, match="already"):
        accept_invitation(membership=second, by=person)


@pytest.mark.parametrize("role", sorted(set(OpmRole.values) - {OpmRole.ADMINISTRATOR}))
def test_only_administrators_invite_staff(role: str) -> None:
    with pytest.raises(NotPermitted):
        invite(membership=OpmInvitationFactory(), by=opm_staff(role))


def test_a_membership_nobody_registered_is_no_invitation(administrator: User) -> None:
    class Unregistered(OpmMembership):
        class Meta:
            app_label = "accounts"
            proxy = True

    with pytest.raises(LookupError):
        invite(membership=Unregistered(invited_email="x@agency.example"), by=administrator)
