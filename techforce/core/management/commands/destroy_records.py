"""`manage.py destroy_records`: what has reached its disposition date; with a records officer's approval, its end."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from techforce.core.errors import NotPermitted
from techforce.core.records.disposition import destroy_due, report


class Command(BaseCommand):
    help = "Count the records that are due for destruction; with --approved-by, destroy them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--approved-by", metavar="EMAIL", help="The records officer who approves it")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = self._officer(options["approved_by"]) if options["approved_by"] else None
        for schedule, count in report():
            self.stdout.write(f"{schedule.label}: {count} due ({schedule.authority})")
            if officer and count:
                try:
                    done = destroy_due(schedule, by=officer)
                except NotPermitted as refusal:
                    raise CommandError(str(refusal)) from refusal
                self.stdout.write(
                    f"{schedule.label}: {done.destroyed} destroyed, {done.held} under a legal hold"
                )

    def _officer(self, email: str) -> Any:
        found = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
        if found is None:
            raise CommandError("Nobody signs in with this address.")
        return found
