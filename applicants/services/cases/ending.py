"""Conversations end when their person closes the account: nobody waits for an answer, or works on what nobody asks for
any more."""

from typing import Any

from django.utils.translation import gettext as _

from applicants.models import CaseOutcome, CaseThread, CaseTopic
from applicants.services.cases.dates import settled
from applicants.services.cases.threads import add_message, move
from techforce.accounts.models import User

GIVEN_UP = (CaseTopic.ACCOMMODATION, CaseTopic.REVIEW_REQUEST)
"""They have a result, and this is it."""


def end_cases(user: Any) -> None:
    """In the caller's transaction. Who owns a case reads in it that it ended, and why."""
    system = User.objects.system()
    threads = CaseThread.objects.not_closed().filter(applicant__user=user).order_by("pk")
    for thread in threads.select_for_update(of=("self",)):
        add_message(thread, _("The person closed the account, so this conversation has ended."), system)
        outcome = CaseOutcome.GIVEN_UP if thread.topic in GIVEN_UP else ""
        move(thread, "conclude", by=system, values={**settled(thread), "outcome": outcome})
