"""Rows that somebody pasted from a spreadsheet or uploaded as CSV: read with care, told apart by line, and written back
so that no spreadsheet takes a cell for a formula. Pure: knows neither the database nor a request."""

import csv
import datetime
import io
import itertools
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_ROWS = 100
"""As many as are recorded while a person waits for the page."""
LARGEST = 100_000
LONGEST_CELL = 120
COLUMNS = ("reference", "what", "day", "outcome", "number")
NAMES: Mapping[str, str] = {
    "reference": "reference",
    "reference number": "reference",
    "application": "reference",
    "milestone": "what",
    "step": "what",
    "milestone or step": "what",
    "code": "what",
    "date": "day",
    "day": "day",
    "effective date": "day",
    "outcome": "outcome",
    "result": "outcome",
    "external number": "number",
    "case number": "number",
    "number": "number",
}
"""How the heading of a column may be called."""

DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")
UNREADABLE = "\ufffd"
UNREADABLE_KINDS = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of controls, of signs that hide or turn a text, of those without a meaning, of line breaks."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


class BadFile(Exception):
    """Not one row can be read; the first argument is a word for the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedRow:
    """One row: where it stands, and its cells as they were written."""

    line: int
    reference: str
    what: str
    day: str
    outcome: str = ""
    number: str = ""

    def cells(self) -> tuple[str, ...]:
        return (self.reference, self.what, self.day, self.outcome, self.number)

    def unreadable(self) -> str:
        """The first column with a sign that nobody can read."""
        return next(
            (name for name, cell in zip(COLUMNS, self.cells(), strict=True) if UNREADABLE in cell), ""
        )


def decode(content: bytes) -> str:
    """UTF-8, with or without a byte order mark."""
    if len(content) > LARGEST:
        raise BadFile("too_large")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("not_utf8") from None


def read_rows(text: str) -> list[PastedRow]:
    """The rows in order. Cells are separated by tabs if the first line has one, else by commas; a first line that names
    the columns says their order. Raises BadFile."""
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST:
        raise BadFile("too_large")
    numbered = [(line, cells) for line, cells in _cells(text) if any(cells)]
    order: Sequence[str] = COLUMNS
    if numbered and (named := _heading(numbered[0][1])):
        order, numbered = named, numbered[1:]
    if not numbered:
        raise BadFile("empty")
    if len(numbered) > MOST_ROWS:
        raise BadFile("too_many")
    return [_row(line, cells, order) for line, cells in numbered]


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """With the line on which each row begins; a quoted cell may go over several lines."""
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ",", strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadFile("not_rows") from None
        yield begins, [cell.strip() for cell in cells]
        begins = reader.line_num + 1


def _heading(cells: Sequence[str]) -> list[str]:
    """The columns by their names; columns that nobody knows are left out. Empty when it is no heading."""
    found = [NAMES.get(cell.casefold(), "") for cell in cells]
    return found if {"reference", "what", "day"} <= set(found) else []


def _row(line: int, cells: Sequence[str], order: Iterable[str]) -> PastedRow:
    """What is too long is cut, and what nobody can read is marked, so that both are refused with a sentence and neither
    is kept or shown as it came."""
    values = dict.fromkeys(COLUMNS, "")
    values |= {
        name: marked(cell[: LONGEST_CELL + 1])
        for name, cell in itertools.zip_longest(order, cells, fillvalue="")
        if name
    }
    return PastedRow(line=line, **values)


def marked(text: str, *, but: str = "") -> str:
    """With a mark instead of each sign that nobody can read."""
    return "".join(UNREADABLE if _is_unreadable(sign) and sign not in but else sign for sign in text)


def _is_unreadable(sign: str) -> bool:
    return unicodedata.category(sign) in UNREADABLE_KINDS


def read_day(text: str) -> datetime.date | None:
    """None for what is no day."""
    for form in DAY_FORMATS:
        try:
            return datetime.date(*time.strptime(text, form)[:3])
        except ValueError:
            continue
    return None


def safe_cell(text: str) -> str:
    """A spreadsheet takes a cell that begins like this for a formula; an apostrophe keeps it a text."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target).writerows([safe_cell(cell) for cell in row] for row in rows)
    return target.getvalue()
