from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.accounts.services import invite


class Command(BaseCommand):
    help = "Mails an invitation to become an administrator: how the first one comes in, since there is no superuser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="Where the invitation goes")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        membership = OpmMembership(role=OpmRole.ADMINISTRATOR, invited_email=email)
        invite(membership=membership, by=User.objects.system())
        self.stdout.write("The invitation is on its way; its link works for 30 days.")
