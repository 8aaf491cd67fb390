"""Records that have reached their disposition date (domain.md §5.3): counted first, destroyed when the records officer
approves, never under a legal hold (trust.md I15). What is left is a row without content and the audit."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import models, transaction
from django.utils.translation import gettext as _

from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.privacy import records_mark, refuse_if_held

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One line of the records schedule. `due(day)` gives the rows whose time is over on that day; `destroy(row)`
    destroys one with all that hangs on it, and raises Refused when a hold covers any of it."""

    label: str
    title: Any
    authority: str
    due: Callable[[datetime.date], models.QuerySet[Any]]
    destroy: Callable[[Any], None]


@dataclass(frozen=True)
class Done:
    destroyed: int
    held: int


_SCHEDULES: dict[str, Schedule] = {}


def register_schedule(schedule: Schedule) -> None:
    _SCHEDULES[schedule.label] = schedule


def schedules() -> tuple[Schedule, ...]:
    """Those of later apps first: they let go of what earlier ones hold."""
    return tuple(reversed(_SCHEDULES.values()))


def years_before(day: datetime.date, years: int) -> datetime.date:
    """The same day so many years ago; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def report() -> Iterator[tuple[Schedule, int]]:
    """How many rows of each schedule are due, counted when it is its turn. Nothing is touched."""
    for schedule in schedules():
        yield schedule, schedule.due(today()).count()


def destroy_due(schedule: Schedule, *, by: Any, limit: int | None = None) -> Done:
    """Destroy what is due, or at most `limit` of it, row by row, so that a hold on one does not keep the others. Raises
    NotPermitted unless `by` approves destructions."""
    if not by.has_perm("core.approve_destruction"):
        raise NotPermitted(_("Only a records officer approves the destruction of records."))
    destroyed = held = 0
    for key in list(schedule.due(today()).order_by("pk").values_list("pk", flat=True)):
        if destroyed == limit:
            break
        try:
            destroyed += _destroy(schedule, key, by)
        except Refused:
            log.warning("destruction_held", schedule=schedule.label, key=key)
            held += 1
    return Done(destroyed, held)


@transaction.atomic
def _destroy(schedule: Schedule, key: int, by: Any) -> bool:
    """False when the row has gone meanwhile, or is not due any more."""
    row = schedule.due(today()).filter(pk=key).select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return False
    refuse_if_held(row)
    with records_mark("purge"):
        schedule.destroy(row)
    record_event("records:destroyed", subject=row, by=by, detail={"authority": schedule.authority})
    return True
