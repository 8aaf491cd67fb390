"""`check_invariants` finds what outlives its owner (I12)."""

import pytest

from techforce.accounts.models import User
from techforce.core import invariants
from tests.accounts.visitor import Visitor
from tests.factories.accounts import DelegationFactory, UserFactory

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    return [invariant.sentence for invariant in invariants.broken() if invariant.code == "I12"]


def close_past_the_service(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def test_a_session_of_a_closed_account_is_found(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.sign_in(user)
    assert broken() == []

    close_past_the_service(user)

    assert broken() == ["no closed account has a session"]


@pytest.mark.parametrize("side", ["giver", "taker"])
def test_duties_of_a_closed_account_are_found(side: str) -> None:
    close_past_the_service(getattr(DelegationFactory(), side))

    assert broken() == ["no closed account carries or lends duties"]
