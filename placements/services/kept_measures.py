"""Measured once a day and kept as rows, so that a page costs the same however many cases stand behind it."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import Q

from agencies.models import Agency
from placements.forecast import Forecast
from placements.models import MeasuredTime, Placement, Stretch, VettingRecord
from placements.services.commitments import Group, PromisedCase, Record, promised_cases, record_by, records_of
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
    records: models.QuerySet[VettingRecord], *, waiting: Iterable[PromisedCase]
) -> tuple[defaultdict[Group, Record], datetime.date | None]:
    """What became of the cases by agency and tier, and the day on which those that are over were counted. One of the
    cases that are `waiting` was over then and is open again: it counts as open alone."""
    found: defaultdict[Group, Record] = defaultdict(Record)
    cases = list(waiting)
    opened = {str(one.placement.pk) for one in cases}
    for row in records.select_related("office").order_by("pk"):
        found[row.office.agency_id, row.tier_id].join(_record(row, without=opened))
    for group, record in records_of(cases).items():
        found[group].join(record)
    return found, MeasuredTime.objects.aggregate(day=models.Max("as_of"))["day"]


def _record(row: VettingRecord, *, without: Collection[str]) -> Record:
    record = Record(kept=row.kept, missed=row.missed, unpromised=row.unpromised, held=Counter(row.held))
    for key in row.cases.keys() & without:
        record.take_off(row.cases[key]["as"], row.cases[key]["held"])
    return record


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
    cases: dict[Group, dict[str, Any]] = defaultdict(dict)
    for one in over:
        cases[_desk(one)][str(one.placement.pk)] = {"as": one.counts_as, "held": dict(one.clock.held)}
    for (office, tier), record in sorted(record_by(over, _desk).items()):
        yield VettingRecord(
            office_id=office,
            tier_id=tier,
            as_of=day,
            kept=record.kept,
            missed=record.missed,
            unpromised=record.unpromised,
            held=dict(record.held),
            cases=cases[office, tier],
        )


def _desk(one: PromisedCase) -> Group:
    """The office and the tier."""
    return one.placement.opening.office_id, one.case.tier_id


def _replace(model: Any, rows: list[Any], day: datetime.date, *, unique: tuple[str, ...]) -> None:
    """Readers see the old rows until all new ones are there; two workers at once write the same."""
    kept = {*unique, "id", "public_id", "created_at"}
    columns = [field.name for field in model._meta.concrete_fields if field.name not in kept]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=columns)
    model.objects.filter(as_of__lt=day).delete()
