"""Reminders about openings: one that finds nobody, and one whose last day comes (domain.md §6.2, "Opening stale")."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from agencies.models import AgencyMembership, AgencyRole, Opening
from agencies.workflow import OpeningStatus
from techforce.core.ladders import ladder
from techforce.core.reminders import Rung
from techforce.core.watching import watch

STALE_AFTER = datetime.timedelta(days=60)
"""When an opening that is not filled should have been looked at twice."""


def unfilled(openings: QuerySet[Opening]) -> Iterator[tuple[int, datetime.date]]:
    """Published openings with free seats, and the day on which they are stale."""
    waiting = openings.filter(status=OpeningStatus.PUBLISHED, seats_filled__lt=F("seats"))
    for key, published_at in waiting.values_list("pk", "published_at"):
        if published_at is not None:
            yield key, published_at + STALE_AFTER


def closing(openings: QuerySet[Opening]) -> Iterable[tuple[int, datetime.datetime | None]]:
    return openings.filter(status=OpeningStatus.PUBLISHED).values_list("pk", "closes_at")


def hr_specialists(due: Sequence[tuple[Opening, Rung]]) -> Mapping[int, Iterable[Any]]:
    """Of the opening's office, or of its whole agency."""
    agencies = {opening.agency_id for opening, _rung in due}
    live = AgencyMembership.objects.live().filter(
        role=AgencyRole.HR_SPECIALIST, agency__in=agencies, user__is_active=True
    )
    found = defaultdict(list)
    for membership in live.select_related("user").order_by("pk"):
        found[membership.agency_id].append(membership)
    return {
        opening.pk: dict.fromkeys(
            membership.user
            for membership in found[opening.agency_id]
            if membership.covers(opening.agency_id, opening.office_id)
        )
        for opening, _rung in due
    }


def own_page(opening: Opening, person: Any) -> str:
    return reverse("agency_opening", args=[opening.public_id])


STALE = watch(
    "opening_stale",
    Opening,
    ladder=ladder("-30d", "0d"),
    dates=unfilled,
    recipients=hr_specialists,
    path=own_page,
)
CLOSING = watch(
    "opening_closing",
    Opening,
    ladder=ladder("-7d", "0d"),
    dates=closing,
    recipients=hr_specialists,
    path=own_page,
)
