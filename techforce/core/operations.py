"""Migration operations of our own."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

ADDITIONS = (AddConstraint, AddIndex, AddTrigger)
# Below this number Django's own way costs about as much.
WORTH_IT = 10


class AddTogether(Operation):
    """Constraints, indexes and triggers that are added one after the other, without a pause between them.

    After each operation Django builds the models again that are related to the changed one: here almost all, since
    every table leads to a person or an agency. None of these additions changes a column, so the models as they stand
    after the last addition serve every one of them, and a new database is ready in a third of the time.
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"operations": self.operations}

    def describe(self) -> str:
        return f"Add {len(self.operations)} constraints, indexes and triggers"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop(
            "apps", None
        )  # a cached property: the models are built when they are next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)


def gathered(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations in the same order, with each long run of additions as one."""
    result: list[Operation] = []
    for is_addition, run in groupby(operations, lambda operation: isinstance(operation, ADDITIONS)):
        additions = list(run)
        if is_addition and len(additions) >= WORTH_IT:
            result.append(AddTogether(additions))
        else:
            result.extend(additions)
    return result
