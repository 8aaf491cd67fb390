"""Reminders about openings: one that finds nobody, and one whose last day comes (domain.md §6.2, "Opening stale")."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from agencies.models import AgencyRole, Opening
from agencies.permissions import Members
from agencies.workflow import OpeningStatus
from techforce.core.ladders import declare
from techforce.core.reminders import Rung
from techforce.core.reminders.watching import watch

declare(Path(__file__).parent / "seed" / "reminders.toml")

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
    members = Members({opening.agency_id for opening, _rung in due}, AgencyRole.HR_SPECIALIST)
    return {opening.pk: members.holding(opening, AgencyRole.HR_SPECIALIST) for opening, _rung in due}


def own_page(opening: Opening, person: Any) -> str:
    return reverse("agency_opening", args=[opening.public_id])


STALE = watch(
    "opening_stale",
    Opening,
    dates=unfilled,
    recipients=hr_specialists,
    path=own_page,
)
CLOSING = watch(
    "opening_closing",
    Opening,
    dates=closing,
    recipients=hr_specialists,
    path=own_page,
)
