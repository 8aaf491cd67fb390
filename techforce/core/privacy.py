"""Personal data: each app says what it holds of a person, how that is exported, destroyed and moved.

`redact` and `purge` are the only functions that may touch history, and they write an audit row (trust.md I15).
"""

from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.models import LegalHold


@dataclass(frozen=True, slots=True)
class Holding:
    """What one app holds of a person. `export` gives plain data for the download; `erase` destroys what may go now;
    `repoint` moves rows from one account of a person to another."""

    label: str
    export: Callable[[Any], dict[str, Any]]
    erase: Callable[[Any], None]
    repoint: Callable[[Any, Any], None]


_HOLDINGS: dict[str, Holding] = {}


def register(
    label: str,
    *,
    export: Callable[[Any], dict[str, Any]],
    erase: Callable[[Any], None],
    repoint: Callable[[Any, Any], None],
) -> None:
    _HOLDINGS[label] = Holding(label, export, erase, repoint)


def holdings() -> Iterable[Holding]:
    return tuple(_HOLDINGS.values())


def export_person(user: Any) -> dict[str, Any]:
    """All that the person gave, by app."""
    return {holding.label: holding.export(user) for holding in holdings()}


def is_held(subject: models.Model) -> bool:
    """A live legal hold covers this row, or its whole table."""
    day = today()
    return (
        LegalHold.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
        .filter(Q(subject_id=subject.pk) | Q(subject_id__isnull=True), subject_type=subject._meta.label_lower)
        .exists()
    )


def refuse_if_held(subject: models.Model) -> None:
    if is_held(subject):
        raise Refused(
            _("A legal hold covers this record. Nothing of it may be destroyed until the hold is released.")
        )


@transaction.atomic
def erase_person(user: Any, *, by: Any) -> None:
    """Destroy what may go now of everything held; each app keeps what the schedule or a hold keeps.

    Later apps first: they let go of what earlier ones hold."""
    refuse_if_held(user)
    with records_mark("redact"):
        for holding in reversed(tuple(holdings())):
            holding.erase(user)
    record_event("privacy:erase", subject=user, by=by)


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
