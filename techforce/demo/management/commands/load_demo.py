"""Fill the database with the demonstration's people and what they are in the middle of."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from techforce.demo.loading import load_demo


class Command(BaseCommand):
    help = "Loads the demonstration's people, openings and applications. Loading again adds only what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Everybody knows the passwords of demo accounts: set DEMO=1, or do without them."
            )
        self.stdout.write(f"Demo: {load_demo()}")
