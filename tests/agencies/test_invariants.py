"""`check_invariants` finds what the constraints would have refused."""

from collections.abc import Callable

import pytest
from django.db import connection

from agencies.models import Opening
from techforce.core import invariants
from tests.factories.agencies import PublishedOpeningFactory

pytestmark = pytest.mark.django_db


def broken() -> dict[str, list[str]]:
    return {
        invariant.sentence: lines
        for invariant, lines in invariants.broken().items()
        if "opening" in invariant.sentence
    }


@pytest.fixture
def without() -> Callable[[str], None]:
    """Drops a constraint until the test's transaction is rolled back."""

    def drop(name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE agencies_opening DROP CONSTRAINT {name}")

    return drop


@pytest.mark.parametrize(
    ("constraint", "columns", "words"),
    [
        ("opening_never_over_its_seats", {"seats_filled": 4}, "seats filled"),
        ("opening_pay_overlaps_band", {"pay_low": 1, "pay_high": 2}, "pay range"),
        ("opening_pay_filled_past_draft", {"pay_low": None}, "pay range"),
        ("opening_term_within_cohort", {"term_months": 25}, "term of every opening"),
    ],
)
def test_an_illegal_opening_is_found(
    without: Callable[[str], None], constraint: str, columns: dict[str, int | None], words: str
) -> None:
    opening = PublishedOpeningFactory(seats=3)
    assert broken() == {}

    without(constraint)
    Opening.objects.filter(pk=opening.pk).update(**columns)

    ((sentence, lines),) = broken().items()
    assert words in sentence
    assert str(opening.public_id) in lines[0]
