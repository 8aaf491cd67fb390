from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from techforce.core import documents


class Command(BaseCommand):
    help = "Writes docs/state-machines.md and docs/data-dictionary.md from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail when a file is out of date"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.ROOT) / "docs"
        wanted = {
            folder / "state-machines.md": documents.state_machines(),
            folder / "data-dictionary.md": documents.data_dictionary(),
        }
        stale = {path: text for path, text in wanted.items() if not path.exists() or path.read_text() != text}
        if check and stale:
            raise CommandError(
                f"Out of date: {', '.join(path.name for path in stale)}. Run manage.py render_docs."
            )
        for path, text in stale.items():
            path.write_text(text)
            self.stdout.write(f"wrote {path.relative_to(settings.ROOT)}")
