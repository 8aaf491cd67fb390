"""Duties at an agency and at a company are lent too: in both names, never about oneself, never the giving of rights."""

import pytest

from agencies.models import AgencyMembership, AgencyRole
from agencies.services import pause_opening
from partners.models import Nomination
from placements.models import Selection
from techforce.accounts.models import User
from techforce.core.models import AuditEvent
from tests.factories.accounts import DelegationFactory, UserFactory
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.partners import NominationFactory, PartnerMembershipFactory
from tests.factories.placements import SelectionFactory

pytestmark = pytest.mark.django_db


def carrier_of(giver: User, taker: User | None = None) -> User:
    """Whoever carries the duties of `giver` today."""
    taken = DelegationFactory(giver=giver, taker=taker or UserFactory())
    return User.objects.get(pk=taken.taker.pk)


def test_a_colleague_pauses_an_opening_and_the_audit_shows_both() -> None:
    opening = PublishedOpeningFactory()
    giver = agency_member(AgencyRole.HR_SPECIALIST, agency=opening.agency)
    taker = carrier_of(giver)
    pause_opening(opening=opening, by=taker)
    event = AuditEvent.objects.get(action="agencies.opening:pause")
    assert (event.actor, event.on_behalf_of) == (taker, giver)


def test_an_own_right_is_not_credited_to_the_giver() -> None:
    opening = PublishedOpeningFactory()
    giver, own = (agency_member(AgencyRole.HR_SPECIALIST, agency=opening.agency) for _each in range(2))
    pause_opening(opening=opening, by=carrier_of(giver, own))
    assert AuditEvent.objects.get(action="agencies.opening:pause").on_behalf_of is None


def test_the_lists_follow_the_lent_role() -> None:
    selection = SelectionFactory()
    giver = agency_member(AgencyRole.HIRING_MANAGER, agency=selection.opening.agency)
    assert not Selection.objects.visible_to(UserFactory()).exists()
    assert Selection.objects.visible_to(carrier_of(giver)).get() == selection


def test_nobody_decides_about_the_giver_or_about_themselves() -> None:
    selection = SelectionFactory()
    person = selection.application.applicant.user
    official = agency_member(AgencyRole.APPROVING_OFFICIAL, agency=selection.opening.agency)
    for taker in (carrier_of(official, person), carrier_of(person, official)):
        assert not taker.has_perm("placements.select", selection)
        assert not Selection.objects.visible_to(taker).exists()


def test_a_borrowed_role_is_not_lent_on() -> None:
    opening = PublishedOpeningFactory()
    first = carrier_of(agency_member(AgencyRole.HR_SPECIALIST, agency=opening.agency))
    assert not carrier_of(first).has_perm("agencies.pause_opening", opening)


def test_rights_are_not_given_in_anothers_name() -> None:
    giver = agency_member(AgencyRole.HR_SPECIALIST)
    membership = AgencyMembership.objects.get(user=giver)
    assert giver.has_perm("agencies.add_agencymembership", membership)
    assert not carrier_of(giver).has_perm("agencies.add_agencymembership", membership)


def test_a_coordinator_on_leave_is_stood_in_for() -> None:
    nomination = NominationFactory()
    coordinator = PartnerMembershipFactory(partner=nomination.partner).user
    taker = carrier_of(coordinator)
    assert Nomination.objects.visible_to(taker).get() == nomination
    assert taker.has_perm("partners.nominate", nomination)
