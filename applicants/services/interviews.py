"""Interviews: of OPM for an assessment step, where times are offered and one is booked; of an agency for an opening,
which fixes the time at once (`placements` says for whom)."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Opening
from applicants.models import Application, AssessmentStep, Interview, InterviewMode, InterviewStatus
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.outbox import draft, enqueue_many
from techforce.core.models import MessageClass
from techforce.core.moments import EASTERN
from techforce.core.services import service
from techforce.core.versions import save_version
from techforce.core.workflow import transition, transition_many

LONGEST = datetime.timedelta(hours=8)


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
    _check_times(starts_at, ends_at)
    values = {"starts_at": starts_at, "ends_at": ends_at, "place": place}
    booked: Interview = transition(interview, "book", by=by, values=values)
    _tell(booked)
    return booked


@service
def schedule_interview(
    *,
    application: Application,
    opening: Opening,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: Any,
    mode: str = InterviewMode.VIDEO,
    time_zone: str = EASTERN,
    place: str = "",
) -> Interview:
    """An agency's interview at a fixed time. The caller knows that the person is considered for the opening."""
    interview = Interview(application=application, opening=opening, mode=mode, time_zone=time_zone)
    if not by.has_perm("applicants.run_interview", interview):
        raise NotPermitted(_("Your role does not allow interviews with this person."))
    try:
        with transaction.atomic():
            interview.save()
    except IntegrityError as error:
        if "one_pending_interview_an_opening" not in str(error):
            raise
        raise Refused(_("An interview with this person is planned already. Move that one.")) from error
    record_event("applicants.interview:offer", subject=interview, by=by)
    return book_interview(interview=interview, starts_at=starts_at, ends_at=ends_at, place=place, by=by)


@service
def move_interview(
    *,
    interview: Interview,
    version: int,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: Any,
    mode: str,
    time_zone: str,
    place: str = "",
) -> Interview:
    """Another time, place or way to meet. The entry in people's calendars is the same, with a later version; `version`
    is the one that whoever moves it has seen. What is so already is not done, and nobody is told, a second time."""
    if not by.has_perm("applicants.run_interview", interview):
        raise NotPermitted(_("Your role does not allow interviews with this person."))
    locked: Interview = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if locked.status != InterviewStatus.BOOKED:
        raise Refused(_("This interview is %(state)s.") % {"state": locked.get_status_display().lower()})
    values = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "mode": mode,
        "time_zone": time_zone,
        "place": place,
    }
    if all(getattr(locked, name) == value for name, value in values.items()):
        return locked
    _check_times(starts_at, ends_at)
    for name, value in values.items():
        setattr(locked, name, value)
    save_version(locked, expected=version, fields=list(values))
    record_event("applicants.interview:move", subject=locked, by=by)
    locked.refresh_from_db()
    _tell(locked)
    return locked


@service
def cancel_interview(*, interview: Interview, reason_code: str, by: Any) -> Interview:
    """It does not take place. The person is told when a time was fixed."""
    locked = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    was_booked = locked.status == InterviewStatus.BOOKED
    cancelled: Interview = transition(interview, "cancel", by=by, reason_code=reason_code)
    if was_booked:
        _tell(cancelled)
    return cancelled


@service
def cancel_interviews(*, interviews: QuerySet[Interview], reason_code: str, by: Any) -> int:
    """Booked ones that do not take place, in a fixed number of statements; returns how many. Who withdrew or closed the
    account knows, and is not written again."""
    booked = interviews.filter(status=InterviewStatus.BOOKED)
    cancelled = [row.pk for row in transition_many(booked, "cancel", by=by, reason_code=reason_code).rows]
    told = Interview.objects.filter(
        pk__in=cancelled,
        application__withdrawn_at__isnull=True,
        application__applicant__user__is_active=True,
    )
    if cancelled:
        _tell_all(told.select_related("application__applicant__user").order_by("pk"))
    return len(cancelled)


@service
def record_interview_outcome(*, interview: Interview, is_held: bool, by: Any) -> Interview:
    """It took place, or the person did not come."""
    recorded: Interview = transition(interview, "hold" if is_held else "miss", by=by)
    return recorded


def _check_times(starts_at: datetime.datetime, ends_at: datetime.datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("The interview ends before it starts."))
    if ends_at - starts_at > LONGEST:
        raise Refused(_("An interview lasts 8 hours at most."))
    if starts_at <= timezone.now():
        raise Refused(_("Choose a time that is still to come."))


def _tell(interview: Interview) -> None:
    interview.refresh_from_db(fields=["version"])
    _tell_all([interview])


def _tell_all(interviews: Iterable[Interview]) -> None:
    """One mail a version; an older one that has not left says nothing any more."""
    enqueue_many(
        draft(
            "interview_changed",
            message_class=MessageClass.TRANSACTIONAL,
            subject=interview,
            recipient=interview.application.applicant.user,
            dedupe_key=f"interview:{interview.public_id}:{interview.version}",
            context={"version": interview.version},
        )
        for interview in interviews
    )
