"""Conversations: begun, written to, answered, handed on, closed. What was written stays."""

import datetime
import uuid
from collections.abc import Callable
from textwrap import shorten
from typing import Any, TypeVar

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Applicant, Application, CaseMessage, CaseStatus, CaseThread, CaseTopic
from applicants.reminders import CASE
from applicants.services.cases.dates import answer_by, refuse_past_day, settled, watched
from applicants.services.guards import reviews_of_their_own
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.idempotency import once
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass
from techforce.core.services import service
from techforce.core.workflow import transition

MOST_MESSAGES = 20
"""That one person may send in a day."""

FIRST_WORDS = 60
"""Characters."""

A_DAY = datetime.timedelta(days=1)
Made = TypeVar("Made", CaseThread, CaseMessage)


# ── By the person ─────────────────────────────────────────────────────────────────────────────────
def write_to_case(*, thread: CaseThread, body: str, by: Any, key: uuid.UUID | None = None) -> CaseMessage:
    """The person goes on with the conversation; a closed one has ended."""

    def work() -> CaseMessage:
        return write(thread=thread, body=body, by=by)

    return do_once(CaseMessage, work, key=key, purpose="write-to-case", by=by)


def do_once(
    kind: type[Made], work: Callable[[], Made], *, key: uuid.UUID | None, purpose: str, by: Any
) -> Made:
    """Once for each form, where it has a key."""
    made = work() if key is None else once(key=key, purpose=purpose, work=work, by=by)
    if not isinstance(made, kind):
        raise Conflict(_("This form was used before. Load the page again."))
    return made


def open_accommodation(applicant: int, application: Application | None) -> CaseThread | None:
    """There is one at a time, so that one person works it: the one about this application, or asked for before there
    was any. The box of the form begins one under the lock of the application; before there is any, the applicant is
    locked."""
    own = CaseThread.objects.not_closed().filter(applicant=applicant, topic=CaseTopic.ACCOMMODATION)
    if application is not None:
        Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        own = own.filter(Q(application=application) | Q(application__isnull=True))
    found: CaseThread | None = own.order_by("pk").first()
    return found


@service
def write(*, thread: CaseThread, body: str, by: Any) -> CaseMessage:
    if not by.has_perm("applicants.write_case", thread):
        raise NotPermitted(_("Only the person who applies may write here."))
    refuse_flood(thread.applicant_id, by)
    locked = lock_thread(thread)
    if locked.topic == CaseTopic.INFORMATION:
        raise Refused(_("Send what we asked for on the page of the request."))
    message = add_message(locked, body, by)
    if locked.status != CaseStatus.OPEN:
        values = watched(locked, CaseStatus.OPEN, answer_by(locked.topic))
        move(locked, "write", by=by, values=values)
    return message


def first_words(body: str) -> str:
    """They stand for the subject where nobody gave one."""
    return shorten(body, FIRST_WORDS, placeholder="…")


def refuse_flood(applicant_key: int, by: Any) -> None:
    """Nobody drowns the office. The lock lets no two messages be counted at once."""
    lock_person(applicant_key)
    since = timezone.now() - A_DAY
    if CaseMessage.objects.filter(author=by, created_at__gt=since).count() >= MOST_MESSAGES:
        raise Refused(
            _("You have sent %(count)d messages in a day, which is the most we take. Please write tomorrow.")
            % {"count": MOST_MESSAGES}
        )


def lock_person(applicant_key: int) -> Applicant:
    """Not their key: whoever holds their application may begin a case about them meanwhile."""
    rows = Applicant.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    locked: Applicant = rows.get(pk=applicant_key)
    return locked


# ── What all cases share ──────────────────────────────────────────────────────────────────────────
def begin_thread(
    *, application: Application | None, topic: str, by: Any, status: str = CaseStatus.OPEN, **columns: Any
) -> CaseThread:
    """A new case in the caller's transaction. It is due by the date of its topic, unless `due_on` says another. The
    audit names no topic, so that it tells nobody who asked for an accommodation."""
    due_on = columns.pop("due_on", answer_by(topic))
    if application is not None:
        columns["applicant"] = application.applicant
    thread = CaseThread(application=application, topic=topic, status=status, opened_by=by, **columns)
    for column, value in watched(thread, status, due_on).items():
        setattr(thread, column, value)
    thread.reminder_cycle = 1
    thread.save()
    record_event("applicants.casethread:open", subject=thread, by=by)
    return thread


def lock_thread(thread: CaseThread) -> CaseThread:
    """The row as it stands, locked, while it is open."""
    rows = CaseThread.objects.select_for_update(of=("self",)).select_related("applicant__user", "application")
    locked: CaseThread = rows.get(pk=thread.pk)
    if locked.status == CaseStatus.CLOSED:
        raise Refused(_("This conversation is closed. Start a new one."))
    return locked


