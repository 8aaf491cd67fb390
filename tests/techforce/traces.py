"""Where a word has left a trace: any column of any table, sessions, files, the broker, what was logged."""

import os
from collections.abc import Iterator
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from techforce.accounts.sessions import SessionStore

COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'
      AND c.data_type NOT IN ('bigint', 'integer', 'smallint', 'boolean', 'uuid', 'date', 'timestamp with time zone')
    ORDER BY 1, 2
"""


def traces_of(word: str) -> set[str]:
    """Places that hold the word, by name, without what was logged."""
    return {*in_tables(word), *in_sessions(word), *in_files(word), *in_broker(word)}


def in_tables(word: str) -> Iterator[str]:
    """Text, JSON, arrays, search words and bytes. A table is read once."""
    by_table: dict[str, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column, kind in cursor.fetchall():
            by_table.setdefault(table, []).append((column, kind))
        for table, columns in by_table.items():
            counts = ", ".join(f"count(*) FILTER (WHERE {_holds(*column)})" for column in columns)
            cursor.execute(f'SELECT {counts} FROM "{table}"', {"word": f"%{word}%", "bytes": word.encode()})
            for (column, _kind), count in zip(columns, cursor.fetchone(), strict=True):
                if count:
                    yield f"{table}.{column}"


def _holds(column: str, kind: str) -> str:
    return f'position(%(bytes)s IN "{column}") > 0' if kind == "bytea" else f'"{column}"::text ILIKE %(word)s'


def in_sessions(word: str) -> Iterator[str]:
    """They are sealed, so each is opened."""
    for session in Session.objects.order_by("pk"):
        if word in str(SessionStore().decode(session.session_data)):
            yield "a session"


def in_files(word: str) -> Iterator[str]:
    for folder, _folders, names in os.walk(settings.MEDIA_ROOT):
        for name in names:
            if word in name or word.encode() in (Path(folder) / name).read_bytes():
                yield "a file"


def in_broker(word: str) -> Iterator[str]:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(count=1000):
            if word.encode() in key or word in str(_value(client, key)):
                yield "a key of the broker"


def _value(client: "redis.Redis[bytes]", key: bytes) -> object:
    read = {
        b"string": client.get,
        b"list": lambda name: client.lrange(name, 0, -1),
        b"set": client.smembers,
        b"hash": client.hgetall,
        b"zset": lambda name: client.zrange(name, 0, -1),
    }
    return read[client.type(key)](key)
