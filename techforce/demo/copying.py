"""Copies of rows that hang together, made by the database: a million rows in a minute or two.

A pattern is a set of rows of several tables, made by the services. Each copy repeats all of them under keys of its own;
what points inside the pattern points inside the copy, and everything else is as it was. The columns come from the
models, so a new column needs no change here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from psycopg2 import sql

ROWS_AT_ONCE = 50_000

Model = type[models.Model]


@dataclass(frozen=True)
class Block:
    """The rows of one table in a pattern, and the keys that are set apart for their copies."""

    model: Model
    keys: Sequence[int]
    first: int

    def key_of_copy(self, place: sql.Composable) -> sql.Composable:
        return sql.SQL("{first} + copy.number * {size} + {place} - 1").format(
            first=sql.Literal(self.first), size=sql.Literal(len(self.keys)), place=place
        )

    def key_of_same(self, column: sql.Composable) -> sql.Composable:
        """Of the row in the same copy that stands for the one pointed to; outside of the pattern that one itself."""
        place = sql.SQL("array_position({}::bigint[], {})").format(sql.Literal(list(self.keys)), column)
        return sql.SQL("coalesce({}, {})").format(self.key_of_copy(place), column)


def copy_rows(pattern: Mapping[Model, Sequence[int]], copies: int, columns: Mapping[Any, str]) -> None:
    """Repeat the pattern (keys by model, parents first) so many times. `columns` says for some fields in SQL
    what differs from copy to copy; `{key}` in it is the copy's own key.

    Our own triggers are asleep meanwhile: a copy has no history, and was made legal by the pattern. The rules of the
    tables themselves (keys, CHECKs, uniqueness) hold as ever.
    """
    blocks = {model: _set_apart(model, sorted(keys), copies) for model, keys in pattern.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0; SET CONSTRAINTS ALL IMMEDIATE")
        for model in blocks:
            _triggers(cursor, model, "DISABLE")
        for block in blocks.values():
            statement = _statement(block, blocks, columns)
            for low, high in _spans(copies, len(block.keys)):
                cursor.execute(statement, [list(block.keys), low, high])
        for model in blocks:
            _triggers(cursor, model, "ENABLE")
            cursor.execute(sql.SQL("ANALYZE {}").format(_table(model)))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _set_apart(model: Model, keys: Sequence[int], copies: int) -> Block:
    count = len(keys) * copies
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [*cursor.fetchone() * 2, count])
        return Block(model, keys, cursor.fetchone()[0] - count)


def _spans(copies: int, size: int) -> list[tuple[int, int]]:
    """Numbers of copies, so many together that a statement stays handy."""
    step = max(1, ROWS_AT_ONCE // max(1, size))
    return [(low, min(low + step, copies) - 1) for low in range(0, copies, step)]


def _statement(block: Block, blocks: Mapping[Model, Block], columns: Mapping[Any, str]) -> sql.Composable:
    fields = [field for field in block.model._meta.concrete_fields if not field.generated]
    names = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    values = sql.SQL(", ").join(_value(field, block, blocks, columns) for field in fields)
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values}"
        " FROM unnest(%s::bigint[]) WITH ORDINALITY AS pattern(key, place)"
        " JOIN {table} row ON row.id = pattern.key CROSS JOIN generate_series(%s, %s) AS copy(number)"
    ).format(table=_table(block.model), names=names, values=values)


def _value(
    field: Any,
    block: Block,
    blocks: Mapping[Model, Block],
    columns: Mapping[Any, str],
) -> sql.Composable:
    own_key, column = block.key_of_copy(sql.SQL("pattern.place")), sql.Identifier("row", field.column)
    if field in columns:
        return sql.SQL(columns[field]).format(key=own_key)
    if field.primary_key:
        return own_key
    if isinstance(field, models.UUIDField) and field.unique:
        return sql.SQL("gen_random_uuid()")
    if field.remote_field and field.related_model in blocks:
        return blocks[field.related_model].key_of_same(column)
    return column


def _triggers(cursor: Any, model: Model, verb: str) -> None:
    cursor.execute(sql.SQL(f"ALTER TABLE {{}} {verb} TRIGGER USER").format(_table(model)))


def _table(model: Model) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)
