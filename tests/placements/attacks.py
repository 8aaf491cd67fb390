"""What an attacker or a careless program would try, and the switching off of a mechanism for negative controls."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The database refuses it by the constraint or sentence `name`."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield
        check_deferred()


def check_deferred() -> None:
    """What would be asked at commit is asked now."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


@contextmanager
def without_index(name: str, table: str) -> Iterator[None]:
    """The index or constraint `name` does not exist inside; whatever broke it is removed before it comes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name])
        constraint = cursor.fetchone()
        cursor.execute("SELECT pg_get_indexdef(%s::regclass)", [name])
        (index,) = cursor.fetchone()
    drop = f"ALTER TABLE {table} DROP CONSTRAINT {name}" if constraint else f"DROP INDEX {name}"
    make = f"ALTER TABLE {table} ADD CONSTRAINT {name} {constraint[0]}" if constraint else index
    run(drop)
    try:
        yield
    finally:
        run(f"TRUNCATE {table} CASCADE")
        run(make)


@contextmanager
def without_triggers(table: str) -> Iterator[None]:
    """Our triggers on `table` sleep inside."""
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")
