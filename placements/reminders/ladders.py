"""The ladders of placements/seed/reminders.toml: at which distance from a due date who is reminded."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from placements.checklists import ROLES
from techforce.core.ladders import ladder
from techforce.core.thresholds import Threshold

FILE = Path(__file__).resolve().parent.parent / "seed" / "reminders.toml"
FROM_START = "EOD"
OWNER, RECORDER, PERSON = "owner", "recorder", "person"
WORDS = ROLES | {OWNER, RECORDER, PERSON}


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
        parsed = _ladder(entry["item"], entry["rungs"])
        found |= dict.fromkeys(entry["codes"] or [""], parsed)
    return found


def ladder_of(code: str) -> Ladder:
    return ladders().get(code) or ladders()[""]


def _ladder(item: str, texts: Sequence[str]) -> Ladder:
    """Codes keep the word of what they count from, so that two rungs of a ladder never share one."""
    counted = ladder(*(text for text in texts if not text.startswith(FROM_START)), words=WORDS, default=OWNER)
    from_start = tuple(
        replace(found, code=f"{FROM_START}{found.code}")
        for text in texts
        if text.startswith(FROM_START)
        for found in ladder(text.removeprefix(FROM_START), words=WORDS, default=OWNER)
    )
    return Ladder(item, tuple(counted), from_start)
