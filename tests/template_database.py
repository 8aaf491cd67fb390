"""Keeps the migrated database of one run as the template of the next, which then starts in a moment.

Only on the tests' own cluster: on a server that DATABASE_URL names nothing is left behind.
"""

import hashlib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, connection
from pytest_django import DjangoDbBlocker

from techforce.demo.postgres import Postgres
from tests import servers

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "template_techforce_"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_blocker: DjangoDbBlocker) -> None:
    if not is_our_cluster():
        return
    with django_db_blocker.unblock():
        if template_name() in templates():
            settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = template_name()
            connection.settings_dict["TEST"]["TEMPLATE"] = template_name()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        if is_our_cluster() and template_name() not in templates():
            keep_as_template()


def is_our_cluster() -> bool:
    return any(isinstance(server, Postgres) for server in servers.started)


@cache
def template_name() -> str:
    """Changes with every migration, ours or a package's. Found once, before the database is made: somebody may edit a
    migration meanwhile."""
    digest = hashlib.sha256((ROOT / "requirements" / "dev.txt").read_bytes())
    for path in sorted(ROOT.glob("**/migrations/*.py")):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    return PREFIX + digest.hexdigest()[:12]


def templates() -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        return [name for (name,) in cursor.fetchall()]


def keep_as_template() -> None:
    """Another run may do the same at the same time; one of the two is enough."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        for outdated in templates():
            cursor.execute(f'DROP DATABASE IF EXISTS "{outdated}"')
        try:
            cursor.execute(
                f'CREATE DATABASE "{template_name()}" TEMPLATE "{connection.settings_dict["NAME"]}"'
            )
        except (ProgrammingError, IntegrityError) as error:  # the second, when both began in one moment
            if "already exists" not in str(error):
                raise
