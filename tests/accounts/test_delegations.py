"""A lent right shows both names and never lets anybody decide about themselves (I16)."""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
import rules

from techforce.accounts.delegations import acting_for, giver_behind, lender, or_delegated
from techforce.accounts.models import Delegation, OpmRole, User
from techforce.accounts.services import deactivate_user, delegate, revoke_delegation
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from tests.factories.accounts import DelegationFactory, UserFactory, opm_staff

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """The pure part needs no database."""

    name: str
    is_decider: bool = False
    givers: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Matter:
    about: str


@rules.predicate
def may_decide(person: Person, matter: Matter) -> bool:
    return person.is_decider


@rules.predicate
def concerns(person: Person, matter: Matter) -> bool:
    return person.name == matter.about


DECIDER = Person("Dana", is_decider=True)
DELEGATE = Person("Tai", givers=(DECIDER,))
decides = or_delegated(may_decide, unless=concerns)


@pytest.mark.parametrize(("person", "about", "expected"), [
    (DECIDER, "Someone", True), (DELEGATE, "Someone", True), (Person("Nobody"), "Someone", False),
    (DELEGATE, "Tai", False),  # about the delegate themselves
    (DELEGATE, "Dana", False),  # about the giver, through a friend
    (Person("Third", givers=(DELEGATE,)), "Someone", False),  # a borrowed right is not lent on
])  # fmt: skip
def test_who_decides(person: Person, about: str, expected: bool) -> None:
    assert decides.test(person, Matter(about)) is expected


def test_the_audit_learns_both_names() -> None:
    assert giver_behind(decides, DELEGATE, Matter("Someone")) is DECIDER
    assert giver_behind(decides, DECIDER, Matter("Someone")) is None


def test_another_giver_stands_in_when_the_matter_concerns_the_first() -> None:
    other = Person("Oren", is_decider=True)
    assert lender(may_decide, DELEGATE, Matter("Dana"), concerns, (DECIDER, other)) is other


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "ends", "expected"), [(0, 0, 1), (-3, 3, 1), (1, 3, 0), (-3, -1, 0)])
def test_a_delegation_counts_on_its_days(starts: int, ends: int, expected: int) -> None:
    given = DelegationFactory(starts_on=today() + starts * DAY, ends_on=today() + ends * DAY)
    assert acting_for(fresh(given.taker)) == (given.giver,) * expected


@pytest.mark.django_db
def test_either_party_revokes_it_and_nobody_else() -> None:
    given = DelegationFactory()
    with pytest.raises(NotPermitted):
        revoke_delegation(delegation=given, by=UserFactory())
    revoke_delegation(delegation=given, by=given.taker)
    assert acting_for(fresh(given.taker)) == ()


@pytest.mark.django_db
def test_it_ends_when_either_account_is_closed() -> None:
    administrator, given, taken = opm_staff(OpmRole.ADMINISTRATOR), DelegationFactory(), DelegationFactory()
    deactivate_user(user=given.giver, by=administrator)
    deactivate_user(user=taken.taker, by=administrator)
    assert not Delegation.objects.live().exists()
    assert acting_for(fresh(given.taker)) == ()


@pytest.mark.django_db
def test_one_hands_over_only_ones_own_duties() -> None:
    giver, taker = UserFactory(), UserFactory()
    with pytest.raises(NotPermitted):
        delegate(giver=giver, taker=taker, starts_on=today(), ends_on=today(), by=taker)
    delegate(giver=giver, taker=taker, starts_on=today(), ends_on=today(), by=giver)
    assert acting_for(fresh(taker)) == (giver,)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [(0, -1), (-5, -1), (3, 2)])
def test_dates_must_make_sense(days: tuple[int, int]) -> None:
    giver = UserFactory()
    starts_on, ends_on = (today() + day * DAY for day in days)
    with pytest.raises(Refused):
        delegate(giver=giver, taker=UserFactory(), starts_on=starts_on, ends_on=ends_on, by=giver)


@pytest.mark.django_db
def test_nobody_acts_for_themselves_or_through_a_closed_account() -> None:
    giver = UserFactory()
    for taker in (giver, UserFactory(is_active=False), UserFactory(kind=User.Kind.SERVICE)):
        with pytest.raises(Refused):
            delegate(giver=giver, taker=taker, starts_on=today(), ends_on=today(), by=giver)
