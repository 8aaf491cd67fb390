"""A person asks that a negative decision be looked at again: within a time limit, once for each decision, by somebody
who took no part in it. Which decisions these are: `decisions`."""

import datetime
import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, CaseOutcome, CaseThread, CaseTopic
from applicants.services.cases.dates import settled
from applicants.services.cases.decisions import Decision, decisions_of
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
from applicants.workflow import REVIEW_REASONS
from techforce.core.calendar import EASTERN
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import service

REVIEW_WINDOW = datetime.timedelta(days=15)
"""Calendar days after the decision in which a review may be asked for."""


def asked_until(decision: Decision) -> datetime.datetime:
    """The end of the last day on which a review of the decision may be asked for."""
    last_day = decision.at.astimezone(EASTERN).date() + REVIEW_WINDOW
    midnight = datetime.datetime.combine(last_day + datetime.timedelta(days=1), datetime.time(0))
    return midnight.replace(tzinfo=EASTERN)


def decision_to_review(application: Application) -> Decision | None:
    """The newest one of which a review can still be asked for, else the newest; None when there is nothing to
    review."""
    decisions = decisions_of(application)
    asked = set(_requests(application).values_list("decided_at", flat=True))
    waiting = (one for one in decisions if one.at not in asked and timezone.now() < asked_until(one))
    return next(waiting, decisions[0] if decisions else None)


def review_open_until(application: Application) -> datetime.datetime | None:
    decision = decision_to_review(application)
    return None if decision is None else asked_until(decision)


def why_no_review(application: Application) -> str:
    """Why a review of the decision cannot be asked for now; empty when it can."""
    decision = decision_to_review(application)
    if decision is None:
        return _("There is no decision that could be reviewed.")
    if request_about(application, decision):
        return _("You have asked for a review of this decision. It is reviewed once.")
    if timezone.now() >= asked_until(decision):
        return _("The time to ask for a review of this decision is over.")
    if decision.decided_by is None:
        return _("We do not find who decided. Ask us a question instead.")
    return ""


def request_about(application: Application, decision: Decision) -> CaseThread | None:
    found: CaseThread | None = _requests(application).filter(decided_at=decision.at).first()
    return found


def _requests(application: Application) -> Any:
    return CaseThread.objects.filter(application=application, topic=CaseTopic.REVIEW_REQUEST)


def ask_for_review(
    *,
    application: Application,
    body: str,
    by: Any,
    decided_at: datetime.datetime | None = None,
    key: uuid.UUID | None = None,
) -> CaseThread:
    """Ask once. The same form sent twice, with the same `key`, asks once too. `decided_at` is the decision that the
    person had before their eyes."""

    def work() -> CaseThread:
        return _ask(application=application, body=body, decided_at=decided_at, by=by)

    return do_once(CaseThread, work, key=key, purpose="ask-for-review", by=by)


@service
def _ask(*, application: Application, body: str, decided_at: datetime.datetime | None, by: Any) -> CaseThread:
    if not by.has_perm("applicants.write_case", application):
        raise NotPermitted(_("Only the person who applied may ask for a review."))
    refuse_flood(application.applicant_id, by)
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    sentence, decision = why_no_review(locked), decision_to_review(locked)
    if sentence or decision is None:
        raise Refused(sentence)
    if decided_at is not None and decided_at != decision.at:
        raise Conflict(_("There is another decision now. Read it above, then ask about that one."))
    thread = begin_thread(
        application=locked,
        topic=CaseTopic.REVIEW_REQUEST,
        by=by,
        decided_at=decision.at,
        decided_by_id=decision.decided_by,
    )
    add_message(thread, body, by)
    return thread


@service
def settle_review(*, thread: CaseThread, outcome: str, reason_code: str, body: str, by: Any) -> CaseThread:
    """Record whether the decision stands, and tell the person why. Set aside, it is taken again by somebody else than
    before."""
    if reason_code not in REVIEW_REASONS.get(outcome, ()):
        raise Refused(_("Choose an outcome and a reason that belongs to it."))
    application = Application.objects.select_for_update(of=("self",)).get(pk=thread.application_id)
    locked = lock_thread(thread)
    refuse_unless_worked_by(locked, by)
    decision = next((one for one in decisions_of(application) if one.at == locked.decided_at), None)
    message = add_message(locked, body, by)
    result = {"outcome": outcome, "reason_code": reason_code}
    move(locked, "settle", by=by, values={**settled(locked), **result, "owner": by}, detail=result)
    if outcome == CaseOutcome.CHANGED and decision is not None:  # else it was overtaken, as by a withdrawal
        decision.set_aside(reason_code=reason_code, by=by)
    tell_person(message)
    return locked
