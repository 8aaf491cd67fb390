"""What the database refuses about an opening, whoever writes it (I4, I5, I6)."""

import datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models.expressions import RawSQL

from agencies.models import Opening, OpeningStatus
from techforce.core.calendar import today
from tests.factories.agencies import (
    OfficeFactory,
    OpeningFactory,
    OpeningPlaceFactory,
    PayBandExceptionFactory,
    PublishedOpeningFactory,
)
from tests.factories.program import CohortFactory

pytestmark = pytest.mark.django_db

BELOW, ABOVE = 134_999, 195_001
NAN = RawSQL("'NaN'::numeric", ())  # Django refuses it before the database sees it


def write(opening: Opening, **columns: Any) -> None:
    """Straight into the table, past every service and form."""
    names = ", ".join(f"{name} = %s" for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE agencies_opening SET {names} WHERE id = %s", [*columns.values(), opening.pk])


def exception_for(opening: Opening, low: Any, high: Any) -> None:
    exception = PayBandExceptionFactory(opening=opening, pay_low=low, pay_high=high)
    write(opening, pay_low=low, pay_high=high, band_exception_id=exception.pk)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (100_000, BELOW),
        (ABOVE, 210_000),
        (None, 150_000),
        (150_000, None),
        (None, None),
        ("NaN", 150_000),
        (150_000, "NaN"),
        ("NaN", "NaN"),
        (-1, 150_000),
        (150_000, -1),
        (0, 150_000),
        (150_000, 10**9 - 1),
        (180_000, 150_000),
    ],
)
def test_past_draft_a_pay_range_is_money_in_order_that_overlaps_the_band(low: Any, high: Any) -> None:
    opening = PublishedOpeningFactory()

    with pytest.raises(IntegrityError):
        write(opening, pay_low=low, pay_high=high)


def test_a_billion_does_not_even_fit_the_column() -> None:
    opening = PublishedOpeningFactory()

    with pytest.raises(DataError):
        write(opening, pay_high=10**9)


@pytest.mark.parametrize(("low", "high"), [(100_000, 135_000), (195_000, 250_000), (140_000, 150_000)])
def test_a_range_that_touches_the_band_stands(low: int, high: int) -> None:
    opening = PublishedOpeningFactory()

    write(opening, pay_low=low, pay_high=high)


@pytest.mark.parametrize(("low", "high"), [(BELOW - 1, BELOW), (ABOVE, ABOVE + 1)])
def test_an_exception_allows_the_range_that_it_names(low: int, high: int) -> None:
    opening = PublishedOpeningFactory()

    exception_for(opening, low, high)

    opening.refresh_from_db()
    assert (opening.pay_low, opening.pay_high) == (low, high)


def test_an_exception_covers_no_other_range() -> None:
    opening = PublishedOpeningFactory()
    exception_for(opening, 100_000, BELOW)

    with pytest.raises(IntegrityError, match="opening_exception_fits"):
        write(opening, pay_high=120_000)


def test_an_exception_covers_no_other_opening() -> None:
    exception = PayBandExceptionFactory(pay_low=100_000, pay_high=120_000)

    with pytest.raises(IntegrityError, match="opening_exception_fits"):
        write(PublishedOpeningFactory(), pay_low=100_000, pay_high=120_000, band_exception_id=exception.pk)


@pytest.mark.parametrize(("low", "high"), [(NAN, NAN), (-1, 120_000), (100_000, 10**9 - 1)])
def test_no_exception_allows_what_is_not_money(low: Any, high: Any) -> None:
    opening = OpeningFactory()

    with pytest.raises(IntegrityError, match="exception_range"), transaction.atomic():
        PayBandExceptionFactory(opening=opening, pay_low=low, pay_high=high)


def test_an_exception_says_why_and_is_never_rewritten() -> None:
    exception = PayBandExceptionFactory()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        type(exception).objects.filter(pk=exception.pk).update(pay_high=200_000)
    with pytest.raises(IntegrityError, match="exception_says_why"), transaction.atomic():
        PayBandExceptionFactory(reason="")


def test_a_draft_may_still_be_empty() -> None:
    opening = OpeningFactory(
        pay_low=None, pay_high=None, discipline=None, series=None, summary="", has_no_vendor_duties=False
    )

    assert opening.status == OpeningStatus.DRAFT


def test_the_band_is_the_cohorts_own() -> None:
    opening = PublishedOpeningFactory(cohort=CohortFactory(pay_min=120_000, pay_max=130_000), pay_low=125_000)

    assert (opening.cohort_pay_min, opening.cohort_pay_max) == (120_000, 130_000)
    with pytest.raises(IntegrityError, match="opening_copies_pay_band"):
        write(opening, cohort_pay_max=500_000)


