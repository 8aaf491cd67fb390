from typing import Any

from django.core.management.base import BaseCommand

from techforce.core.seeding import run_seeders


class Command(BaseCommand):
    help = "Load the program's reference rows. Running it again changes only what changed in the files."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, seeded in run_seeders():
            self.stdout.write(f"{name}: {seeded}")
