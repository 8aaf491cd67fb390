import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from techforce.core.errors import Refused
from techforce.core.mail.bounces import StillLeaving, take_report
from techforce.core.mail.delivery_reports import MOST_BYTES, NotAReport, read_report

NO_REPORT, TRY_LATER = 65, 75
"""EX_DATAERR: the mail server returns the mail, so that a person sees it. EX_TEMPFAIL: it keeps it and tries again."""


class Command(BaseCommand):
    help = (
        "Takes a delivery report (RFC 3464) from standard input, as a mail server's pipe gives it: the address counts "
        "as refused. Exit code 65: no report on a message of ours; 75: try again later."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = read_report(sys.stdin.buffer.read(MOST_BYTES + 1), domain=settings.MAIL_DOMAIN)
            take_report(report=report)
        except (NotAReport, Refused) as problem:
            raise CommandError(str(problem), returncode=NO_REPORT) from problem
        except StillLeaving as early:
            raise CommandError("The message is still leaving.", returncode=TRY_LATER) from early
        except (OperationalError, InterfaceError) as error:
            raise CommandError("The database is away.", returncode=TRY_LATER) from error
        self.stdout.write(f"{len(report.addresses)} addresses refused.")
