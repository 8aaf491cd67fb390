"""Constraints that Django does not ship."""

from typing import Any

from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint


class CompositeForeignKey(BaseConstraint):
    """Columns that copy a parent's columns and can never differ from them.

    `fields` of this row reference `to_fields` of model `to`, which must be unique together there. A change of the
    parent is carried over (ON UPDATE CASCADE), so a CHECK on this row may use the copied bounds: how a rule on
    another row becomes structure (architecture §3).
    """

    def __init__(self, *, name: str, fields: list[str], to: str, to_fields: list[str]) -> None:
        super().__init__(name=name)
        self.fields, self.to, self.to_fields = tuple(fields), to, tuple(to_fields)

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Nothing inside CREATE TABLE but a statement at the end of the migration: the parent's unique constraint may
        be newer than this table."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        parent = model._meta.apps.get_model(self.to)
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s) "
            "REFERENCES %(parent)s (%(parent_columns)s) ON UPDATE CASCADE",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            columns=self._columns(model, self.fields, quote),
            parent=quote(parent._meta.db_table),
            parent_columns=self._columns(parent, self.to_fields, quote),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """The database checks it; services copy the columns, so a form never asks for them."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path = f"{type(self).__module__}.{type(self).__name__}"
        kwargs = {
            "name": self.name,
            "fields": list(self.fields),
            "to": self.to,
            "to_fields": list(self.to_fields),
        }
        return path, (), kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    @staticmethod
    def _columns(model: Any, names: tuple[str, ...], quote: Any) -> str:
        return ", ".join(quote(model._meta.get_field(name).column) for name in names)
