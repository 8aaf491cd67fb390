"""Additions that are made together leave what they leave one by one, and a long run of them is one operation."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from techforce.core.operations import WORTH_IT, AddTogether, gathered

TABLE = CreateModel("Seat", [("id", models.BigAutoField(primary_key=True)), ("row", models.IntegerField())])
POSITIVE = AddConstraint(
    "seat", models.CheckConstraint(condition=models.Q(row__gt=0), name="seat_row_positive")
)
ONE_EACH = AddConstraint("seat", models.UniqueConstraint(fields=["row"], name="seat_row_unique"))
BY_ROW = AddIndex("seat", models.Index(fields=["row"], name="seat_by_row"))


def after(*operations: Operation) -> ProjectState:
    state = ProjectState()
    for operation in operations:
        operation.state_forwards("theater", state)
    return state


@pytest.mark.django_db(transaction=True)
def test_constraints_added_together_hold_and_leave_together() -> None:
    together = AddTogether([POSITIVE, ONE_EACH, BY_ROW])
    bare, guarded = after(TABLE), after(TABLE, together)
    with connection.schema_editor() as editor:
        TABLE.database_forwards("theater", editor, ProjectState(), bare)
        together.database_forwards("theater", editor, bare, guarded)
    seat = guarded.apps.get_model("theater", "Seat")
    try:
        assert refuses(seat, row=0)
        assert not refuses(seat, row=1)
        assert refuses(seat, row=1)
        with connection.schema_editor() as editor:
            together.database_backwards("theater", editor, guarded, bare)
        assert not refuses(seat, row=0)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(seat)


def refuses(seat: type[models.Model], row: int) -> bool:
    try:
        with transaction.atomic():
            seat._default_manager.create(row=row)
    except IntegrityError:
        return True
    return False


def test_the_state_is_the_one_of_each_by_itself() -> None:
    one_by_one = after(TABLE, POSITIVE, ONE_EACH, BY_ROW)
    assert after(TABLE, AddTogether([POSITIVE, ONE_EACH, BY_ROW])) == one_by_one


def test_only_a_long_run_of_additions_is_gathered_and_the_order_stays() -> None:
    field = AddField("seat", "balcony", models.BooleanField(default=False))
    short, long = [POSITIVE] * (WORTH_IT - 1), [ONE_EACH] * WORTH_IT
    result = gathered([TABLE, *short, field, *long])
    assert result[:-1] == [TABLE, *short, field]
    assert isinstance(result[-1], AddTogether)
    assert result[-1].operations == long


def test_no_migration_of_ours_adds_a_long_run_one_by_one() -> None:
    """Each pass over a hundred related models costs time at every first start; `makemigrations` avoids it."""
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    scattered = [
        key
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if key[0] in ours and len(gathered(migration.operations)) < len(migration.operations)
    ]
    assert scattered == []
