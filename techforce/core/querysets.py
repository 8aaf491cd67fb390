"""Querysets that every app builds on. `visible_to(user)` is the only way rows reach a view: loading is authorising."""

from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models


def is_known(user: Any) -> bool:
    """Signed in and not deactivated."""
    return bool(user.is_authenticated and user.is_active)


class IsOneOf(models.Func):
    """The column at a path is among the few keys of a queryset. PostgreSQL reads the keys once, before the rows. With
    IN or EXISTS it expects to ask again for each row, and sorts the whole table rather than follow an index."""

    arg_joiner = " = ANY("
    template = "(%(expressions)s)) IS TRUE"  # a row without a key there is among none

    def __init__(self, path: str, keys: models.QuerySet[Any]) -> None:
        super().__init__(models.F(path), ArraySubquery(keys), output_field=models.BooleanField())


class RowQuerySet(models.QuerySet[Any]):
    """Base of the querysets of tables that people reach. Deny by default; each app widens it for its roles."""

    def visible_to(self, user: Any) -> Self:
        """Rows that `user` may read, as one SQL condition without lookups into later apps."""
        return self.none()

    def of(self, public_id: Any) -> Self:
        return self.filter(public_id=public_id)


class StaffQuerySet(RowQuerySet):
    """Rows that any staff member of the program may read, and nobody else."""

    def visible_to(self, user: Any) -> Self:
        return self.all() if getattr(user, "is_staff", False) else self.none()


class PublicQuerySet(RowQuerySet):
    """Reference rows that anyone may read."""

    def visible_to(self, user: Any) -> Self:
        return self.all()


class AuditQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Whoever holds `core.search_audit`; others see the audit on the record's own page."""
        return self.all() if user.has_perm("core.search_audit") else self.none()

    def about(self, obj: models.Model) -> Self:
        """The history of one record, oldest first."""
        return self.filter(subject_type=obj._meta.label_lower, subject_id=obj.pk).order_by("id")
