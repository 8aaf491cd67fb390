"""The life of an opening. Cancelling tells every candidate and therefore is in `placements`."""

from typing import Any

from django.utils import timezone

from agencies.models import Opening
from agencies.services.notices import tell_agency
from agencies.workflow import OpeningStatus
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many


@service
def submit_opening(*, opening: Opening, by: Any, version: int | None = None) -> Opening:
    """The agency hands its draft to OPM. Raises TransitionRefused with what is missing."""
    submitted: Opening = transition(opening, "submit", by=by, version=version)
    return submitted


@service
def publish_opening(*, opening: Opening, by: Any) -> Opening:
    """OPM approves; the public sees it from now on, and the agency is told."""
    published: Opening = transition(opening, "publish", by=by, values={"comments": ""})
    tell_agency("opening_published", published, published)
    return published


@service
def return_opening(*, opening: Opening, comments: str, by: Any) -> Opening:
    """OPM sends a submitted opening back and says what to change; the agency is told that it did."""
    values = {"comments": comments.strip(), "submitted_at": None}
    returned: Opening = transition(opening, "return_for_changes", by=by, values=values)
    tell_agency("opening_returned", returned, returned)
    return returned


@service
def pause_opening(*, opening: Opening, by: Any) -> Opening:
    paused: Opening = transition(opening, "pause", by=by)
    return paused


@service
def resume_opening(*, opening: Opening, by: Any) -> Opening:
    resumed: Opening = transition(opening, "resume", by=by)
    return resumed


@service
def close_opening(*, opening: Opening, by: Any) -> Opening:
    closed: Opening = transition(opening, "close", by=by)
    return closed


@service
def close_past_openings(*, by: Any) -> int:
    """Close every published opening whose deadline has passed and say how many; beat calls it."""
    due = Opening.objects.filter(
        status__in=[OpeningStatus.PUBLISHED, OpeningStatus.PAUSED], closes_at__lte=timezone.now()
    )
    return len(transition_many(due, "close", by=by, is_partial_allowed=True).rows)
