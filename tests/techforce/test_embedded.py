"""The embedded servers run as long as somebody uses them, and no longer."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from techforce.demo.embedded import EmbeddedServer
from techforce.demo.postgres import Postgres
from techforce.demo.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
USER = """
import sys
from pathlib import Path
from techforce.demo.valkey import Valkey
Valkey(Path(sys.argv[1])).acquire()
print("in use", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey")
    yield server
    server.stop()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    server = Postgres(tmp_path / "postgres")
    yield server
    server.stop()


@pytest.fixture
def other_user(valkey: EmbeddedServer) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the broker until its input ends."""
    command = [sys.executable, "-c", USER, str(valkey.home)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in use\n"
        yield process
        process.kill()


def test_the_last_user_out_stops_the_server(valkey: Valkey, other_user: subprocess.Popen[str]) -> None:
    valkey.acquire()

    valkey.release()
    assert valkey.is_running

    other_user.communicate()
    assert not valkey.is_running


def test_who_started_a_server_may_go_while_others_use_it(
    valkey: Valkey, request: pytest.FixtureRequest
) -> None:
    starter = Valkey(valkey.home)
    starter.acquire()
    request.getfixturevalue("other_user")

    starter.release()
    del starter
    gc.collect()  # a complaint about a lost child process would fail this test

    assert valkey.is_running


def test_a_crashed_user_is_forgotten(valkey: Valkey, other_user: subprocess.Popen[str]) -> None:
    other_user.kill()
    other_user.wait()
    assert valkey.is_running

    valkey.acquire()
    valkey.release()

    assert not valkey.is_running


def test_two_users_share_one_server(valkey: Valkey, other_user: subprocess.Popen[str]) -> None:
    port = valkey.port

    valkey.acquire()

    assert valkey.port == port
    valkey.release()


def test_the_database_starts_again_after_it_was_killed(postgres: Postgres) -> None:
    postgres.acquire()
    execute(postgres, "CREATE TABLE kept AS SELECT 1 AS number")
    process = postgres._process(postgres.register.read())
    assert process is not None
    process.kill()
    process.wait()

    postgres.acquire()

    assert execute(postgres, "SELECT number FROM kept") == [(1,)]
    postgres.release()


def test_a_stale_lock_file_of_a_stranger_does_not_keep_the_database_down(postgres: Postgres) -> None:
    postgres.acquire()
    postgres.release()
    (postgres.data / "postmaster.pid").write_text("1\n/somewhere/else\n")

    postgres.acquire()

    assert postgres.is_running
    postgres.release()


def test_the_application_role_owns_nothing_and_needs_its_password(postgres: Postgres) -> None:
    postgres.acquire()

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        execute(postgres, "CREATE TABLE mine (id int)", role="techforce_app")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(postgres.url().replace(postgres.password, "guess"))
    postgres.release()


def execute(postgres: Postgres, statement: str, role: str = "techforce_owner") -> list[tuple[object, ...]]:
    connection = psycopg2.connect(postgres.url(role=role))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
