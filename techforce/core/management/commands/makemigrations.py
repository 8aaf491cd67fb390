"""Django's command; long runs of constraints, indexes and triggers become one operation."""

from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations import Migration

from techforce.core.operations import gathered


class Command(makemigrations.Command):
    def write_migration_files(self, changes: dict[str, list[Migration]], *arguments: Any) -> None:
        for migration in (migration for migrations in changes.values() for migration in migrations):
            migration.operations = gathered(migration.operations)  # type: ignore[misc]  # each has a list of its own
        super().write_migration_files(changes, *arguments)
