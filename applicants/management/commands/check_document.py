"""`manage.py check_document FILE --json`: would this file be taken?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from applicants.services.scanning import REJECT, Verdict, check_file


class Command(BaseCommand):
    help = "Judges a file as the scanner does, without asking the virus scanner, and stores nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="PDF, Word or text file")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = _verdict(options["file"])
        found = {
            "verdict": verdict.verdict,
            "reason": verdict.reason,
            "characters": verdict.characters,
        }
        self.stdout.write(json.dumps(found) if options["json"] else " ".join(map(str, found.values())))


def _verdict(path: Path) -> Verdict:
    """Whatever lies at that place gets an answer."""
    try:
        if not path.exists():
            raise CommandError(f"There is no file at {_printable(path)}.")
        return check_file(path) if path.is_file() else Verdict(REJECT, "not_a_file")
    except OSError:
        return Verdict(REJECT, "unreadable")


def _printable(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode()
