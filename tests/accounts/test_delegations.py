"""A lent right shows both names and never lets anybody decide about themselves (I16)."""

import datetime

import pytest

from techforce.accounts.models import Delegation, OpmRole, User
from techforce.accounts.services import deactivate_user, delegate, revoke_delegation
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from tests.factories.accounts import DelegationFactory, UserFactory, opm_staff

DAY = datetime.timedelta(days=1)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(("starts", "ends", "expected"), [(0, 0, 1), (-3, 3, 1), (1, 3, 0), (-3, -1, 0)])
def test_a_delegation_counts_on_its_days(starts: int, ends: int, expected: int) -> None:
    given = DelegationFactory(starts_on=today() + starts * DAY, ends_on=today() + ends * DAY)
    assert fresh(given.taker).givers == (given.giver,) * expected


@pytest.mark.django_db
def test_either_party_revokes_it_and_nobody_else() -> None:
    given = DelegationFactory()
    with pytest.raises(NotPermitted):
        revoke_delegation(delegation=given, by=UserFactory())
    revoke_delegation(delegation=given, by=given.taker)
    assert fresh(given.taker).givers == ()


@pytest.mark.django_db
def test_it_ends_when_either_account_is_closed() -> None:
    administrator, given, taken = opm_staff(OpmRole.ADMINISTRATOR), DelegationFactory(), DelegationFactory()
    deactivate_user(user=given.giver, by=administrator)
    deactivate_user(user=taken.taker, by=administrator)
    assert not Delegation.objects.live().exists()
    assert fresh(given.taker).givers == ()


@pytest.mark.django_db
def test_one_hands_over_only_ones_own_duties() -> None:
    giver, taker = UserFactory(), UserFactory()
    with pytest.raises(NotPermitted):
        delegate(giver=giver, taker=taker, starts_on=today(), ends_on=today(), by=taker)
    delegate(giver=giver, taker=taker, starts_on=today(), ends_on=today(), by=giver)
    assert fresh(taker).givers == (giver,)


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
