"""Fill the database with as many checklists as the program could ever have."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from techforce.demo.scale import load_scale


class Command(BaseCommand):
    help = "Adds placements with their checklists by the thousand, as bare rows without history, to measure with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--items", type=int, default=1_000_000, help="checklist items, at least (1,000,000)"
        )
        parser.add_argument(
            "--due", type=int, default=0, help="of them, how many remind at the next sweep (0)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("Made-up people by the thousand: only in a demo (DEMO=1).")
        began = time.monotonic()
        call_command("seed", stdout=self.stdout)
        count = load_scale(options["items"], due=options["due"])
        self.stdout.write(f"Scale: {count:,} checklist items in {time.monotonic() - began:.0f} s")
