"""Columns of many rows in one statement, each row its own values.

Django's `bulk_update` writes a CASE with a branch a row; putting that together takes longer than running it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from psycopg2.extras import execute_values

PAGE = 1000


def write_column(model: type[models.Model], name: str, values: Sequence[tuple[int, Any]]) -> None:
    """`values` are pairs of key and new value."""
    _write(model, [name], values)


def write_columns(model: type[models.Model], names: Sequence[str], rows: Iterable[models.Model]) -> None:
    """What the rows carry in these columns."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    values = [
        (row.pk, *(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields))
        for row in rows
    ]
    _write(model, names, values)


def _write(model: type[models.Model], names: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    if not values:
        return
    quote = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = [quote(field.column) for field in fields]
    assignments = ", ".join(f"{column} = new.{column}" for column in columns)
    # Table and columns are ours; only the values come from rows, as parameters.
    statement = f"""
        UPDATE {quote(model._meta.db_table)} AS row SET {assignments}
        FROM (VALUES %s) AS new (key_of_row, {", ".join(columns)}) WHERE row.id = new.key_of_row"""  # noqa: S608
    # A cast to a length would cut what is too long.
    kinds = [str(field.db_type(connection)).split("(")[0] for field in fields]
    template = f"(%s::bigint, {', '.join(f'%s::{kind}' for kind in kinds)})"
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, statement, values, template=template, page_size=PAGE)
