"""Never over the seats (I4), with the attack that works once the law is gone."""

import pytest
from django.db import connection

from agencies.models import Opening
from agencies.services import cut_seats, release_seat, take_seat
from techforce.accounts.models import User
from techforce.core.errors import Conflict, NotPermitted
from techforce.core.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.agencies import OpeningFactory, PublishedOpeningFactory, agency_member
from tests.parallel import at_once, succeeded

TAKERS = 64


def sixty_four_take(opening: Opening, by: User) -> list[object]:
    """All at the same moment, each with a connection of its own."""
    return at_once(TAKERS, lambda number: take_seat(opening=Opening.objects.get(pk=opening.pk), by=by))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_sixty_four_take_the_last_seat_and_one_gets_it() -> None:
    opening = PublishedOpeningFactory(seats=1)

    results = sixty_four_take(opening, UserFactory())

    opening.refresh_from_db()
    assert opening.seats_filled == 1
    assert len(succeeded(results)) == 1
    assert all(isinstance(result, Conflict) for result in results if result is not None)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_law_in_the_database_the_same_attack_oversells() -> None:
    opening = PublishedOpeningFactory(seats=1)
    law = next(c for c in Opening._meta.constraints if c.name == "opening_never_over_its_seats")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Opening, law)
    try:
        sixty_four_take(opening, UserFactory())
        opening.refresh_from_db()
        assert opening.seats_filled == TAKERS
    finally:
        Opening.objects.filter(pk=opening.pk).update(seats_filled=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Opening, law)


@pytest.mark.django_db
def test_a_seat_given_back_can_be_taken_again() -> None:
    opening, by = PublishedOpeningFactory(seats=1), UserFactory()
    take_seat(opening=opening, by=by)

    with pytest.raises(Conflict, match="last seat"):
        take_seat(opening=opening, by=by)
    release_seat(opening=opening, by=by)
    take_seat(opening=opening, by=by)

    assert (opening.seats_filled, opening.seats_open) == (1, 0)


@pytest.mark.django_db
def test_no_seat_is_given_back_twice() -> None:
    with pytest.raises(Conflict, match="No seat"):
        release_seat(opening=PublishedOpeningFactory(), by=UserFactory())


@pytest.mark.django_db
@pytest.mark.parametrize(("wanted", "left", "excess"), [(4, 4, 0), (3, 3, 0), (1, 3, 2), (0, 3, 3)])
def test_a_cut_closes_open_seats_and_unfills_none(wanted: int, left: int, excess: int) -> None:
    opening = PublishedOpeningFactory(seats=5, seats_filled=3)

    over = cut_seats(opening=opening, seats=wanted, by=agency_member(agency=opening.agency))

    assert (opening.seats, opening.seats_filled, over) == (left, 3, excess)
    assert AuditEvent.objects.about(opening).get().detail == {"from": 5, "asked": wanted, "to": left}


@pytest.mark.django_db
def test_another_agency_cuts_nothing() -> None:
    opening = OpeningFactory()

    with pytest.raises(NotPermitted):
        cut_seats(opening=opening, seats=1, by=agency_member())
