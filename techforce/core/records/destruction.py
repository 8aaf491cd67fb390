"""How rows are destroyed: with their history and what watches their dates, never under a hold, and only when other rows
have let go of them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import PROTECT, Exists, OuterRef, Q

from techforce.core.models import LegalHold, Watch
from techforce.core.privacy import Held, live_holds

Condition = Callable[[], Exists]

_NEEDS: dict[str, list[Condition]] = {}
_PEOPLE: dict[type[models.Model], str] = {}


def register_need(model: type[models.Model], condition: Condition) -> None:
    """While `condition` holds of a row of `model`, records of a later app still need it as it is. The condition reads
    the row by OuterRef."""
    _NEEDS.setdefault(model._meta.label, []).append(condition)


def needed(model: type[models.Model]) -> Q:
    """Rows of `model` that records of later apps still need."""
    found = Q(pk__in=())
    for condition in _NEEDS.get(model._meta.label, ()):
        found |= Q(condition())
    return found


def let_go(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Of `rows` those to which no other record refers any more."""
    relations: list[Any] = [
        each for each in rows.model._meta.get_fields(include_hidden=True) if not each.concrete
    ]
    for relation in relations:
        if getattr(relation, "on_delete", None) is PROTECT:
            others = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.filter(~Exists(others))
    return rows


def destroy_rows(rows: models.QuerySet[Any]) -> int:
    """Destroy all of `rows`, or raise `Held` when a hold covers one of them. Returns how many."""
    refuse_if_any_held(rows)
    model, keys = rows.model, list(rows.order_by("pk").values_list("pk", flat=True))
    if history := _history_of(model):
        history._base_manager.filter(pgh_obj__in=keys).delete()
    Watch.objects.filter(subject_type=model._meta.label_lower, subject_id__in=keys).delete()
    model._base_manager.filter(pk__in=keys).delete()
    return len(keys)


def refuse_if_any_held(rows: models.QuerySet[Any]) -> None:
    """The same as `privacy.refuse_if_held` of each of them, in one question."""
    holds = live_holds().filter(subject_type=rows.model._meta.label_lower)
    covering = holds.filter(Q(subject_id__isnull=True) | Q(subject_id__in=rows.values("pk")))
    if hold := covering.order_by("pk").first():
        held = rows.filter(pk=hold.subject_id) if hold.subject_id else rows
        if row := held.order_by("pk").first():
            raise Held(row)


def register_person(model: type[models.Model], path: str) -> None:
    """A hold on a row of `model` covers what logs tell of the account at `path` from there."""
    _PEOPLE[model] = path


def free_of_holds(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Of `rows` of a log those that no hold covers: neither on the row, nor on what it tells of, nor on the person."""
    for condition in _uncovered(rows.model):
        rows = rows.filter(condition)
    return rows


def under_hold(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The others of them."""
    if not live_holds().exists():
        return rows.none()
    covered = Q(pk__in=())
    for condition in _uncovered(rows.model):
        covered |= ~condition
    return rows.filter(covered)


def _uncovered(model: type[models.Model]) -> Iterator[Q]:
    yield ~Q(Exists(_holds_on(model._meta.label_lower, "pk")))
    columns = {column.name for column in model._meta.concrete_fields}
    if "subject_type" in columns:
        yield ~Q(Exists(_holds_on(OuterRef("subject_type"), "subject_id")))
    for person in sorted(columns & {"actor", "recipient", "user"}):
        yield ~Q(Exists(_holds_on("accounts.user", person)))
        for known, path in _PEOPLE.items():
            own = known._base_manager.filter(**{path: OuterRef(person)})
            yield ~Q(Exists(own.filter(Exists(_holds_on(known._meta.label_lower, "pk")))))


def _holds_on(subject_type: Any, key: str) -> models.QuerySet[LegalHold]:
    """Without a subject a hold covers the whole table."""
    covers = Q(subject_id__isnull=True) | Q(subject_id=OuterRef(key))
    return live_holds().filter(covers, subject_type=subject_type)


def _history_of(model: type[models.Model]) -> Any:
    try:
        return model._meta.get_field("history").related_model
    except FieldDoesNotExist:
        return None
