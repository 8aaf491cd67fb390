"""Ladders in short words: "-2bd" two business days before the date, "0d" on it, "+1d/7d" from the day after it every
seven days; after > who hears of it."""

import re
from collections.abc import Collection, Sequence

from techforce.core.thresholds import Threshold

RUNG = re.compile(r"(?P<days>[+-]?\d+)(?P<unit>bd|d)(?:/(?P<repeat>\d+)d)?(?:\s*>\s*(?P<who>[\w ]+))?")


class BadLadder(ValueError):
    """The ladder contradicts itself; the message names the rung."""


def ladder(
    *texts: str, words: Collection[str] = (), default: str = "", is_any_day: bool = False
) -> Sequence[Threshold]:
    """The rungs of `texts`. A rung that names nobody is for `default`; `words` are the names that are known."""
    return tuple(rung(text, words=words, default=default, is_any_day=is_any_day) for text in texts)


def rung(text: str, *, words: Collection[str] = (), default: str = "", is_any_day: bool = False) -> Threshold:
    match = RUNG.fullmatch(text)
    if match is None:
        raise BadLadder(f"“{text}” is no rung")
    audience = tuple((match["who"] or default).split())
    if unknown := set(audience) - set(words):
        raise BadLadder(f"“{text}” names {', '.join(sorted(unknown))}, whom nobody knows")
    return Threshold(
        code=text.partition(">")[0].strip(),
        days=int(match["days"]),
        unit="business" if match["unit"] == "bd" else "calendar",
        repeat_days=int(match["repeat"] or 0),
        audience=audience,
        is_any_day=is_any_day,
    )
