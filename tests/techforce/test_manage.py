"""`manage.py` where its database is missing or empty: one sentence that says what to do, not a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parent.parent.parent
NOWHERE = "postgres://nobody@127.0.0.1:1/none"


def manage(database: str, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": database, "TESTING": "1"}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def empty_database() -> str:
    """The one that every PostgreSQL has beside ours."""
    params = connection.get_connection_params()
    secret = f":{params['password']}" if params.get("password") else ""
    return f"postgres://{params['user']}{secret}@{params['host']}:{params['port']}/postgres"


@pytest.mark.parametrize("command", [("send_reminders", "--dry-run"), ("check_invariants",)])
def test_where_no_database_answers_it_says_so(command: tuple[str, ...]) -> None:
    done = manage(NOWHERE, *command)
    assert done.returncode == 1
    assert done.stderr.startswith("No database answers at DATABASE_URL")
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_where_the_tables_are_missing_it_names_the_command_that_makes_them() -> None:
    done = manage(empty_database(), "send_reminders", "--dry-run")
    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (
        1,
        "The tables of this database are missing or of another version. Run `manage.py migrate` first.",
    )
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_whoever_looks_for_the_cause_gets_the_traceback() -> None:
    done = manage(empty_database(), "send_reminders", "--dry-run", "--traceback")
    assert "Traceback" in done.stderr
