"""One column of many rows in one statement, each row its own value.

Django's `bulk_update` writes a CASE with a branch a row; putting that together takes longer than running it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg2.extras import execute_values

PAGE = 1000


def write_column(model: type[models.Model], name: str, values: Sequence[tuple[int, Any]]) -> None:
    """`values` are pairs of key and new value."""
    if not values:
        return
    field: Any = model._meta.get_field(name)
    column, kind = connection.ops.quote_name(field.column), field.db_type(connection)
    table = connection.ops.quote_name(model._meta.db_table)
    # Table and column are ours; only the values come from rows, as parameters.
    statement = f"""
        UPDATE {table} AS row SET {column} = new.value FROM (VALUES %s) AS new (id, value) WHERE row.id = new.id"""  # noqa: S608
    with connection.cursor() as cursor:
        template = f"(%s::bigint, %s::{kind})"
        execute_values(cursor.cursor, statement, values, template=template, page_size=PAGE)
