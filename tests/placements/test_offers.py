"""Answers to offers: in time, undone withdrawals, races, and what a firm "no" frees."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from applicants.services import request_withdrawal
from placements import services, tasks
from placements.models import Offer, Selection
from techforce.core.errors import Refused, TransitionRefused
from techforce.core.models import AuditEvent
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.parallel import at_once

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def overdue_offer() -> Offer:
    return made.SentOfferFactory(sent_at=timezone.now() - 6 * DAY, response_due_at=timezone.now() - DAY)


def test_a_question_after_the_time_is_over_wins_no_time() -> None:
    offer = overdue_offer()
    with pytest.raises(Refused, match="time for the answer is over"):
        services.pause_offer_clock(offer=offer, by=offer.applicant.user)
    with pytest.raises(TransitionRefused, match="time for the answer is over"):
        services.accept_offer(offer=offer, by=offer.applicant.user)


def test_asking_twice_is_written_once() -> None:
    offer = made.SentOfferFactory()
    for _press in range(2):
        services.pause_offer_clock(offer=offer, by=offer.applicant.user)
    assert AuditEvent.objects.about(offer).count() == 1


def test_the_clock_of_an_offer_that_was_withdrawn_stays_where_it_is() -> None:
    offer = made.SentOfferFactory()
    hr = agency_member(agency=offer.opening.agency)
    services.pause_offer_clock(offer=offer, by=offer.applicant.user)
    services.withdraw_offer(offer=offer, reason_code="error_corrected", by=hr)
    with pytest.raises(Refused):
        services.resume_offer_clock(offer=offer, by=hr)


def test_withdrawing_looks_at_the_offer_as_it_is_and_not_as_it_was_loaded() -> None:
    offer = made.OfferFactory()
    stale = Offer.objects.get(pk=offer.pk)
    hr = agency_member(agency=offer.opening.agency)
    services.send_offer(offer=offer, response_due_at=timezone.now() + DAY, by=hr)
    services.withdraw_offer(offer=stale, reason_code="error_corrected", by=hr)
    assert Selection.objects.get(pk=offer.selection_id).status == "selected"


def test_who_asked_to_withdraw_accepts_nothing() -> None:
    offer = made.SentOfferFactory()
    person = offer.applicant.user
    request_withdrawal(application=offer.selection.application, by=person)
    with pytest.raises(Refused, match="Undo the withdrawal"):
        services.accept_offer(offer=offer, by=person)


def test_a_declined_firm_offer_frees_the_seat_and_the_person() -> None:
    tentative = made.SentOfferFactory()
    person = tentative.applicant.user
    placement = services.accept_offer(offer=tentative, by=person)
    firm = made.SentOfferFactory(selection=Selection.objects.get(pk=tentative.selection_id), kind="firm")
    services.decline_offer(offer=firm, reason_code="personal", by=person)
    placement.refresh_from_db()
    placement.opening.refresh_from_db()
    application = Selection.objects.get(pk=firm.selection_id).application
    assert (firm.status, placement.status) == ("declined", "fell_through")
    assert (placement.opening.seats_filled, application.status) == (0, "qualified")


def test_a_firm_offer_is_not_accepted_for_a_placement_that_fell_through() -> None:
    tentative = made.SentOfferFactory()
    person = tentative.applicant.user
    placement = services.accept_offer(offer=tentative, by=person)
    firm = made.SentOfferFactory(selection=Selection.objects.get(pk=tentative.selection_id), kind="firm")
    hr = agency_member(agency=tentative.opening.agency)
    services.record_fall_through(placement=placement, reason_code="withdrew", by=hr)
    with pytest.raises(Refused, match="is Withdrawn"):
        services.accept_offer(offer=firm, by=person)


def test_beat_expires_what_nobody_answered() -> None:
    offer = overdue_offer()
    tasks.expire_offers()
    offer.refresh_from_db()
    assert (offer.status, Selection.objects.get(pk=offer.selection_id).status) == ("expired", "selected")


def deadlocks() -> int:
    """That PostgreSQL has ended in this database. A service tries again after one, so that nobody else notices it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_expiry_and_withdrawal_at_once_never_lock_each_other_out() -> None:
    before = deadlocks()
    for _round in range(10):
        offer = overdue_offer()
        hr = agency_member(agency=offer.opening.agency)
        works = (
            lambda: tasks.expire_offers(),
            lambda o=offer, h=hr: services.withdraw_offer(offer=o, reason_code="error_corrected", by=h),
        )
        results = at_once(2, lambda n, w=works: w[n]())
        assert all(not isinstance(r, Exception) or isinstance(r, TransitionRefused) for r in results)
        assert Selection.objects.get(pk=offer.selection_id).status == "selected"
    assert deadlocks() == before
