"""What everybody may read about groups of people: worked by hand, then for any numbers at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from placements.models import Measure
from placements.small_groups import FEWEST, SIZES, count_told, percent_told, size_told, tells_of_few
from tests.factories import placements as made

PEOPLE = st.integers(min_value=0, max_value=400)
SIZE_ENDS = (*(size - 1 for size in SIZES[1:]), 10**9)


# ── By hand ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kept", "cleared", "percent", "size"),
    [
        (9, 12, None, 10),  # three people were late
        (3, 12, None, 10),
        (9, 9, None, None),
        (0, 0, None, None),
        (10, 10, 100, 10),
        (0, 10, 0, 10),
        (19, 19, 100, 10),
        (10, 19, None, 10),  # nine beyond the promise
        (10, 20, 50, 20),
        (9, 20, None, 20),
        (11, 20, None, 20),
        (12, 25, 50, 20),  # 48 percent
        (37, 49, 75, 20),  # 75.5 percent
        (490, 500, 95, 500),  # 98 percent, and not everybody
        (10, 500, 5, 500),  # 2 percent, and not nobody
        (499, 500, None, 500),
    ],
)
def test_a_share_is_told_only_if_both_sides_are_nobody_or_ten(
    kept: int, cleared: int, percent: int | None, size: int | None
) -> None:
    assert (percent_told(kept, cleared), size_told(cleared)) == (percent, size)


@pytest.mark.parametrize(
    ("number", "told"), [(0, None), (9, None), (10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (102, 100)]
)
def test_people_are_told_to_the_nearest_five(number: int, told: int | None) -> None:
    assert count_told(number) == told


# ── Whatever the numbers ──────────────────────────────────────────────────────────────────────────
def numbers_behind(told: int | None) -> range:
    """Every count that a published one may stand for."""
    if told is None:
        return range(FEWEST)
    return range(max(FEWEST, told - 2), told + 3)


def splits_behind(percent: int, size: int) -> Iterator[tuple[int, int]]:
    """Every pair of numbers that a published share may stand for."""
    last = SIZE_ENDS[SIZES.index(size)]
    for whole in range(size, min(last, size + 60) + 1):
        for part in range(whole + 1):
            if percent_told(part, whole) == percent:
                yield part, whole - part


@given(part=PEOPLE, rest=PEOPLE)
def test_no_published_share_tells_that_a_side_is_one_to_nine(part: int, rest: int) -> None:
    whole = part + rest
    percent, size = percent_told(part, whole), size_told(whole)
    if percent is None or size is None:
        assert whole < FEWEST or tells_of_few(part, whole)
        return
    assert not any(0 < side < FEWEST for pair in splits_behind(percent, size) for side in pair)


@given(cells=st.lists(PEOPLE, min_size=2, max_size=5))
def test_no_cell_of_one_to_nine_is_got_by_subtraction(cells: list[int]) -> None:
    """Whatever part of the people a total is of: it less the published cells leaves room for none of the rest, or for
    ten and more of them."""
    size = size_told(sum(cells))
    shown = [cell for cell in cells if count_told(cell) is not None]
    if size is None or len(shown) == len(cells):
        return
    behind = [numbers_behind(count_told(cell)) for cell in shown]
    least = max(0, size - sum(numbers[-1] for numbers in behind))
    most = SIZE_ENDS[SIZES.index(size)] - sum(numbers[0] for numbers in behind)
    assert least == 0 or most >= FEWEST


@given(week=st.integers(min_value=FEWEST, max_value=10_000), step=st.integers(min_value=-9, max_value=9))
def test_two_weeks_side_by_side_do_not_tell_how_many_came_or_went(week: int, step: int) -> None:
    """The same two published counts stand for at least five different moves."""
    before, after = count_told(week), count_told(week + step)
    if after is None:
        return  # that a group became small is known, not how small
    moves = {later - now for now in numbers_behind(before) for later in numbers_behind(after)}
    assert len(moves) >= 5


# ── The table ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize(("kept", "cases"), [(9, 20), (11, 20), (3, 12), (9, 12), (21, 20)])
def test_the_table_has_no_place_for_a_share_that_tells_of_few(kept: int, cases: int) -> None:
    edition = made.EditionFactory()
    with pytest.raises(IntegrityError, match="share_tells_of_no_few"), transaction.atomic():
        made.FigureFactory(edition=edition, measure=Measure.KEPT, amount=kept, cases=cases)


@pytest.mark.django_db
@pytest.mark.parametrize(("kept", "cases"), [(0, 10), (10, 10), (10, 20), (30, 40)])
def test_the_table_takes_every_other_share(kept: int, cases: int) -> None:
    row: Any = made.FigureFactory(measure=Measure.KEPT, amount=kept, cases=cases)
    assert row.told == percent_told(kept, cases)
