"""Who acts for a company, and inviting one more."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import PartnerMembership
from techforce.accounts.models import User
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.partners import PartnerMembershipFactory
from tests.partners.desks import able_company, mails_to, text
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

COLLEAGUES = "/partner/colleagues/"


def invited(desk: Desk, address: str = "new@mail.example") -> PartnerMembership:
    desk.post(COLLEAGUES, {"email": address})
    return PartnerMembership.objects.get(invited_email=address)


def test_a_colleague_is_invited_as_coordinator_of_the_own_company() -> None:
    partner, desk = able_company()
    membership = invited(desk)
    assert (membership.partner, membership.role, membership.user) == (partner, "coordinator", None)
    assert len(mails_to("new@mail.example")) == 1
    assert "new@mail.example" in text(desk.get(COLLEAGUES))


def test_an_invitation_is_withdrawn_once_and_by_the_own_company_only() -> None:
    _partner, desk = able_company()
    membership = invited(desk)
    path = f"{COLLEAGUES}{membership.public_id}/withdraw/"
    _other, stranger = able_company()
    assert stranger.post(path).status_code == 404
    assert desk.post(path).status_code == 302
    assert desk.post(path).status_code == 404
    assert "new@mail.example" not in text(desk.get(COLLEAGUES))


@pytest.mark.parametrize("who", [UserFactory, opm_staff])
def test_whoever_acts_for_no_company_finds_no_such_page(who: Callable[[], User]) -> None:
    desk = Desk(who())
    assert desk.get(COLLEAGUES).status_code == 404
    assert desk.post(COLLEAGUES, {"email": "new@mail.example"}).status_code == 404


def test_colleagues_of_another_company_are_not_shown() -> None:
    _partner, desk = able_company()
    PartnerMembershipFactory(user__full_name="Somebody Elsewhere")
    assert "Somebody Elsewhere" not in text(desk.get(COLLEAGUES))


def test_a_wrong_address_is_refused_and_kept() -> None:
    _partner, desk = able_company()
    answer = desk.post(COLLEAGUES, {"email": "not an address"})
    assert answer.status_code == 422
    assert 'value="not an address"' in text(answer)


def test_the_number_of_queries_does_not_grow_with_the_colleagues() -> None:
    partner, desk = able_company()
    desk.get(COLLEAGUES)
    counts = []
    for _round in range(2):
        PartnerMembershipFactory.create_batch(2, partner=partner)
        with CaptureQueriesContext(connection) as found:
            desk.get(COLLEAGUES)
        counts.append(len(found))
    assert counts[0] == counts[1]
