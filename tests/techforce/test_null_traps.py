"""A CHECK that comes out as NULL lets the row pass. So every CHECK is asked with every mixture of values, NULL among
them wherever its column allows it, and must answer yes or no."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection

OURS = ("core", "accounts", "program", "agencies", "applicants", "partners", "placements")
SAMPLES = {
    "boolean": ("true", "false"),
    "date": ("'2027-01-01'", "'2028-01-01'"),
    "timestamp with time zone": ("'2027-01-01'", "'2028-01-01'"),
    "smallint": ("0", "99"),
    "integer": ("0", "99"),
    "bigint": ("1", "2"),
    "numeric": ("0", "99"),
    "jsonb": ("'{}'", "'[1]'"),
}

REVIEWED = {
    "opening_pay_overlaps_band": "opening_pay_filled_past_draft",
    "outcome_has_expiry_or_reason": "outcome_qualified_expires",
    "return_after_leave_begins": "leave_or_separation_never_both",
}
"""Constraints that come out as NULL only for rows that another constraint of the table refuses: which one."""

CHECKS = """
    SELECT con.conrelid::regclass::text, con.conname, pg_get_expr(con.conbin, con.conrelid),
        array_agg(att.attname::text ORDER BY att.attnum),
        array_agg(format_type(att.atttypid, NULL) ORDER BY att.attnum),
        array_agg(att.attnotnull ORDER BY att.attnum)
    FROM pg_constraint con JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = ANY (con.conkey)
    WHERE con.contype = 'c' AND con.connamespace = 'public'::regnamespace
    GROUP BY con.oid ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    is_required: bool

    def samples(self, expression: str) -> tuple[str, ...]:
        """Values to try: words that the expression itself names, a few of the type, and NULL."""
        named = ("''", *sorted(set(re.findall(r"'\w+'", expression))))
        values = SAMPLES.get(self.type, named)
        return values if self.is_required else ("NULL", *values)

    def as_table(self, expression: str) -> str:
        rows = ", ".join(f"({value}::{self.type})" for value in self.samples(expression))
        return f'(VALUES {rows}) AS "{self.name}_samples" ("{self.name}")'


@dataclass(frozen=True)
class Check:
    table: str
    name: str
    expression: str
    columns: tuple[Column, ...]

    def compares(self) -> bool:
        """Sets columns beside each other of which one may be empty. Alone, a column that may be empty may be empty."""
        return len(self.columns) > 1 and not all(column.is_required for column in self.columns)

    def is_trapped(self) -> bool:
        """Some mixture of values makes it neither true nor false."""
        mixtures = " CROSS JOIN ".join(column.as_table(self.expression) for column in self.columns)
        statement = f"SELECT EXISTS (SELECT 1 FROM {mixtures} WHERE ({self.expression}) IS NULL)"
        with connection.cursor() as cursor:
            cursor.execute(statement.replace("%", "%%"))
            return bool(cursor.fetchone()[0])


def checks() -> Iterator[Check]:
    with connection.cursor() as cursor:
        cursor.execute(CHECKS)
        for table, name, expression, *columns in cursor.fetchall():
            if table.split("_")[0] in OURS:
                yield Check(table, name, expression, tuple(map(Column, *columns)))


@pytest.mark.django_db
def test_no_check_is_passed_by_null() -> None:
    trapped = {check.name for check in checks() if check.compares() and check.is_trapped()}
    assert sorted(trapped - REVIEWED.keys()) == []
    assert sorted(REVIEWED.keys() - trapped) == [], "no longer a trap: take it from the list"


@pytest.mark.django_db
def test_a_trap_is_found() -> None:
    """The negative control."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE agencies_opening ADD CONSTRAINT trap CHECK (grade_high >= grade_low)")
    assert [check.name for check in checks() if check.name == "trap" and check.is_trapped()] == ["trap"]
