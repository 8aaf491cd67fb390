"""The ladders of placements/seed/reminders.toml: at which distance from a due date who is reminded."""

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from placements.checklists import ROLES
from techforce.core.thresholds import Threshold

FILE = Path(__file__).resolve().parent.parent / "seed" / "reminders.toml"
RUNG = re.compile(
    r"(?P<anchor>EOD)?(?P<days>[+-]?\d+)(?P<unit>bd|d)(?:/(?P<repeat>\d+)d)?(?:\s*>\s*(?P<who>[\w ]+))?"
)
OWNER, RECORDER, PERSON = "owner", "recorder", "person"
WORDS = ROLES | {OWNER, RECORDER, PERSON}


class BadLadder(ValueError):
    """The file contradicts itself; the message names the rung."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """`counted` hang on the due date; `from_start` on entry on duty, so that their days differ from row to row."""

    item: str
    counted: tuple[Threshold, ...]
    from_start: tuple[Threshold, ...]

    def of(self, due_on: date | None, starts_on: date) -> Sequence[Threshold]:
        """Its rungs for one row, first to last."""
        if due_on is None or not self.from_start:
            return self.counted
        shift = (starts_on - due_on).days
        moved = [replace(rung, days=rung.days + shift) for rung in self.from_start]
        return (*(rung for rung in moved if rung.days <= 0), *self.counted)


@functools.cache
def ladders() -> Mapping[str, Ladder]:
    """By code; the one without codes serves every other step, under the empty code."""
    found: dict[str, Ladder] = {}
    for entry in tomllib.loads(FILE.read_text(encoding="utf-8"))["ladders"]:
        ladder = _ladder(entry["item"], entry["rungs"])
        found |= dict.fromkeys(entry["codes"] or [""], ladder)
    return found


def ladder_of(code: str) -> Ladder:
    return ladders().get(code) or ladders()[""]


def _ladder(item: str, texts: Sequence[str]) -> Ladder:
    counted: list[Threshold] = []
    from_start: list[Threshold] = []
    for text in texts:
        match = RUNG.fullmatch(text)
        if match is None:
            raise BadLadder(f"{item}: “{text}” is no rung")
        (from_start if match["anchor"] else counted).append(_threshold(match))
    return Ladder(item, tuple(counted), tuple(from_start))


def _threshold(match: re.Match[str]) -> Threshold:
    audience = tuple((match["who"] or OWNER).split())
    if unknown := set(audience) - WORDS:
        raise BadLadder(f"“{match[0]}” names {', '.join(sorted(unknown))}, whom nobody knows")
    days = int(match["days"])
    return Threshold(
        code=match[0].partition(">")[0].strip(),
        days=days,
        unit="business" if match["unit"] == "bd" else "calendar",
        repeat_days=int(match["repeat"] or 0),
        audience=audience,
    )
