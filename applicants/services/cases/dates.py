"""By when a case is answered, in business days, and what the reminder engine keeps about it."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import CaseStatus, CaseThread, CaseTopic
from applicants.reminders import case_ladder
from techforce.core import reminders
from techforce.core.calendar import add_business_days, today
from techforce.core.closures import closures
from techforce.core.errors import Refused

ANSWERED_WITHIN: Mapping[str, int] = {
    CaseTopic.QUESTION: 5,
    CaseTopic.TECHNICAL: 2,
    CaseTopic.RECORDS: 20,  # as a request under the Privacy Act or FOIA, 5 U.S.C. 552(a)(6)(A)
    CaseTopic.ACCOMMODATION: 3,
    CaseTopic.INFORMATION: 5,
    CaseTopic.REVIEW_REQUEST: 10,
}
REPLIED_WITHIN = 10
"""Business days that we give the person when we ask them something."""


def answer_by(topic: str) -> datetime.date:
    """The day by which the office answers what is asked today."""
    return add_business_days(today(), ANSWERED_WITHIN[topic], closures())


def reply_by() -> datetime.date:
    """The day by which the person answers what the office asks today."""
    return add_business_days(today(), REPLIED_WITHIN, closures())


def refuse_past_day(day: datetime.date | None) -> None:
    if day is not None and day < today():
        raise Refused(_("This day has gone by. Give the person a day to come."))


def watched(thread: CaseThread, status: str, due_on: datetime.date | None) -> dict[str, Any]:
    """The columns of a case that waits in `status` until `due_on`: a new cycle, so that each date has its reminders."""
    ladder = case_ladder(CaseThread(status=status))
    columns = reminders.first_columns(ladder, due_on, now=timezone.now())
    return {**columns, "reminder_cycle": thread.reminder_cycle + 1}


def settled(thread: CaseThread) -> dict[str, Any]:
    """The same for a case in which nobody has to write."""
    return watched(thread, CaseStatus.ANSWERED, None)
