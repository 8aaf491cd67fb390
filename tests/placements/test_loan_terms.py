"""I7: a lent person who starts has exactly one of {leave of absence, separation} on file."""

from typing import Any

import pytest
from django.utils import timezone

from partners.models import LoanTerms
from partners.services import record_leave_of_absence, record_separation
from placements.models import Placement
from placements.services import (
    confirm_ready,
)
from techforce.core.calendar import today
from techforce.core.errors import TransitionRefused
from techforce.core.invariants import broken
from techforce.core.workflow import transition
from tests.factories.partners import ConfirmedNominationFactory, LeaveFactory, SeparationFactory
from tests.factories.placements import (
    LentPlacementFactory,
    checked_placement,
)
from tests.placements.attacks import refused, without_triggers
from tests.placements.starting import force_ready, race, staff

ROUNDS = 20

pytestmark = pytest.mark.django_db


def lent_placement(**fields: Any) -> Placement:
    return checked_placement(LentPlacementFactory(**fields))


def test_a_lent_person_does_not_start_without_terms_on_file() -> None:
    placement = lent_placement()
    hr = staff(placement, "hr_specialist")
    with pytest.raises(TransitionRefused, match="terms of the loan"):
        confirm_ready(placement=placement, by=hr)
    with refused("exactly one of leave of absence and separation"):
        force_ready(placement)
    LeaveFactory(nomination=placement.nomination)
    assert confirm_ready(placement=placement, by=hr).status == "ready"


def test_terms_of_the_other_kind_are_not_the_terms() -> None:
    placement = lent_placement()
    SeparationFactory(nomination=placement.nomination)
    with refused("exactly one of leave of absence and separation"):
        force_ready(placement)


def test_both_at_once_are_refused() -> None:
    leave = LeaveFactory()
    with refused("one_terms_in_force_a_nomination"):
        SeparationFactory(nomination=leave.nomination)


def test_terms_of_someone_who_serves_are_not_taken_away() -> None:
    placement = lent_placement()
    terms = LeaveFactory(nomination=placement.nomination)
    force_ready(placement)
    for attack in (
        lambda: LoanTerms.objects.filter(pk=terms.pk).delete(),
        lambda: LoanTerms.objects.filter(pk=terms.pk).update(superseded_at=timezone.now()),
        lambda: LoanTerms.objects.filter(pk=terms.pk).update(nomination=ConfirmedNominationFactory()),
    ):
        with refused("exactly one of leave of absence and separation"):
            attack()


def test_an_inserted_service_of_a_lent_person_needs_terms_too() -> None:
    with refused("exactly one of leave of absence and separation"):
        LentPlacementFactory(status="active", entry_recorded_at=timezone.now())


def test_terms_change_while_nobody_has_started() -> None:
    nomination = LeaveFactory().nomination
    nominee = nomination.nominee
    record_separation(nomination=nomination, last_day_on=today(), by=nominee)
    record_leave_of_absence(
        nomination=nomination, leave_type="personal", starts_on=today(), has_return_right=True, by=nominee
    )
    assert LoanTerms.objects.in_force().get(nomination=nomination).kind == "leave_of_absence"
    assert LoanTerms.objects.filter(nomination=nomination).count() == 3


@pytest.mark.django_db(transaction=True)
def test_terms_removed_while_the_start_is_authorized_20_rounds() -> None:
    for _round in range(ROUNDS):
        placement = lent_placement()
        terms = LeaveFactory(nomination=placement.nomination)
        assert (
            race(
                lambda p=placement: force_ready(p), lambda t=terms: LoanTerms.objects.filter(pk=t.pk).delete()
            )
            == 1
        )
    assert "I7" not in {invariant.code for invariant in broken()}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_triggers_the_terms_are_gone() -> None:
    placement = lent_placement()
    terms = LeaveFactory(nomination=placement.nomination)
    with without_triggers("placements_placement"), without_triggers("partners_loanterms"):
        assert (
            race(lambda: force_ready(placement), lambda: LoanTerms.objects.filter(pk=terms.pk).delete()) == 2
        )
    assert "I7" in {invariant.code for invariant in broken()}


def test_a_transition_refused_by_the_database_leaves_nothing_behind() -> None:
    placement = lent_placement()
    with refused("exactly one"):
        force_ready(placement)
    placement.refresh_from_db()
    assert placement.status == "pending_checks"
    with pytest.raises(TransitionRefused):
        transition(placement, "confirm_ready", by=staff(placement, "hr_specialist"))
