"""What the database refuses about cohorts, by whatever way it comes."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from techforce.program.models import Cohort, WindowExtension
from tests.factories.accounts import UserFactory
from tests.factories.program import CohortDisciplineFactory, CohortFactory, past_window

pytestmark = pytest.mark.django_db


def set_by_sql(cohort: Cohort, column: str, value: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE program_cohort SET {column} = %s WHERE id = %s", [value, cohort.pk])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("pay_min", None),
        ("pay_min", "NaN"),
        ("pay_min", -1),
        ("pay_min", 0),
        ("pay_min", 195_001),
        ("pay_max", None),
        ("pay_max", "NaN"),
        ("pay_max", 134_999),
        ("pay_max", 1_000_000_000),
        ("pay_period", "hour"),
        ("seats", 0),
        ("term_months", 0),
        ("term_months", 49),
        ("mechanism_limit_months", 121),
        ("closes_at", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)),
        ("status", "cancelled"),
        ("status", "open"),
    ],
)
def test_no_sql_makes_an_impossible_cohort(column: str, value: Any) -> None:
    cohort = CohortFactory()

    with pytest.raises((IntegrityError, DataError)):
        set_by_sql(cohort, column, value)


def test_the_band_may_be_a_single_rate() -> None:
    assert CohortFactory(pay_min=150_000, pay_max=150_000).pk


def test_the_deadline_of_a_planned_cohort_may_still_move_earlier() -> None:
    cohort = CohortFactory(status="planned")

    set_by_sql(cohort, "closes_at", cohort.closes_at - datetime.timedelta(days=1))

    earlier = cohort.closes_at - datetime.timedelta(days=1)
    assert Cohort.objects.get(pk=cohort.pk).closes_at == earlier


@pytest.mark.parametrize("status", ["open", "closed", "serving"])
def test_no_sql_moves_an_announced_deadline_earlier(status: str) -> None:
    cohort = CohortFactory(status=status)

    with pytest.raises(IntegrityError, match="only move later"):
        set_by_sql(cohort, "closes_at", cohort.closes_at - datetime.timedelta(seconds=1))


def test_a_discipline_is_offered_once_a_cohort() -> None:
    row = CohortDisciplineFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.create(cohort=row.cohort, discipline=row.discipline)


@pytest.mark.parametrize(
    ("kind", "reason", "days"),
    [
        ("planned", "more_time", -1),
        ("planned", "site_outage", 1),
        ("outage", "more_time", 1),
        ("outage", "mood", 1),
    ],
)
def test_an_extension_is_later_and_its_reason_fits_its_kind(kind: str, reason: str, days: int) -> None:
    cohort = CohortFactory(status="open")
    later = cohort.closes_at + datetime.timedelta(days=days)

    with pytest.raises(IntegrityError), transaction.atomic():
        WindowExtension.objects.create(
            cohort=cohort,
            kind=kind,
            reason_code=reason,
            by=UserFactory(),
            old_closes_at=cohort.closes_at,
            new_closes_at=later,
        )


def test_only_an_open_cohort_inside_its_window_takes_applications() -> None:
    now = timezone.now()
    accepting = CohortFactory(status="open")
    past_window()
    CohortFactory(status="planned")
    CohortFactory(status="open", opens_at=now + datetime.timedelta(days=1))

    assert list(Cohort.objects.accepting()) == [accepting]
    assert accepting.is_accepting


def test_the_deadline_itself_is_too_late() -> None:
    cohort = CohortFactory(status="open")

    assert not Cohort.objects.accepting(cohort.closes_at).exists()
    assert Cohort.objects.accepting(cohort.closes_at - datetime.timedelta(microseconds=1)).exists()
    assert Cohort.objects.past_closing(cohort.closes_at).exists()


def test_a_time_zone_that_does_not_exist_is_refused() -> None:
    cohort = CohortFactory.build(time_zone="America/Washington")

    with pytest.raises(ValidationError) as refusal:
        cohort.clean_fields()

    assert "time_zone" in refusal.value.message_dict


def test_changes_of_the_window_leave_history() -> None:
    cohort = CohortFactory()

    set_by_sql(cohort, "seats", 900)

    assert list(cohort.history.order_by("pgh_id").values_list("seats", flat=True)) == [1000, 900]
