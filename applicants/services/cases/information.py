"""What the office needs from a person before the review of their application can go on."""

import datetime
from collections.abc import Sequence
from typing import Any

from applicants.models import Application, CaseStatus, CaseThread, CaseTopic
from applicants.services.cases.dates import refuse_past_day, reply_by, settled
from applicants.services.cases.threads import add_message, begin_thread, move
from techforce.core import reminders
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many


@service
def ask_for_information(
    *,
    application: Application,
    reason_code: str,
    by: Any,
    question: str = "",
    due_on: datetime.date | None = None,
) -> Application:
    """Ask for what is missing: `reason_code` says it in general, `question` in our own words. The person has until
    `due_on`."""
    refuse_past_day(due_on)
    asked: Application = transition(application, "ask_for_information", by=by, reason_code=reason_code)
    thread = _begin(asked, by, due_on)
    if question.strip():
        add_message(thread, question, by)
    queue_request(asked)
    return asked


def _begin(application: Application, by: Any, due_on: datetime.date | None = None) -> CaseThread:
    return begin_thread(
        application=application,
        topic=CaseTopic.INFORMATION,
        status=CaseStatus.ASKED,
        by=by,
        due_on=due_on or reply_by(),
    )


def queue_request(application: Application) -> None:
    """One mail a request. What is missing stands on the person's own page."""
    enqueue(
        "information_needed",
        message_class=MessageClass.TRANSACTIONAL,
        subject=application,
        recipient=application.applicant.user,
        dedupe_key=f"information-needed:{application.public_id}:{application.version}",
    )


@service
def answer_information_request(*, application: Application, body: str, by: Any) -> Application:
    """The person sends what was asked for: it joins the request, and the review goes on."""
    answered: Application = transition(application, "receive_information", by=by)
    thread = _request_of(answered) or _begin(answered, by)
    add_message(thread, body, by)
    move(thread, "conclude", by=by, values=settled(thread))
    return answered


@service
def receive_information(*, application: Application, by: Any) -> Application:
    """It came in another way, so the review goes on."""
    answered: Application = transition(application, "receive_information", by=by)
    if thread := _request_of(answered):
        move(thread, "conclude", by=by, values=settled(thread))
    return answered


def conclude_requests(applications: Sequence[Application], by: Any) -> None:
    """Whoever has left is asked for nothing."""
    requests = CaseThread.objects.not_closed().filter(
        application__in=applications, topic=CaseTopic.INFORMATION
    )
    if threads := list(requests.order_by("pk")):
        reminders.cancel_queued(*threads)
        values = {"due_on": None, "nudge_on": None, "next_reminder_at": None}
        transition_many(requests, "conclude", by=by, values=values)


def _request_of(application: Application) -> CaseThread | None:
    requests = CaseThread.objects.not_closed().filter(application=application, topic=CaseTopic.INFORMATION)
    found: CaseThread | None = requests.select_for_update(of=("self",)).first()
    return found
