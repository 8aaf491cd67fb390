"""How long things take, measured on our own cases and never guessed. Cases that are still open count as at least so
long; below ten cases nothing is said (see `placements.forecast`)."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncDate

from agencies.models import Agency
from applicants.models import Application
from placements.forecast import FEWEST_CASES_OF_AN_AGENCY, Case, Forecast, forecast
from placements.models import CertificateEntry, Placement
from placements.services.clearance import LOOKED_BACK, clearance_cases
from techforce.core.calendar import EASTERN
from techforce.program.models import VettingTier

ONCE_QUALIFIED = ("qualified", "placed", "withdrawn")
"""With the day of a decision; whoever was not qualified is not referred."""


def time_to_clear(
    tier: VettingTier | int, *, on: datetime.date, agency: Agency | int | None = None
) -> Forecast | None:
    """Days from the accepted tentative offer until vetting allows the firm one, of everyone in this tier; by the
    agency's own cases where there are twenty. Only for somebody who is selected: never beside another agency's."""
    waits = _waits_by_agency(tier if isinstance(tier, int) else tier.pk, on)
    own = waits.get(getattr(agency, "pk", agency), ())
    return forecast([one for found in waits.values() for one in found], as_of=on, agency_cases=own)


def times_to_clear(*, on: datetime.date) -> Iterator[tuple[int, int | None, Forecast | None]]:
    """Of every tier the time of everyone, and of each agency with cases enough its own: tier, agency, time."""
    for tier in VettingTier.objects.order_by("rank", "code"):
        waits = _waits_by_agency(tier.pk, on)
        everyone = [one for found in waits.values() for one in found]
        yield tier.pk, None, forecast(everyone, as_of=on)
        for agency, own in sorted(waits.items()):
            if len(own) >= FEWEST_CASES_OF_AN_AGENCY:
                yield tier.pk, agency, forecast(everyone, as_of=on, agency_cases=own)


def _waits_by_agency(tier: int, on: datetime.date) -> dict[Any, list[Case]]:
    in_tier = Q(checklists__template__tier=tier, checklists__superseded_at__isnull=True)
    placements = Placement.objects.filter(in_tier).select_related("opening")
    waits: dict[Any, list[Case]] = defaultdict(list)
    for one in clearance_cases(placements, on=on):
        if one.began_on <= on:
            days = (one.until(on) - one.began_on).days
            waits[one.placement.opening.agency_id].append(Case(days, is_ready=one.cleared_on is not None))
    return waits


def step_times(*, on: datetime.date, only: str = "") -> Mapping[str, Forecast | None]:
    """Days that each stretch of the road takes (or `only` one), program-wide; None for one that fewer than ten people
    have begun."""
    cases = {"submitted_to_decided": _decided, "decided_to_referred": _referred}
    return {name: forecast(read(on), as_of=on) for name, read in cases.items() if only in ("", name)}


def _decided(on: datetime.date) -> list[Case]:
    """A withdrawn application was never decided: it waited until it was taken back. Counted by days in the database,
    because this stands on a page that a hundred thousand people may open."""
    begun = Application.objects.filter(submitted_at__date__gte=on - LOOKED_BACK)
    days = {"begins": "submitted_at", "ends": "decided_at", "left": "withdrawn_at"}
    by_day = begun.annotate(**{name: TruncDate(column, tzinfo=EASTERN) for name, column in days.items()})
    rows = by_day.values_list(*days).annotate(count=Count("pk")).order_by(*days)
    return [case for begins, ends, left, count in rows for case in [_stretch(begins, ends, left, on)] * count]


def _referred(on: datetime.date) -> list[Case]:
    """From the decision that somebody is qualified to the first certificate with their name at an agency."""
    qualified = Application.objects.filter(status__in=ONCE_QUALIFIED, decided_at__date__gte=on - LOOKED_BACK)
    entries = CertificateEntry.objects.filter(application__in=qualified, certificate__referrals__isnull=False)
    first = dict(
        entries.values("application")
        .annotate(first=Min("certificate__referrals__created_at"))
        .order_by("application")
        .values_list("application", "first")
    )
    rows = qualified.order_by("pk").values_list("pk", "decided_at", "withdrawn_at")
    return [_stretch(_day(decided), _day(first.get(key)), _day(left), on) for key, decided, left in rows]


def _stretch(
    begins: datetime.date | None, ends: datetime.date | None, left: datetime.date | None, on: datetime.date
) -> Case:
    """Until it happened, until the person left, or until the day on which we look."""
    return Case(max(0, ((ends or left or on) - (begins or on)).days), is_ready=ends is not None)


def _day(moment: datetime.datetime | None) -> datetime.date | None:
    return moment.astimezone(EASTERN).date() if moment else None
