"""A coordinator records the terms of a loan, as a leave or as a separation."""

import pytest

from partners.models import LoanTerms
from tests.factories.partners import (
    ConfirmedNominationFactory,
    InvitedNominationFactory,
    LeaveFactory,
)
from tests.partners.desks import (
    able_company,
    leave,
    mails_to,
    page_of,
    separation,
    text,
)

pytestmark = pytest.mark.django_db


def test_a_leave_is_recorded_and_the_person_is_told_once() -> None:
    partner, desk = able_company()
    nomination = ConfirmedNominationFactory(partner=partner)
    page = desk.post(page_of(nomination, "terms"), leave(), follow=True)
    assert "Jan. 8, 2032" in text(page)
    assert LoanTerms.objects.in_force().get(nomination=nomination).has_return_right
    assert [mail.subject for mail in mails_to(nomination.nominee.email)] == [
        "The terms of your loan are recorded"
    ]


def test_a_separation_takes_the_place_of_a_leave() -> None:
    partner, desk = able_company()
    nomination = LeaveFactory(nomination__partner=partner).nomination
    assert desk.get(page_of(nomination, "terms")).status_code == 200
    page = desk.post(page_of(nomination, "terms"), separation(), follow=True)
    assert "Last day at the company" in text(page)
    assert LoanTerms.objects.in_force().get(nomination=nomination).kind == "separation"
    assert text(page).count("Terms recorded") == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (leave(is_unpaid=""), "pay from the company are not possible"),
        (leave(leave_type=""), "Choose the kind of leave"),
        (leave(has_return_right=""), "Say whether the person may come back"),
        (leave(has_return_right="no"), "goes with a right to return"),
        (leave(begins_on_year="2033"), "comes after the first day"),
        (leave(begins_on_day="45"), "valid date"),
        (separation(has_return_right="yes"), "not with a separation"),
        ({}, "required"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_terms_that_contradict_themselves_are_refused(wrong: dict, sentence: str) -> None:
    partner, desk = able_company()
    nomination = ConfirmedNominationFactory(partner=partner)
    answer = desk.post(page_of(nomination, "terms"), wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not LoanTerms.objects.exists()


def test_terms_wait_for_the_persons_yes() -> None:
    partner, desk = able_company()
    nomination = InvitedNominationFactory(partner=partner)
    assert desk.post(page_of(nomination, "terms"), leave()).status_code == 404
    assert not LoanTerms.objects.exists()
