"""Vetting as cases: from the acceptance of the tentative offer to the day on which nothing of it stops the firm offer.

A fixed number of queries, whatever the number of placements.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from placements.checklists import open_steps
from placements.models import Area, Checklist, ChecklistItem, Offer, OfferKind, Placement
from placements.workflow import LIVE_STATES
from techforce.core.calendar import EASTERN
from techforce.core.models import AuditEvent

GATE = "firm_offer"
SET_ASIDE = ("excused", "not_applicable")
LOOKED_BACK = datetime.timedelta(days=730)
"""Cases that are over and began earlier tell of another time, and a page must not grow with the age of the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceCase:
    """One person's vetting. Of what is neither cleared nor ended, the end is not known yet."""

    placement: Any
    tier_id: int
    began_on: datetime.date
    cleared_on: datetime.date | None
    ended_on: datetime.date | None

    @property
    def is_open(self) -> bool:
        return self.cleared_on is None and self.ended_on is None

    def until(self, day: datetime.date) -> datetime.date:
        """The last day on which the case was worked on, as seen on `day`."""
        return self.cleared_on or self.ended_on or day


def clearance_cases(placements: QuerySet[Placement], *, on: datetime.date) -> list[ClearanceCase]:
    """The vetting of these placements, the oldest first: all that may be open, and what is over as far back as two
    years before `on`."""
    is_looked_at = Q(created_at__date__gte=on - LOOKED_BACK) | Q(pk__in=maybe_open(placements).values("pk"))
    rows = list(_with_beginnings(placements).filter(is_looked_at).order_by("pk"))
    cleared = _cleared_days([row.pk for row in rows])
    ended = _days_of_events(Placement, [row.pk for row in rows if row.status not in LIVE_STATES], first=True)
    return [_case(row, cleared.get(row.pk), ended) for row in rows]


def maybe_open(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """Every placement whose vetting is open is among these, and few others: of alternatives one may be done."""
    steps = ChecklistItem.objects.filter(
        checklist__placement=OuterRef("pk"),
        checklist__superseded_at__isnull=True,
        checklist__area=Area.VETTING,
        gate=GATE,
    )
    unsettled = steps.filter(is_settled=False)
    return placements.filter(Exists(unsettled) | ~Exists(steps), status__in=LIVE_STATES)


def _with_beginnings(placements: QuerySet[Placement]) -> QuerySet[Any]:
    """With the moment of acceptance (of a transfer without a selection, of the transfer) and the tier of the checklist
    that is worked through, whatever tier the opening has now."""
    accepted = Offer.objects.filter(
        selection=OuterRef("selection"), kind=OfferKind.TENTATIVE, status="accepted"
    ).order_by("-pk")
    worked = Checklist.objects.current().filter(placement=OuterRef("pk"), area=Area.VETTING)
    return placements.annotate(
        began_at=Coalesce(Subquery(accepted.values("answered_at")[:1]), F("created_at")),
        tier=Coalesce(
            Subquery(worked.values("template__tier")[:1]),
            F("opening__vetting_tier"),
            output_field=BigIntegerField(),
        ),
    )


def _case(row: Any, cleared_on: datetime.date | None, ended: Mapping[int, datetime.date]) -> ClearanceCase:
    began_on = _day(row.began_at)
    is_over = row.status not in LIVE_STATES
    return ClearanceCase(
        placement=row,
        tier_id=row.tier,
        began_on=began_on,
        # What was settled before the offer took no day.
        cleared_on=max(cleared_on, began_on) if cleared_on else None,
        ended_on=max(ended.get(row.pk, began_on), began_on) if is_over and not cleared_on else None,
    )


def _cleared_days(placements: Collection[int]) -> dict[int, datetime.date]:
    """When the vetting steps before the firm offer were all settled; placements with an open one are missing."""
    items: dict[int, list[Any]] = defaultdict(list)
    steps = ChecklistItem.objects.of_placements(placements).filter(checklist__area=Area.VETTING, gate=GATE)
    columns = ("pk", "code", "gate", "alternatives", "status", "is_settled", "effective_on", "created_at")
    for item in steps.order_by("pk").values_list(*columns, "checklist__placement", named=True):
        items[item.checklist__placement].append(item)
    done = {key: found for key, found in items.items() if not open_steps(found, GATE)}
    aside = [item.pk for found in done.values() for item in found if item.status in SET_ASIDE]
    set_aside = _days_of_events(ChecklistItem, aside, states=SET_ASIDE)
    return {key: max(_settled_days(found, set_aside)) for key, found in done.items()}


def _settled_days(items: Iterable[Any], set_aside: Mapping[int, datetime.date]) -> Iterator[datetime.date]:
    """The day of each step, and of alternatives the first that was done."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for item in items:
        groups[item.alternatives or item.code].append(item)
    for group in groups.values():
        done = [item.effective_on for item in group if item.status == "done" and item.is_settled]
        aside = [set_aside.get(item.pk, _day(item.created_at)) for item in group if item.status in SET_ASIDE]
        yield min(done) if done else max(aside)


def _day(moment: datetime.datetime) -> datetime.date:
    """The day in Washington."""
    return moment.astimezone(EASTERN).date()


def _days_of_events(
    model: Any, keys: Collection[int], *, states: Collection[str] = (), first: bool = False
) -> dict[int, datetime.date]:
    """When each row came last into one of `states`, or first out of the living ones."""
    events = AuditEvent.objects.filter(subject_type=model._meta.label_lower, subject_id__in=keys)
    events = events.filter(to_state__in=states) if states else events.exclude(to_state__in=["", *LIVE_STATES])
    found = events.values("subject_id").annotate(moment=Min("at") if first else Max("at"))
    return {row["subject_id"]: _day(row["moment"]) for row in found.order_by("subject_id")}
