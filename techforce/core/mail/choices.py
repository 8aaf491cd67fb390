"""What people may choose about their mails. Receipts, decisions, notices of the law, dates that the law sets, what is
due within a week and what is late always go."""

from typing import Any

from django.utils.translation import gettext as _

from techforce.core.errors import NotPermitted
from techforce.core.models import MailChoice
from techforce.core.services import service


def has_early_reminders(user: Any) -> bool:
    """Also for somebody who never chose."""
    return not MailChoice.objects.filter(user=user, has_early_reminders=False).exists()


@service
def choose(*, user: Any, has_early_reminders: bool, by: Any) -> MailChoice:
    if user != by:
        raise NotPermitted(_("Everybody chooses for themselves."))
    choice, _is_new = MailChoice.objects.update_or_create(
        user=user, defaults={"has_early_reminders": has_early_reminders}
    )
    return choice
