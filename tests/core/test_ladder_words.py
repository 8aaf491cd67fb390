"""Rungs of a ladder, read by people who never saw its short words."""

import pytest

from techforce.core.ladders.words import rung_in_words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("-7d", "7 days before"),
        ("-1d", "1 day before"),
        ("-2bd", "2 business days before"),
        ("-1bd", "1 business day before"),
        ("0d", "on the day"),
        ("+1d", "1 day after"),
        ("+1d/7d", "1 day after, then every 7 days"),
        ("+21d/1d", "21 days after, then every day"),
        ("EOD+30d", "30 days after EOD"),
        ("EOD0d", "on EOD"),
        ("returned", "returned"),
    ],
)
def test_a_rung_is_said_in_words(code: str, words: str) -> None:
    assert rung_in_words(code) == words
