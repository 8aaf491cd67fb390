"""A transfer keeps the total of all terms (I5) and the count of the seats (I4)."""

import datetime

import pytest

from agencies.models import Opening
from placements import services
from placements.models import Placement
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from techforce.core.errors import Refused
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory
from tests.placements.agency_room import SECURITY, desk
from tests.placements.starting import staff
from tests.placements.vetting_desk import reference_of

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def serving(days: int = 100) -> Placement:
    return made.ActivePlacementFactory(selection__opening__seats_filled=1, starts_on=today() - days * DAY)


def transferred(placement: Placement, starts_on: datetime.date) -> Placement:
    opening = PublishedOpeningFactory(cohort=placement.cohort)
    manager = opm_staff(OpmRole.CASE_MANAGER)
    return services.transfer_placement(placement=placement, opening=opening, starts_on=starts_on, by=manager)


def test_it_is_contiguous_and_starts_its_own_checks_and_screen() -> None:
    placement = serving()
    following = transferred(placement, today() + DAY)
    assert (placement.status, placement.ended_on) == ("transferred", today())
    assert (following.status, following.starts_on) == ("pending_checks", today() + DAY)
    assert following.determinations.get().status == "proposed"


def test_the_end_stays_when_the_person_enters_on_duty() -> None:
    placement = serving(days=700)
    following = transferred(placement, today())
    made.checked_placement(following)
    hr = staff(following, "hr_specialist")
    services.confirm_ready(placement=following, by=hr)
    services.enter_on_duty(placement=following, effective_on=today(), by=hr)
    assert (following.status, following.ends_on) == ("active", placement.ends_on)


def test_the_number_that_the_person_has_finds_the_placement_after_the_transfer_too() -> None:
    placement = serving()
    following = transferred(placement, today())
    number = reference_of(placement)
    found = desk(SECURITY, following.opening).get("/agency/vetting/", {"q": number}).content.decode()
    assert f"/agency/placements/{following.public_id}/" in found


def test_the_seat_that_was_left_is_free_again() -> None:
    placement = serving()
    following = transferred(placement, today())
    filled = Opening.objects.in_bulk([placement.opening_id, following.opening_id])
    assert filled[placement.opening_id].seats_filled == 0
    assert filled[following.opening_id].seats_filled == 1


@pytest.mark.parametrize("days", [-200, 0, 800])
def test_it_begins_during_the_term_that_it_ends(days: int) -> None:
    placement = serving()
    with pytest.raises(Refused, match="during the term"):
        transferred(placement, placement.starts_on + days * DAY)


def test_it_leads_to_another_opening_of_the_cohort() -> None:
    manager = opm_staff(OpmRole.CASE_MANAGER)
    with pytest.raises(Refused, match="same cohort"):
        services.transfer_placement(
            placement=serving(), opening=PublishedOpeningFactory(), starts_on=today(), by=manager
        )


def test_nobody_enters_on_duty_twice_on_the_same_day() -> None:
    following = transferred(serving(), today())
    made.checked_placement(following)
    hr = staff(following, "hr_specialist")
    services.confirm_ready(placement=following, by=hr)
    with pytest.raises(Refused, match="After a transfer"):
        services.enter_on_duty(placement=following, effective_on=today() - DAY, by=hr)
