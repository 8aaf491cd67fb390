"""A person asks that a negative decision be looked at again: within a time limit, once for each decision, by somebody
who took no part in it."""

import datetime
import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, CaseOutcome, CaseThread, CaseTopic
from applicants.services.cases.dates import settled
from applicants.services.cases.threads import (
    add_message,
    begin_thread,
    do_once,
    lock_thread,
    move,
    refuse_flood,
    refuse_unless_worked_by,
    tell_person,
)
from applicants.services.review import reopen_review
from applicants.workflow import REVIEW_REASONS, ApplicationStatus
from techforce.core.calendar import EASTERN
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from techforce.core.services import service

REVIEW_WINDOW = datetime.timedelta(days=15)
"""Calendar days after the decision in which a review may be asked for."""


def review_open_until(application: Application) -> datetime.datetime | None:
    """The end of the last day on which a review of the decision may be asked for; None when there is nothing to
    review."""
    if application.status != ApplicationStatus.NOT_QUALIFIED or application.decided_at is None:
        return None
    last_day = application.decided_at.astimezone(EASTERN).date() + REVIEW_WINDOW
    midnight = datetime.datetime.combine(last_day + datetime.timedelta(days=1), datetime.time(0))
    return midnight.replace(tzinfo=EASTERN)


def why_no_review(application: Application) -> str:
    """Why a review of the decision cannot be asked for now; empty when it can."""
    until = review_open_until(application)
    if until is None:
        return _("There is no decision that could be reviewed.")
    if _requests(application).filter(decided_at=application.decided_at).exists():
        return _("You have asked for a review of this decision. It is reviewed once.")
    if timezone.now() >= until:
        return _("The time to ask for a review of this decision is over.")
    return ""


def _requests(application: Application) -> Any:
    return CaseThread.objects.filter(application=application, topic=CaseTopic.REVIEW_REQUEST)


def ask_for_review(
    *, application: Application, body: str, by: Any, key: uuid.UUID | None = None
) -> CaseThread:
    """Ask once. The same form sent twice, with the same `key`, asks once too."""

    def work() -> CaseThread:
        return _ask(application=application, body=body, by=by)

    return do_once(CaseThread, work, key=key, purpose="ask-for-review", by=by)


@service
def _ask(*, application: Application, body: str, by: Any) -> CaseThread:
    if not by.has_perm("applicants.write_case", application):
        raise NotPermitted(_("Only the person who applied may ask for a review."))
    refuse_flood(application.applicant_id, by)
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if sentence := why_no_review(locked):
        raise Refused(sentence)
    thread = begin_thread(
        application=locked,
        topic=CaseTopic.REVIEW_REQUEST,
        by=by,
        decided_at=locked.decided_at,
        decided_by_id=_decider_of(locked),
    )
    add_message(thread, body, by)
    return thread


def _decider_of(application: Application) -> int:
    """Who took the decision, from the audit, which keeps every one."""
    events = AuditEvent.objects.about(application).filter(to_state=ApplicationStatus.NOT_QUALIFIED)
    last: AuditEvent | None = events.order_by("pk").last()
    if last is None:
        raise Refused(_("We do not find who decided. Ask us a question instead."))
    return last.actor_id


@service
def settle_review(*, thread: CaseThread, outcome: str, reason_code: str, body: str, by: Any) -> CaseThread:
    """Record whether the decision stands, and tell the person why. Set aside, it is taken again: the application is
    in review."""
    if reason_code not in REVIEW_REASONS.get(outcome, ()):
        raise Refused(_("Choose an outcome and a reason that belongs to it."))
    application = Application.objects.select_for_update(of=("self",)).get(pk=thread.application_id)
    locked = lock_thread(thread)
    refuse_unless_worked_by(locked, by)
    message = add_message(locked, body, by)
    result = {"outcome": outcome, "reason_code": reason_code}
    move(locked, "settle", by=by, values={**settled(locked), **result, "owner": by}, detail=result)
    if outcome == CaseOutcome.CHANGED and application.status == ApplicationStatus.NOT_QUALIFIED:
        reopen_review(application=application, reason_code=reason_code, by=by)
    tell_person(message)
    return locked
