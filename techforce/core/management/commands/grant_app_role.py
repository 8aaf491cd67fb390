"""Web, worker and beat use a role that owns nothing: it may not truncate, drop or disable a trigger (I6)."""

import re
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = "Gives ROLE what web, worker and beat need on the tables of this database, and no more. Run it as the owner."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="An existing PostgreSQL role that does not own the tables")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", role):
            raise CommandError("A role name has lower-case letters, digits and underscores only.")
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
            cursor.execute(f"REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM {role}")
        if options["verbosity"]:
            self.stdout.write(f"{role} may read and write {len(apps.get_models())} tables, and owns none.")
