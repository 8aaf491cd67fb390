import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from techforce.core import reminders
from techforce.core.calendar import EASTERN


class Command(BaseCommand):
    help = (
        "Queues the reminders that are due, as beat does; with --dry-run says what would go, to whom, by which rule. "
        "A dry run as of another moment takes rows, people and their roles as they stand now, and nothing as sent "
        "in between."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="queue nothing")
        parser.add_argument(
            "--at", metavar="MOMENT", help="as of 2026-12-24T09:00, Eastern time; with --dry-run"
        )
        parser.add_argument("--json", action="store_true", help="one object a reminder; with --dry-run")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._tell(reminders.rehearse(now=_moment(options["at"])), is_json=options["json"])
            return
        if options["at"] or options["json"]:
            raise CommandError("--at and --json need --dry-run.", returncode=2)
        self.stdout.write(f"{reminders.sweep()} reminders queued.")

    def _tell(self, rows: list[dict[str, Any]], *, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        for row in rows:
            self.stdout.write(
                f"{row['leaves_at']}  {row['recipient']:40} {row['rule']} {row['about']} {row['threshold']}"
                f" (due {row['due_on']}, {row['message']})"
            )
        self.stdout.write(f"{len(rows)} reminders would be queued.")


def _moment(text: str | None) -> datetime.datetime:
    """A moment without a zone is one in Washington."""
    if text is None:
        return timezone.now()
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--at is a moment such as 2026-12-24T09:00, not “{text}”.", returncode=2
        ) from None
    if not 2000 <= moment.year <= 2100:
        raise CommandError(f"--at lies in the years 2000 to 2100, not in {moment.year}.", returncode=2)
    return moment if moment.tzinfo else _in_washington(moment, text)


def _in_washington(local: datetime.datetime, text: str) -> datetime.datetime:
    """Of an hour that comes twice in autumn, the first."""
    moment = local.replace(tzinfo=EASTERN)
    if moment.astimezone(datetime.UTC).astimezone(EASTERN).replace(tzinfo=None) != local:
        raise CommandError(
            f"--at: Washington has no {text}; clocks go from 2 to 3 on that night. Give another hour, or a zone.",
            returncode=2,
        )
    return moment
