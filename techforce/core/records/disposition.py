"""Records that have reached their disposition date (domain.md §5.3): counted first, destroyed when the records officer
approves, never under a legal hold (trust.md I15). What is left is a row without content, or only the audit.

Each app registers its lines of the schedule. `is_confirmed` says that the period was read in the General Records
Schedule itself; the others are what the program took from general knowledge and must have confirmed.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import OperationalError, models, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import QueryCanceled

from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.privacy import records_mark, refuse_if_held
from techforce.core.records.destruction import destroy_rows, free_of_holds, under_hold

log = structlog.get_logger(__name__)

DESTROYED, APPROVED = "records:destroyed", "records:approved"
"""What the audit says of one record, and of one approval."""

BATCH = 1_000
MOST_COUNTED = 10_000
"""A page that counts a log to its end keeps its reader waiting."""

LOOKED_AT = 10
"""Records that are looked at for each one that may go: a hold on what hangs on a record shows only then."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One line of the records schedule, under the heading `family`. `due(day)` gives the rows whose time is over on
    that day; `destroy(row)` destroys one with all that hangs on it, and raises Refused when a hold covers any of it.
    A hold on any of `subjects(row)` keeps the row too.

    A log names no `destroy`: its rows go in batches, and only their number is noted. `gone` names the tables of which
    whole rows vanish, so that the audit about them can go in its own time."""

    label: str
    title: Any
    family: Any
    authority: str
    due: Callable[[datetime.date], models.QuerySet[Any]]
    destroy: Callable[[Any], object] | None = None
    subjects: Callable[[Any], Iterable[models.Model]] = lambda row: (row,)
    gone: tuple[type[models.Model], ...] = ()
    is_confirmed: bool = False

    def count(self) -> int:
        """How many are due, as far as they are counted; what takes too long to count is many."""
        try:
            with transaction.atomic():
                return len(self.due(today()).order_by().values_list("pk")[:MOST_COUNTED])
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
            log.warning("count_took_too_long", schedule=self.label)
            return MOST_COUNTED


@dataclass(frozen=True)
class Done:
    destroyed: int
    held: int


_SCHEDULES: dict[str, Schedule] = {}


def register_schedule(schedule: Schedule) -> None:
    _SCHEDULES[schedule.label] = schedule


def schedules() -> tuple[Schedule, ...]:
    """Those registered last first: they let go of what earlier ones hold."""
    return tuple(reversed(_SCHEDULES.values()))


def schedule_named(label: str) -> Schedule | None:
    return _SCHEDULES.get(label)


def vanishing_models() -> tuple[type[models.Model], ...]:
    """Tables of which the schedule destroys whole rows."""
    return tuple(dict.fromkeys(model for schedule in schedules() for model in schedule.gone))


def years_before(day: datetime.date, years: int) -> datetime.date:
    """The same day so many years ago; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def report() -> Iterator[tuple[Schedule, int]]:
    """How many rows of each schedule are due, counted when it is its turn. Nothing is touched."""
    for schedule in schedules():
        yield schedule, schedule.count()


def destroy_due(schedule: Schedule, *, by: Any, limit: int | None = None) -> Done:
    """Destroy what is due, or at most `limit` of it, row by row, so that a hold on one does not keep the others. Raises
    NotPermitted unless `by` approves destructions."""
    if not by.has_perm("core.approve_destruction"):
        raise NotPermitted(_("Only a records officer approves the destruction of records."))
    return (_one_by_one if schedule.destroy else _in_batches)(schedule, by, limit)


def _note(schedule: Schedule, by: Any, done: Done) -> None:
    if done != Done(0, 0):
        counts = {"destroyed": done.destroyed, "held": done.held}
        detail = {"schedule": schedule.label, "authority": schedule.authority, **counts}
        record_event(APPROVED, subject=by, by=by, detail=detail)


def _count_held(schedule: Schedule) -> int:
    """Those that a hold covers directly, among the first that are due: where others go, they are what is left."""
    due = schedule.due(today())
    first = due.order_by("pk").values("pk")[:MOST_COUNTED]
    return under_hold(due.model._base_manager.filter(pk__in=first)).count()


def _one_by_one(schedule: Schedule, by: Any, limit: int | None) -> Done:
    """With each goes its own line of the audit; their number is noted also where the last one broke it off."""
    destroyed, held = 0, _count_held(schedule)
    due = free_of_holds(schedule.due(today())).order_by("pk")
    most = None if limit is None else limit * LOOKED_AT
    try:
        for key in list(due.values_list("pk", flat=True)[:most]):
            if destroyed == limit:
                break
            try:
                destroyed += _destroy(schedule, key, by)
            except Refused:
                log.warning("destruction_held", schedule=schedule.label, key=key)
                held += 1
    finally:
        _note(schedule, by, Done(destroyed, held))
    return Done(destroyed, held)


@transaction.atomic
def _destroy(schedule: Schedule, key: int, by: Any) -> bool:
    """False when the row has gone meanwhile, or is not due any more."""
    row = schedule.due(today()).filter(pk=key).select_for_update(of=("self",), skip_locked=True).first()
    if row is None or schedule.destroy is None:
        return False
    for subject in (row, *schedule.subjects(row)):
        refuse_if_held(subject)
    record_event(DESTROYED, subject=row, by=by, detail={"authority": schedule.authority})
    with records_mark("purge"):
        schedule.destroy(row)
    return True


def _in_batches(schedule: Schedule, by: Any, limit: int | None) -> Done:
    destroyed, held = 0, _count_held(schedule)
    while limit is None or destroyed < limit:
        most = BATCH if limit is None else min(BATCH, limit - destroyed)
        if not (gone := _destroy_batch(schedule, by, most, 0 if destroyed else held)):
            break
        destroyed += gone
    if not destroyed:
        _note(schedule, by, Done(0, held))
    return Done(destroyed, held)


@transaction.atomic
def _destroy_batch(schedule: Schedule, by: Any, most: int, held: int) -> int:
    """A line of the audit with each batch, or neither."""
    due = free_of_holds(schedule.due(today())).order_by("pk")
    keys = [row.pk for row in due.only("pk").select_for_update(of=("self",), skip_locked=True)[:most]]
    with records_mark("purge"):
        gone = destroy_rows(due.model._base_manager.filter(pk__in=keys))
    if gone:
        _note(schedule, by, Done(gone, held))
    return gone
