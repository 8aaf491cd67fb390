"""The only writer of any `status` column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.core.errors import Conflict, NotPermitted, TransitionRefused
from techforce.core.models import AuditEvent
from techforce.core.workflow.table import Transition, Workflow, workflow_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is being done to a set of rows; guards read it."""

    transition: Transition
    by: Any
    at: datetime
    on_behalf_of: Any = None
    reason_code: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows that took the transition, with their new values, and the sentence for each row that did not."""

    rows: list[Any]
    refused: dict[int, str]


Guard = Callable[[Sequence[Any], Change], Mapping[int, str]]

_GUARDS: dict[str, Guard] = {}


def guard(name: str) -> Callable[[Guard], Guard]:
    """Register a guard under the name that a workflow table uses. It gets all rows at once (locked, in primary-key
    order) and returns `{primary key: sentence}` for those that may not pass; it must not query once a row."""

    def register(function: Guard) -> Guard:
        if _GUARDS.get(name, function) is not function:
            raise ValueError(f"guard {name} is registered twice")
        _GUARDS[name] = function
        return function

    return register


def registered_guards() -> frozenset[str]:
    return frozenset(_GUARDS)


@transaction.atomic
def transition_many(
    rows: models.QuerySet[Any],
    name: str,
    *,
    by: Any,
    reason_code: str = "",
    detail: Mapping[str, Any] | None = None,
    values: Mapping[str, Any] | None = None,
    on_behalf_of: Any = None,
    version: int | None = None,
    is_partial_allowed: bool = False,
) -> Moved:
    """Take transition `name` on `rows`, in a fixed number of statements however many there are.

    Locks the rows in primary-key order, asks permission and guards, makes one UPDATE (with `values` for further
    columns), writes one audit event a row. `detail` goes into the audit event: codes, keys and dates only.
    Raises `TransitionRefused` if any row may not move, unless `is_partial_allowed`; `NotPermitted` if the actor may
    move none of them; `Conflict` if `version` is given and the row has another one.
    """
    flow = workflow_of(rows.model)
    change = Change(
        transition=flow.named(name),
        by=by,
        at=timezone.now(),
        on_behalf_of=on_behalf_of,
        reason_code=reason_code,
        detail=detail or {},
        values=values or {},
    )
    _check_reason(flow, change)
    locked = list(rows.order_by("pk").select_for_update(of=("self",)))
    _check_version(locked, version)
    refused = _refusals(flow, locked, change)
    if refused and not is_partial_allowed:
        raise TransitionRefused(refused)
    movers = [row for row in locked if row.pk not in refused]
    if movers:
        _audit(flow, movers, change)
        _write(flow, movers, change)
    return Moved(movers, refused)


def transition(row: Any, name: str, *, related: Sequence[str] = (), **options: Any) -> Any:
    """`transition_many` for one row; refreshes and returns it. `related` is what permission and guards ask of it, in
    the same query."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    moved = transition_many(rows.select_related(*related) if related else rows, name, **options)
    if not moved.rows:
        raise Conflict(_("This record no longer exists. Go back and load the list again."))
    row.__dict__.update({k: v for k, v in moved.rows[0].__dict__.items() if k != "_state"})
    return row


def available_transitions(row: Any, user: Any) -> list[Transition]:
    """What `user` may do to `row` now, for buttons and the API. Guards still speak when it is pressed."""
    return [
        arrow
        for arrow in workflow_of(row).leaving(row.status)
        if arrow.offered and user.has_perm(arrow.permission, row)
    ]


def explain(row: Any, name: str, user: Any) -> str:
    """Why `user` cannot take transition `name` on `row` now; empty when they can."""
    change = Change(transition=workflow_of(row).named(name), by=user, at=timezone.now())
    return _refusals(workflow_of(row), [row], change).get(row.pk, "")


def _check_reason(flow: Workflow, change: Change) -> None:
    allowed = change.transition.reasons
    if allowed and change.reason_code not in allowed:
        raise TransitionRefused({0: _("Choose a reason: %(codes)s.") % {"codes": ", ".join(allowed)}})
    if not allowed and change.reason_code:
        raise ValueError(f"{flow.mark(change.transition)} takes no reason code")


def _check_version(locked: Sequence[Any], version: int | None) -> None:
    if version is not None and any(row.version != version for row in locked):
        raise Conflict(
            _("Someone else changed this record while you had it open. Load it again and repeat your step.")
        )


def _refusals(flow: Workflow, rows: Sequence[Any], change: Change) -> dict[int, str]:
    arrow = change.transition
    refused = {
        row.pk: _("This is %(state)s and cannot be moved by “%(label)s”.")
        % {"state": row.get_status_display(), "label": arrow.label}
        for row in rows
        if row.status not in arrow.sources
    }
    strangers = {row.pk for row in rows if not change.by.has_perm(arrow.permission, row)}
    if strangers and len(strangers) == len(rows):
        raise NotPermitted(_("Your role does not allow “%(label)s” here.") % {"label": arrow.label})
    refused.update({pk: _("Your role does not allow this.") for pk in strangers})
    for name in arrow.guards:
        waiting = [row for row in rows if row.pk not in refused]
        if waiting:
            refused.update(_GUARDS[name](waiting, change))
    return refused


def _write(flow: Workflow, movers: Sequence[Any], change: Change) -> None:
    columns = {**change.values, "status": change.transition.target}
    if change.transition.stamp:
        columns[change.transition.stamp] = change.at
    model = type(movers[0])
    is_versioned = any(f.name == "version" for f in model._meta.concrete_fields)
    statement = {**columns, "version": F("version") + 1} if is_versioned else columns
    _set_mark(flow.mark(change.transition), change.by)
    model._base_manager.filter(pk__in=[row.pk for row in movers]).update(**statement)
    _set_mark("", change.by)
    for row in movers:
        for column, value in columns.items():
            setattr(row, column, value)
        if is_versioned:
            row.version += 1


def _set_mark(mark: str, by: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('techforce.transition', %s, true), set_config('techforce.actor', %s, true)",
            [mark, str(by.pk)],
        )


def _audit(flow: Workflow, movers: Sequence[Any], change: Change) -> None:
    AuditEvent.objects.bulk_create(
        [
            AuditEvent(
                at=change.at,
                actor=change.by,
                on_behalf_of=change.on_behalf_of or change.by.giver_for(change.transition.permission, row),
                action=flow.mark(change.transition),
                subject_type=row._meta.label_lower,
                subject_id=row.pk,
                from_state=row.status,
                to_state=change.transition.target,
                reason_code=change.reason_code,
                detail=dict(change.detail),
            )
            for row in movers
        ],
        batch_size=1000,
    )
