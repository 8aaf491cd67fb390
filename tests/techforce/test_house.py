"""The house rules that a linter cannot see: foreign keys, labels, fences, doors."""

import pytest
import rules
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from techforce.core.workflow import all_workflows

LINE = ("core", "accounts", "program", "agencies", "applicants", "partners", "placements")
"""The import line of architecture §1."""


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in LINE]


def test_foreign_keys_point_only_to_what_stands_before_in_the_line() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_fields
        if field.remote_field and not is_allowed(model, field.related_model)
    ]
    assert wrong == []


def is_allowed(model: type[models.Model], target: type[models.Model]) -> bool:
    if target._meta.label == settings.AUTH_USER_MODEL:
        return True
    return LINE.index(target._meta.app_label) <= LINE.index(model._meta.app_label)


@pytest.mark.django_db
def test_every_table_and_column_says_what_it_holds_how_sensitive_and_how_long() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, a.attname,
                      coalesce(col_description(c.oid, a.attnum), ''), coalesce(obj_description(c.oid), '')
               FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
               WHERE c.relname = ANY(%s)""",
            [[model._meta.db_table for model in our_models()]],
        )
        rows = cursor.fetchall()
    assert {table for table, *_rest in rows} == {model._meta.db_table for model in our_models()}
    unlabelled = [
        f"{t}.{c}" for t, c, column, table in rows if not is_label(column) or "Retention:" not in table
    ]
    assert unlabelled == []


def is_label(comment: str) -> bool:
    return "Sensitivity: " in comment and "Retention: " in comment


def test_every_table_that_people_reach_says_who_sees_its_rows() -> None:
    open_doors = [
        model._meta.label
        for model in our_models()
        if not model.__name__.endswith("History") and not hasattr(model._default_manager.all(), "visible_to")
    ]
    assert open_doors == ["core.IdempotencyKey"]  # only `core.idempotency` reads it, by its user


def test_every_arrow_asks_a_permission_that_exists() -> None:

    missing = {
        f"{flow.model}.{arrow.name}: {arrow.permission}"
        for flow in all_workflows()
        for arrow in flow.transitions
        if not rules.perm_exists(arrow.permission)
    }
    assert missing == set()


def test_no_many_to_many_table_hides_its_columns() -> None:
    assert [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    ] == []