def test_a_band_that_moves_takes_its_copies_along() -> None:
    opening = PublishedOpeningFactory()

    type(opening.cohort).objects.filter(pk=opening.cohort_id).update(pay_max=205_000)

    opening.refresh_from_db()
    assert opening.cohort_pay_max == 205_000


@pytest.mark.parametrize("months", [0, 25, 48])
def test_a_term_lies_within_the_cohorts(months: int) -> None:
    opening = OpeningFactory()

    with pytest.raises(IntegrityError, match="opening_term_within_cohort"):
        write(opening, term_months=months)


def test_the_cohorts_term_cannot_be_forged() -> None:
    opening = OpeningFactory()

    with pytest.raises(IntegrityError, match="opening_copies_term"):
        write(opening, cohort_term_months=48)


@pytest.mark.parametrize("filled", [-1, 4])
def test_filled_seats_lie_between_none_and_all(filled: int) -> None:
    opening = OpeningFactory(seats=3)

    with pytest.raises(IntegrityError, match=r"opening_never_over_its_seats|seats_filled_check"):
        write(opening, seats_filled=filled)


def test_seats_cannot_be_fewer_than_those_filled() -> None:
    opening = OpeningFactory(seats=3, seats_filled=3)

    with pytest.raises(IntegrityError, match="opening_never_over_its_seats"):
        write(opening, seats=2)


def test_an_office_of_another_agency_is_refused() -> None:
    opening = OpeningFactory()

    with pytest.raises(IntegrityError, match="opening_office_in_agency"):
        write(opening, office_id=OfficeFactory().pk)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("opening_designated_when_published", {"designated_on": None}),
        ("opening_designated_when_published", {"designation_record": ""}),
        ("opening_designated_when_published", {"vetting_tier_id": None}),
        ("opening_designated_when_published", {"sensitivity_id": None}),
        ("opening_designated_when_published", {"disclosure_filer": ""}),
        ("opening_designated_when_published", {"published_at": None}),
        ("opening_disclosure_known", {"disclosure_filer": "oge_999"}),
        ("opening_complete_past_draft", {"summary": ""}),
        ("opening_complete_past_draft", {"series_id": None}),
        ("opening_complete_past_draft", {"closes_at": None}),
        ("opening_complete_past_draft", {"closes_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}),
        ("opening_submitted_past_draft", {"submitted_at": None}),
        ("opening_duties_answered", {"has_no_vendor_duties": False}),
        ("opening_duties_not_contradictory", {"has_source_selection": True}),
        ("opening_grades_in_order", {"grade_low": 15}),
        ("opening_grades_in_order", {"grade_high": 16}),
        ("opening_grades_in_order", {"grade_low": 99, "grade_high": None}),
        ("opening_grades_in_order", {"grade_low": None, "grade_high": 99}),
        ("opening_pay_plan_form", {"pay_plan": "g1"}),
        ("opening_travel_percent", {"travel_percent": 101}),
        ("opening_track_known", {"track": "late"}),
        ("opening_fill_method_known", {"fill_method": "both"}),
        ("opening_has_a_title", {"title": ""}),
    ],
)
def test_a_published_opening_is_whole(constraint: str, columns: dict[str, Any]) -> None:
    opening = PublishedOpeningFactory()

    with pytest.raises(IntegrityError, match=constraint):
        write(opening, **columns)


def test_a_place_is_named_once() -> None:
    place = OpeningPlaceFactory()

    with pytest.raises(IntegrityError, match="one_row_an_opening_and_place"), transaction.atomic():
        OpeningPlaceFactory(opening=place.opening, city=place.city)
    with pytest.raises(IntegrityError, match="place_state_form"), transaction.atomic():
        OpeningPlaceFactory(opening=place.opening, state="dc")


def test_a_status_is_written_by_the_workflow_alone() -> None:
    opening = PublishedOpeningFactory()
    opening.status = OpeningStatus.CLOSED

    with pytest.raises(IntegrityError, match="only for the workflow"), transaction.atomic():
        opening.save()
    with pytest.raises(IntegrityError, match="only for the workflow"), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(status=OpeningStatus.CLOSED)
    with pytest.raises(IntegrityError, match="only for the workflow"):
        write(opening, status="closed")


def test_its_history_shows_a_raw_update() -> None:
    opening = PublishedOpeningFactory(seats=3)

    write(opening, seats=2, designated_on=today())

    assert list(opening.history.order_by("pgh_id").values_list("seats", flat=True)) == [3, 2]
