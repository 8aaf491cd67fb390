"""Personal data: each app says what it holds of a person, how that is destroyed and moved. What of it the person may
download is said in `core.privacy.shares`.

`redact` and `purge` are the only functions that may touch history, and they write an audit row (trust.md I15).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.models import LegalHold
from techforce.core.privacy import shares


@dataclass(frozen=True, slots=True)
class Holding:
    """What one app holds of a person. `erase` destroys what may go now; `repoint` moves rows from one account of a
    person to another."""

    label: str
    erase: Callable[[Any], None]
    repoint: Callable[[Any, Any], None]


_HOLDINGS: dict[str, Holding] = {}


def register(label: str, *, erase: Callable[[Any], None], repoint: Callable[[Any, Any], None]) -> None:
    _HOLDINGS[label] = Holding(label, erase, repoint)


def holdings() -> Iterable[Holding]:
    return tuple(_HOLDINGS.values())


_TOMBSTONES: dict[str, Callable[[], Q]] = {}


def register_tombstones(model: type[models.Model], condition: Callable[[], Q]) -> None:
    """Rows of `model` for which `condition` holds are empty: they refer to a person, and tell nothing about them."""
    _TOMBSTONES[model._meta.label] = condition


def telling(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows of `model` that still tell something about the people to whom they refer."""
    condition = _TOMBSTONES.get(model._meta.label)
    rows: models.QuerySet[Any] = model._base_manager.all()
    return rows.exclude(condition()) if condition else rows


def export_person(user: Any) -> dict[str, list[dict[str, Any]]]:
    """All that the person may have of what is held about them, by section of the download."""
    return {share.name: list(share.rows(user)) for share in shares.shares()}


def live_holds() -> models.QuerySet[LegalHold]:
    day = today()
    return LegalHold.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)


def is_held(subject: models.Model) -> bool:
    """A live legal hold covers this row, or its whole table."""
    covers = Q(subject_id=subject.pk) | Q(subject_id__isnull=True)
    return live_holds().filter(covers, subject_type=subject._meta.label_lower).exists()


class Held(Refused):
    """A legal hold covers `subject`."""

    def __init__(self, subject: models.Model) -> None:
        self.subject = subject
        super().__init__(
            _("A legal hold covers this record. Nothing of it may be destroyed until the hold is released.")
        )


def refuse_if_held(subject: models.Model) -> None:
    if is_held(subject):
        raise Held(subject)


@transaction.atomic
def erase_person(user: Any, *, by: Any, is_partial_allowed: bool = False) -> None:
    """Destroy what may go now of everything held; each app keeps what the schedule keeps. Raises `Held` when a hold
    covers any of it, unless `is_partial_allowed`: then that part stays whole, and the audit says which record did it.

    Later apps first: they let go of what earlier ones hold."""
    kept: list[models.Model] = []
    token = _KEPT.set(kept if is_partial_allowed else None)
    try:
        with part_of_erasure():
            refuse_if_held(user)
            _erase_all(user)
            record_event("privacy:erase", subject=user, by=by)
    finally:
        _KEPT.reset(token)
    if kept:
        held = [f"{subject._meta.label_lower}:{subject.pk}" for subject in kept]
        record_event("privacy:erase-held", subject=user, by=by, detail={"held": held})


def _erase_all(user: Any) -> None:
    with records_mark("redact"):
        for holding in reversed(tuple(holdings())):
            with part_of_erasure():
                holding.erase(user)


_KEPT: ContextVar[list[models.Model] | None] = ContextVar("kept", default=None)
"""What a hold kept so far; None where a hold stops everything."""


@contextmanager
def part_of_erasure() -> Iterator[None]:
    """What is destroyed together or not at all: one app's holding, and within it one draft."""
    kept = _KEPT.get()
    if kept is None:
        yield
        return
    try:
        with transaction.atomic():
            yield
    except Held as held:
        kept.append(held.subject)


@transaction.atomic
def redact(rows: models.QuerySet[Any], *, columns: dict[str, Any], by: Any) -> int:
    """Overwrite personal `columns` of rows, append-only ones too; refused under a hold. Returns how many."""
    return _touch(rows, "redact", by, lambda: rows.update(**columns))


@transaction.atomic
def purge(rows: models.QuerySet[Any], *, by: Any) -> int:
    """Destroy rows at their disposition date, append-only ones too; refused under a hold. Returns how many."""
    return _touch(rows, "purge", by, lambda: rows.delete()[0])


def _touch(rows: models.QuerySet[Any], verb: str, by: Any, act: Callable[[], int]) -> int:
    targets = list(rows)
    for target in targets:
        refuse_if_held(target)
    for target in targets:
        record_event(f"records:{verb}", subject=target, by=by)
    with records_mark(verb):
        act()
    return len(targets)


@contextmanager
def records_mark(verb: str) -> Any:
    """Within it what is append-only may be touched; whoever uses it writes the audit row."""
    _set_mark(verb)
    yield
    _set_mark("")


def _set_mark(verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('techforce.records', %s, true)", [verb])
