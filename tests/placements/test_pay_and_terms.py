"""I5: pay in the band or with its exception; terms within the cohort's term and the mechanism's limit."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from placements.models import Offer, Placement, PlacementExtension
from placements.services import allow_pay_outside_band, draft_offer, extend_placement
from techforce.core.calendar import add_months, today
from techforce.core.errors import NotPermitted, Refused
from tests.factories.agencies import agency_member
from tests.factories.placements import (
    ActivePlacementFactory,
    EndedPlacementFactory,
    OfferFactory,
    PayExceptionFactory,
    PlacementFactory,
    SelectionFactory,
)
from tests.parallel import at_once
from tests.placements.attacks import refused, run, without_triggers

ONE_DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rate", ["134999", "195001", "NULL", "'NaN'", "-1", "0", "1000000000"])
def test_raw_sql_cannot_write_a_rate_outside_the_band(rate: str) -> None:
    offer = OfferFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        run(f"UPDATE placements_offer SET pay_rate = {rate} WHERE id = %s", offer.pk)


@pytest.mark.parametrize("rate", [135_000, 195_000])
def test_both_ends_of_the_band_are_in_it(rate: int) -> None:
    assert OfferFactory(pay_rate=rate).pay_rate == rate


def test_a_rate_outside_the_band_needs_its_own_exception() -> None:
    exception = PayExceptionFactory(pay_rate=197_200)
    offer = OfferFactory(selection=exception.selection, pay_rate=197_200, pay_exception=exception)
    with refused("offer_exception_fits"):
        Offer.objects.filter(pk=offer.pk).update(pay_rate=197_300)
    with refused("offer_pay_in_band"):
        Offer.objects.filter(pk=offer.pk).update(pay_exception=None)


def test_an_exception_of_another_selection_is_no_exception() -> None:
    with refused("offer_exception_fits"):
        OfferFactory(pay_rate=197_200, pay_exception=PayExceptionFactory(pay_rate=197_200))


@pytest.mark.parametrize("rate", ["-1", "0", "1000000"])
def test_no_exception_is_for_something_that_is_no_money(rate: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PayExceptionFactory(pay_rate=Decimal(rate))


def test_an_exception_says_why_and_is_never_touched_up() -> None:
    with refused("pay_exception_says_why"):
        PayExceptionFactory(reason="")
    with refused("append-only"):
        type(PayExceptionFactory()).objects.update(pay_rate=190_000)


def test_an_offer_cannot_bring_a_band_of_its_own() -> None:
    with refused("offer_copies_pay_band"):
        OfferFactory(pay_rate=100_000, pay_min=90_000)


def test_a_band_is_not_moved_away_from_an_offer_that_was_made_in_it() -> None:
    offer = OfferFactory(pay_rate=140_000)
    with refused("offer_pay_in_band"):
        type(offer.cohort).objects.filter(pk=offer.cohort.pk).update(pay_min=150_000)


def test_hr_drafts_in_the_band_and_the_approving_official_allows_what_is_outside() -> None:
    selection = SelectionFactory(status="selected")
    hr = agency_member(agency=selection.opening.agency)
    official = agency_member("approving_official", agency=selection.opening.agency)
    rate, start = Decimal(197_200), today()
    with pytest.raises(Refused, match="outside the cohort's pay band"):
        draft_offer(selection=selection, pay_rate=rate, starts_on=start, by=hr)
    with pytest.raises(NotPermitted):
        allow_pay_outside_band(selection=selection, pay_rate=rate, authority="5 CFR", reason="Skills", by=hr)
    exception = allow_pay_outside_band(
        selection=selection, pay_rate=rate, authority="5 CFR", reason="Skills", by=official
    )
    offer = draft_offer(selection=selection, pay_rate=rate, starts_on=start, pay_exception=exception, by=hr)
    assert offer.pay_exception == exception


def test_a_first_term_ends_the_day_before_the_same_day_24_months_later() -> None:
    placement = PlacementFactory(starts_on=datetime.date(2026, 11, 30))
    assert placement.initial_ends_on == datetime.date(2028, 11, 29)
    with refused("placement_first_end_within_term"):
        Placement.objects.filter(pk=placement.pk).update(
            initial_ends_on=datetime.date(2028, 11, 30), ends_on=datetime.date(2028, 11, 30)
        )


def test_a_placement_cannot_bring_a_longer_term_of_its_own() -> None:
    with refused("placement_copies_term"):
        PlacementFactory(term_months=36)


def test_an_end_before_the_start_is_refused() -> None:
    with refused("placement_dates_in_order"):
        PlacementFactory(initial_ends_on=today() - ONE_DAY)


def test_four_years_may_be_filled_to_the_last_day_and_no_further() -> None:
    placement = ActivePlacementFactory()
    official = agency_member("approving_official", agency=placement.opening.agency)
    limit = add_months(placement.starts_on, 48) - ONE_DAY
    extend_placement(placement=placement, ends_on=limit, by=official)
    with refused("exceed 48 months"):
        extend_placement(placement=placement, ends_on=limit + ONE_DAY, by=official)
    assert PlacementExtension.objects.count() == 1


def test_earlier_terms_count_too() -> None:
    ended = EndedPlacementFactory()
    placement = ActivePlacementFactory(
        selection__application=ended.selection.application, selection__opening__cohort=ended.cohort
    )
    with refused("exceed 48 months"):
        Placement.objects.filter(pk=placement.pk).update(ends_on=add_months(today(), 37))


def test_another_mechanism_has_a_count_of_its_own() -> None:
    placement = ActivePlacementFactory(appointment_mechanism="other")
    Placement.objects.filter(pk=placement.pk).update(ends_on=add_months(today(), 60))
    placement.refresh_from_db()
    assert placement.ends_on == add_months(today(), 60)


def two_terms_that_together_are_too_long() -> list[tuple[Any, datetime.date]]:
    """A term that ended two years ago and one under way; each could grow alone, but not both."""
    first = EndedPlacementFactory(starts_on=add_months(today(), -24), ended_on=add_months(today(), -13))
    second = ActivePlacementFactory(
        selection__application=first.selection.application, selection__opening__cohort=first.cohort
    )
    return [(first, add_months(today(), -1)), (second, add_months(today(), 36))]


def lengthen_both_at_once() -> int:
    """Days of both terms together, after two transactions lengthened one each."""
    (first, earlier_end), (second, later_end) = two_terms_that_together_are_too_long()
    changes = [
        (first, {"ended_on": earlier_end, "ends_on": max(first.ends_on, earlier_end)}),
        (second, {"ends_on": later_end}),
    ]

    def lengthen(number: int) -> None:
        placement, columns = changes[number]
        with transaction.atomic():
            Placement.objects.filter(pk=placement.pk).update(**columns)
            run("SELECT pg_sleep(0.2)")

    at_once(2, lengthen)
    rows = Placement.objects.order_by("pk")
    return sum(((row.ended_on or row.ends_on) - row.starts_on).days + 1 for row in rows)


@pytest.mark.django_db(transaction=True)
def test_two_extensions_at_once_cannot_pass_the_limit_together() -> None:
    assert lengthen_both_at_once() <= 4 * 365 + 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_trigger_both_get_through() -> None:
    with without_triggers("placements_placement"):
        assert lengthen_both_at_once() > 4 * 365 + 1
