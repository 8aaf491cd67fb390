"""`manage.py check_document FILE --json`: would this file be taken?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applicants.services.scanning import check_file


class Command(BaseCommand):
    help = "Judges a file as the scanner would, and stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="PDF, Word or text file")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file at {path}.")
        verdict = check_file(path)
        found = {
            "verdict": verdict.verdict,
            "reason": verdict.reason,
            "characters": verdict.characters,
        }
        self.stdout.write(json.dumps(found) if options["json"] else " ".join(map(str, found.values())))
