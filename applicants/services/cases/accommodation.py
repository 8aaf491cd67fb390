"""A request for a reasonable accommodation (29 CFR 1614.203): asked for without details, worked by one person, known to
nobody who decides about people."""

from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, CaseOutcome, CaseThread, CaseTopic
from applicants.services.cases.asking import least_busy
from applicants.services.cases.dates import settled
from applicants.services.cases.threads import (
    add_message,
    begin_thread,
    lock_thread,
    move,
    open_accommodation,
    refuse_unless_worked_by,
    tell_person,
)
from applicants.workflow import ACCOMMODATION_OUTCOMES
from techforce.core.errors import Refused
from techforce.core.services import service


def follow_accommodation(application: Application, by: Any) -> None:
    """Ticked: the request begins, also while the application is a draft, for the form may be what is hard to use. No
    longer ticked: it ends. The caller has locked the application."""
    thread = (
        CaseThread.objects.not_closed()
        .filter(application=application, topic=CaseTopic.ACCOMMODATION)
        .select_for_update(of=("self",))
        .first()
    )
    if application.has_accommodation_request and thread is None:
        if open_accommodation(application.applicant_id, application) is None:  # asked for before applying
            request_accommodation(application, by)
    elif thread is not None and not application.has_accommodation_request:
        move(thread, "conclude", by=by, values={**settled(thread), "outcome": CaseOutcome.GIVEN_UP})


def request_accommodation(application: Application, by: Any) -> CaseThread:
    """With an owner from the first moment, where there is anybody."""
    return begin_thread(
        application=application, topic=CaseTopic.ACCOMMODATION, by=by, owner=least_busy(application.applicant)
    )


@service
def settle_accommodation(*, thread: CaseThread, outcome: str, body: str, by: Any) -> CaseThread:
    """Record what was arranged, and tell the person."""
    if outcome not in ACCOMMODATION_OUTCOMES:
        raise Refused(_("Choose the outcome."))
    locked = lock_thread(thread)
    refuse_unless_worked_by(locked, by)
    message = add_message(locked, body, by)
    values = {**settled(locked), "outcome": outcome, "owner": locked.owner or by}
    move(locked, "close", by=by, values=values)
    tell_person(message)
    return locked
