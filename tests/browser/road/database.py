"""A database of one's own for a while, made from the migrated template."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from tests.template_database import is_our_cluster, template_name


@contextmanager
def own_database(suffix: str) -> Iterator[None]:
    """Used by everything on this connection, and dropped at the end."""
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_{suffix}"
    template = f'TEMPLATE "{template_name()}"' if is_our_cluster() else ""
    switch_to(usual)
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" {template}')
    switch_to(name)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        yield
    finally:
        switch_to(usual)
        run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def switch_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def run(*statements: str) -> None:
    """From the server's own database, for nobody drops the one on which they stand."""
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
