"""Reads the demonstration's own texts, and places them in time."""

import csv
import datetime
import functools
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from techforce.core.calendar import EASTERN, today

FOLDER = Path(__file__).resolve().parent.parent / "content"


@functools.cache
def read(name: str) -> dict[str, Any]:
    """The file `name`.toml beside the demo's code."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read_rows(name: str) -> list[dict[str, str]]:
    """The lines of `name`.csv beside the demo's code."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def address(name: str) -> str:
    """The personal address of an invented person: "Ana María Ruiz-Lee" writes from ana.mariaruizlee@mail.example."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    first, _space, rest = plain.partition(" ")
    return f"{first}.{rest.replace('-', '').replace(' ', '')}@mail.example"


def day(days: int) -> datetime.date:
    """So many days after today, in Washington; negative for the past."""
    return today() + datetime.timedelta(days=days)


def moment(days: int, hour: int = 10, minute: int = 0) -> datetime.datetime:
    """An hour of that day in Washington."""
    return instant(days, datetime.time(hour, minute))


def happened(at: datetime.datetime | None) -> datetime.datetime:
    """A moment that the story has told by now; ValueError where an entry forgets to."""
    if at is None:
        raise ValueError("the story has not come to this yet")
    return at


def end_of(days: int) -> datetime.datetime:
    """The last second of that day, so that a deadline reads "11:59 p.m."."""
    return instant(days, datetime.time(23, 59, 59))


def instant(days: int, clock: datetime.time) -> datetime.datetime:
    """In UTC, so that hours added to it are real hours also where clocks change."""
    return datetime.datetime.combine(day(days), clock, tzinfo=EASTERN).astimezone(datetime.UTC)