def add_message(thread: CaseThread, body: str, by: Any) -> CaseMessage:
    if not body.strip():
        raise Refused(_("Write a message first."))
    return CaseMessage.objects.create(thread=thread, author=by, body=body.strip())


def move(thread: CaseThread, arrow: str, *, by: Any, values: dict[str, Any], **options: Any) -> None:
    """Take an arrow with its new dates; what was queued for the old ones does not leave."""
    reminders.cancel_queued(thread)
    transition(thread, arrow, by=by, values=values, **options)


def tell_person(message: CaseMessage) -> None:
    """One mail a message, which says only that there is one."""
    enqueue(
        "case_answered",
        message_class=MessageClass.TRANSACTIONAL,
        subject=message,
        recipient=message.thread.applicant.user,
        dedupe_key=f"case-answered:{message.public_id}",
    )


def refuse_unless_worked_by(thread: CaseThread, user: Any) -> None:
    """By role, and for a decision that is to be reviewed, somebody who took no part in it."""
    if not user.has_perm("applicants.work_case", thread):
        raise NotPermitted(_("This case is for people in another role."))
    if reviews_of_their_own([thread], user):
        raise NotPermitted(_("You took part in this decision, so somebody else reviews it."))


# ── By the office ─────────────────────────────────────────────────────────────────────────────────
@service
def write_to_person(
    *, application: Application, body: str, by: Any, reply_by: datetime.date | None = None
) -> CaseThread:
    """The office begins a conversation; with `reply_by` the person is asked to answer by that day."""
    if not by.has_perm("applicants.write_to_person", application):
        raise NotPermitted(_("Your role does not allow this."))
    refuse_past_day(reply_by)
    thread = begin_thread(
        application=application,
        topic=CaseTopic.QUESTION,
        subject=first_words(body),
        status=CaseStatus.ASKED if reply_by else CaseStatus.ANSWERED,
        by=by,
        owner=by,
        due_on=reply_by,
    )
    tell_person(add_message(thread, body, by))
    return thread


@service
def answer_case(
    *, thread: CaseThread, body: str, by: Any, reply_by: datetime.date | None = None
) -> CaseMessage:
    """Answer; with `reply_by` the person is asked to write back by that day. Who answers first owns the case."""
    refuse_past_day(reply_by)
    locked = lock_thread(thread)
    refuse_unless_worked_by(locked, by)
    message = add_message(locked, body, by)
    if locked.owner_id is None:
        _set_owner(locked, by)
    _wait(locked, by, reply_by)
    tell_person(message)
    return message


def _wait(locked: CaseThread, by: Any, reply_by: datetime.date | None) -> None:
    """For the person until `reply_by`, or for nobody."""
    status = CaseStatus.ASKED if reply_by else CaseStatus.ANSWERED
    if locked.status != status:
        arrow = "ask" if reply_by else "answer"
        move(locked, arrow, by=by, values=watched(locked, status, reply_by))
    elif reply_by:
        reminders.move_due_date(locked, CASE, reply_by)


@service
def assign_case(*, thread: CaseThread, owner: Any, by: Any) -> None:
    """Give it to somebody who may answer it."""
    locked = lock_thread(thread)
    for user in (by, owner):  # whoever decided does not choose the reviewer either
        refuse_unless_worked_by(locked, user)
    _set_owner(locked, owner)
    record_event("applicants.casethread:assign", subject=locked, by=by, detail={"owner": owner.pk})


def _set_owner(locked: CaseThread, owner: Any) -> None:
    locked.owner = owner
    CaseThread.objects.filter(pk=locked.pk).update(owner=owner, version=F("version") + 1)
    locked.refresh_from_db(fields=["version"])


@service
def close_case(*, thread: CaseThread, by: Any) -> None:
    """Nothing more is to be said. What has a result is settled instead."""
    locked = lock_thread(thread)
    if not by.has_perm("applicants.close_plain_case", locked):
        raise NotPermitted(_("Your role does not allow closing this case."))
    move(locked, "close", by=by, values=settled(locked))


@service
def reopen_case(*, thread: CaseThread, by: Any) -> None:
    """It waits for our answer again, by a new day. Person, application, case: the order in which all lock."""
    if not lock_person(thread.applicant_id).user.is_active:
        raise Refused(_("The person closed the account, so nobody would read what you write."))
    _refuse_second_accommodation(thread)
    values = {"closed_at": None, "outcome": "", "reason_code": ""}
    values |= watched(thread, CaseStatus.OPEN, answer_by(thread.topic))
    transition(thread, "reopen", by=by, values=values)


def _refuse_second_accommodation(thread: CaseThread) -> None:
    newer = open_accommodation(thread.applicant_id, thread.application)
    if thread.topic == CaseTopic.ACCOMMODATION and newer not in (None, thread):
        raise Refused(_("A newer request for an accommodation is open. Answer the person there."))
