"""A pytest plugin that has PostgreSQL and a broker ready before Django reads its settings.

DATABASE_URL and REDIS_URL of the environment are honoured. Without them a cluster in .local/test is started
that would lose everything at a power cut and is fast for it; runs at the same time share it, each with a
database of its own name. (pytest loads it with `-p tests.servers`.)
"""

import os
from urllib.parse import urlsplit

import psutil
import psycopg2
import pytest
from psycopg2 import sql

from techforce.demo import places
from techforce.demo.embedded import EmbeddedServer
from techforce.demo.postgres import APP_ROLE, CARELESS, Postgres
from techforce.demo.valkey import Valkey

started: list[EmbeddedServer] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    os.environ["TESTING"] = "1"
    os.environ.setdefault("SECRET_KEY", "a key that protects nothing: only tests use it")
    os.environ["MAIL_DIR"] = str(places.TESTS / f"mail-{os.getpid()}")
    if "DATABASE_URL" not in os.environ:
        start_postgres()
    if "REDIS_URL" not in os.environ:
        start_valkey()


def start_postgres() -> None:
    postgres = Postgres(places.TESTS / "postgres", CARELESS)
    postgres.acquire()
    started.append(postgres)
    drop_databases_of_crashed_runs(postgres.url())
    # Django puts "test_" before the name and makes that database.
    os.environ["DATABASE_URL"] = postgres.url(database=f"techforce_{os.getpid()}")
    os.environ.setdefault("APP_DATABASE_ROLE", APP_ROLE)


def drop_databases_of_crashed_runs(url: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_techforce_[0-9]+'")
        for (name,) in cursor.fetchall():
            if not psutil.pid_exists(int(name.split("_")[2])):
                cursor.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )
    connection.close()


def start_valkey() -> None:
    valkey = Valkey(places.TESTS / "valkey")
    valkey.acquire()
    started.append(valkey)
    os.environ["REDIS_URL"] = valkey.url


def pytest_report_header() -> str:
    """Without the password."""
    names = ("DATABASE_URL", "REDIS_URL")
    urls = [urlsplit(os.environ[name]) for name in names]
    return "servers: " + ", ".join(f"{url.scheme} at {url.hostname}:{url.port}{url.path}" for url in urls)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    while started:
        started.pop().release()
