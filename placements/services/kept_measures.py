"""Measured once a day and kept as rows, so that a page costs the same however many cases stand behind it."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from placements.forecast import Forecast
from placements.models import MeasuredTime, Placement, Stretch, VettingRecord
from placements.services.commitments import Group, Record, promised_cases, record_by
from placements.services.measured import step_times, times_to_clear
from techforce.core.calendar import today
from techforce.core.services import service


@service
def keep_measures(*, by: Any, on: datetime.date | None = None) -> int:
    """Measure everything, unless this day's rows are there; returns how many rows were written."""
    day = on or today()
    if MeasuredTime.objects.filter(as_of__gte=day).exists():
        return 0
    times, records = list(_times(day)), list(_records(day))
    _replace(MeasuredTime, times, day, unique=("stretch", "tier", "agency"))
    _replace(VettingRecord, records, day, unique=("office", "tier"))
    return len(times) + len(records)


def kept_time(
    stretch: str, *, tier: int | None = None, agency: Agency | int | None = None
) -> MeasuredTime | None:
    """The agency's own time where there is one, otherwise the program's; None while nothing was measured. A row
    without numbers is of too few people."""
    whose = Q(agency=agency) | Q(agency=None) if agency else Q(agency=None)
    rows = MeasuredTime.objects.filter(whose, stretch=stretch, tier=tier)
    return rows.order_by("agency_id").first()


def records_kept(
    records: models.QuerySet[VettingRecord],
) -> tuple[defaultdict[Group, Record], datetime.date | None]:
    """What became of the cases that are over, by agency and tier, and the day on which they were counted."""
    found: defaultdict[Group, Record] = defaultdict(Record)
    day = MeasuredTime.objects.aggregate(day=models.Max("as_of"))["day"]
    for row in records.select_related("office").order_by("pk"):
        one = Record(kept=row.kept, missed=row.missed, unpromised=row.unpromised)
        one.held.update(row.held)
        found[row.office.agency_id, row.tier_id].join(one)
    return found, day


def _times(day: datetime.date) -> Iterator[MeasuredTime]:
    for name, found in step_times(on=day).items():
        yield _time(found, day, stretch=Stretch(name))
    for tier, agency, found in times_to_clear(on=day):
        yield _time(found, day, stretch=Stretch.TO_CLEAR, tier_id=tier, agency_id=agency)


def _time(found: Forecast | None, day: datetime.date, **whose: Any) -> MeasuredTime:
    names = ("count", "ready", "low", "median", "high")
    numbers = {name: getattr(found, name) for name in names} if found else {}
    return MeasuredTime(as_of=day, **whose, **numbers)


def _records(day: datetime.date) -> Iterator[VettingRecord]:
    over = [one for one in promised_cases(Placement.objects.order_by("pk"), on=day) if not one.case.is_open]
    by_office = record_by(over, lambda one: (one.placement.opening.office_id, one.case.tier_id))
    for (office, tier), record in sorted(by_office.items()):
        yield VettingRecord(
            office_id=office,
            tier_id=tier,
            as_of=day,
            kept=record.kept,
            missed=record.missed,
            unpromised=record.unpromised,
            held=dict(record.held),
        )


def _replace(model: Any, rows: list[Any], day: datetime.date, *, unique: tuple[str, ...]) -> None:
    """Readers see the old rows until all new ones are there; two workers at once write the same."""
    kept = {*unique, "id", "public_id", "created_at"}
    columns = [field.name for field in model._meta.concrete_fields if field.name not in kept]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=columns)
    model.objects.filter(as_of__lt=day).delete()
