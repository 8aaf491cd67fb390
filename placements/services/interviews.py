"""An agency speaks with a person whom it considers for an opening."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from applicants import services as applications
from applicants.models import Interview, InterviewStatus
from placements.models import Selection
from placements.services.locks import lock
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import transition

BEFORE_INTERVIEWS = ("proposed", "shortlisted")
TALKS_IN = (*BEFORE_INTERVIEWS, "interviewing")
WITH_A_LIVE_APPLICATION = ("qualified", "placed", "submitted", "in_review", "needs_information")


@service
def arrange_interview(
    *,
    selection: Selection,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    mode: str,
    time_zone: str,
    by: Any,
    place: str = "",
) -> Interview:
    """Fix a time with somebody who is being considered; the selection moves on to interviewing."""
    if not by.has_perm("placements.consider", selection):
        raise NotPermitted(_("Your role does not allow considering people for this opening."))
    application = lock(selection.application)
    locked = lock(selection)
    if locked.status not in TALKS_IN or application.status != "qualified" or application.is_withdrawing:
        raise Refused(_("This person is not being considered for the opening any more."))
    if locked.status in BEFORE_INTERVIEWS:
        transition(locked, "interview", by=by)
    return applications.schedule_interview(
        application=application,
        opening=locked.opening,
        starts_at=starts_at,
        ends_at=ends_at,
        mode=mode,
        time_zone=time_zone,
        place=place,
        by=by,
    )


def cancel_pending_interviews(selection: Selection, *, by: Any) -> None:
    """Once the person is not considered any more. The caller is in a transaction."""
    pending = Interview.objects.filter(
        application=selection.application_id, opening=selection.opening_id, status=InterviewStatus.BOOKED
    )
    for interview in pending.order_by("pk"):
        applications.cancel_interview(interview=interview, reason_code="no_longer_needed", by=by)


def interviews_of(application: Any) -> list[Interview]:
    """Those that are fixed and not over, for the person: the earliest first."""
    rows = Interview.objects.filter(application=application, status=InterviewStatus.BOOKED)
    live = rows.filter(application__status__in=WITH_A_LIVE_APPLICATION)
    return list(live.select_related("opening__agency").order_by("starts_at", "pk"))
