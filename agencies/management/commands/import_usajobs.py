from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from agencies.services import ImportReport, import_openings
from agencies.services.import_notes import REFUSALS, gap_sentence
from agencies.services.opening_import import BrokenAnnouncementFile
from techforce.accounts.models import User
from techforce.program.models import Cohort


class Command(BaseCommand):
    help = "Makes draft openings of USAJOBS announcements, all files or none, and says what became of each record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="an answer of the USAJOBS Search API, JSON"
        )
        parser.add_argument("--cohort", required=True, metavar="SLUG", help="the cohort that gets the drafts")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")

    def handle(self, *args: Any, files: list[Path], cohort: str, dry_run: bool, **options: Any) -> None:
        found = Cohort.objects.filter(slug=cohort).first()
        if found is None:
            raise CommandError(_("There is no cohort %(slug)s.") % {"slug": cohort})
        try:
            report = import_openings(paths=files, cohort=found, is_dry_run=dry_run, by=User.objects.system())
        except BrokenAnnouncementFile as broken:
            raise CommandError(_("%(reason)s Nothing was changed.") % {"reason": broken}) from broken
        self._print(report)
        if dry_run:
            self.stdout.write(_("This was a dry run. Nothing was changed."))

    def _print(self, report: ImportReport) -> None:
        for record in report.refused:
            found = f" ({record.found})" if record.found else ""
            name = record.control_number or record.place
            self.stdout.write(f"{name}: {REFUSALS[record.reason]}{found}")
        self._print_counts(_("Refused"), Counter(str(REFUSALS[record.reason]) for record in report.refused))
        gaps = Counter({gap_sentence(*gap): count for gap, count in report.gaps.items()})
        self._print_counts(_("Noted on the drafts"), gaps)
        counts = {
            "records": report.records,
            "created": len(report.created),
            "unchanged": len(report.unchanged),
            "refused": len(report.refused),
        }
        sentence = _(
            "%(records)s records: %(created)s drafts made, %(unchanged)s already there, %(refused)s refused"
        )
        self.stdout.write(sentence % counts)

    def _print_counts(self, heading: str, counts: Counter[str]) -> None:
        if counts:
            self.stdout.write(heading)
        for sentence, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
            self.stdout.write(f"{count:>6}  {sentence}")
