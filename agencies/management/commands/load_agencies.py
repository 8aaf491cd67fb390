from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.services import load_agencies
from agencies.services.agency_list import BrokenFile
from techforce.accounts.models import User


class Command(BaseCommand):
    help = (
        "Loads the federal list of agencies from a CSV file, all lines or none, and says what became of each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="CSV with the columns code, name, parent_code, acronym, level, ..."
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file at {file}.")
        try:
            report = load_agencies(path=file, by=User.objects.system())
        except BrokenFile as broken:
            for line, reason in broken.report.refused:
                self.stderr.write(f"line {line}: {reason}")
            raise CommandError(str(broken)) from broken
        self.stdout.write(str(report))
