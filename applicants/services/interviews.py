"""Interviews: times are offered, one is booked. An agency's interviews start in `placements`."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import AssessmentStep, Interview, InterviewMode
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import transition


@service
def offer_interview(*, step: AssessmentStep, by: Any, mode: str = InterviewMode.VIDEO) -> Interview:
    """Offer times for the interview of an assessment step."""
    if not by.has_perm("applicants.run_interview", step):
        raise NotPermitted(_("Your role does not allow interviews with this person."))
    interview = Interview.objects.create(application=step.application, assessment_step=step, mode=mode)
    record_event("applicants.interview:offer", subject=interview, by=by)
    return interview


@service
def book_interview(
    *,
    interview: Interview,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: Any,
    place: str = "",
) -> Interview:
    """Fix the time."""
    if ends_at <= starts_at:
        raise Refused(_("The interview ends before it starts."))
    values = {"starts_at": starts_at, "ends_at": ends_at, "place": place}
    booked: Interview = transition(interview, "book", by=by, values=values)
    return booked
