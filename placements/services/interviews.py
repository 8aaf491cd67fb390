"""An agency speaks with a person whom it considers for an opening."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import OpeningStatus
from applicants import services as applications
from applicants.models import Interview, InterviewStatus
from placements.models import Selection
from placements.services.locks import lock
from placements.workflow.selection import UNDER_CONSIDERATION
from techforce.accounts.models import User
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import transition

BEFORE_INTERVIEWS = ("proposed", "shortlisted")
TALKS_IN = (*BEFORE_INTERVIEWS, "interviewing")
STILL_TALKING = (*UNDER_CONSIDERATION, "offered")
"""States of a selection that leave a planned interview standing."""
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


def cancel_pending_interviews(selections: Iterable[Selection]) -> int:
    """Once these selections are over. The caller is in a transaction and holds them; returns how many it cancelled."""
    keys = [selection.pk for selection in selections]
    return _cancel(Interview.objects.filter(_of(Selection.objects.filter(pk__in=keys)))) if keys else 0


@service
def cancel_idle_interviews(*, by: Any) -> int:
    """Those of agencies that lead nowhere: the opening was cancelled, the application lapsed or was withdrawn. Beat
    calls it, because openings and applications do not know of selections; returns how many it cancelled."""
    return _cancel(Interview.objects.exclude(_leads_somewhere()))


def _cancel(interviews: QuerySet[Interview]) -> int:
    """What has begun is left to be recorded as held or missed."""
    coming = interviews.filter(opening__isnull=False, starts_at__gt=timezone.now())
    return applications.cancel_interviews(
        interviews=coming, reason_code="no_longer_needed", by=User.objects.system()
    )


def _leads_somewhere() -> Q:
    is_offered = Q(opening__status__in=[state for state in OpeningStatus if state != OpeningStatus.CANCELLED])
    is_talking = _of(Selection.objects.filter(status__in=STILL_TALKING))
    return Q(is_talking, is_offered, application__status__in=WITH_A_LIVE_APPLICATION)


def _of(selections: QuerySet[Selection]) -> Exists:
    """For interviews: that they belong to one of these."""
    return Exists(selections.filter(application=OuterRef("application"), opening=OuterRef("opening")))


def interviews_of(application: Any) -> list[Interview]:
    """Those that are fixed and lead somewhere, for the person: the earliest first."""
    rows = Interview.objects.filter(application=application, status=InterviewStatus.BOOKED)
    for_step = Q(opening__isnull=True, application__status__in=WITH_A_LIVE_APPLICATION)
    live = rows.filter(for_step | _leads_somewhere())
    return list(live.select_related("opening__agency").order_by("starts_at", "pk"))
