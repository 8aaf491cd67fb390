"""Reading changes nothing: no page that is only looked at writes a row (the access log aside)."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from agencies.models import Agency
from tests.techforce.addresses import SITE, STAFF
from tests.techforce.desk import Desk, undone
from tests.techforce.world import OURS, World


def digests() -> dict[str, str]:
    """What every table of ours holds, histories too; only the access log is written when somebody reads."""
    tables = [model._meta.db_table for label in OURS for model in apps.get_app_config(label).get_models()]
    found = {}
    with connection.cursor() as cursor:
        for table in set(tables) - {"core_accessevent"}:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
            found[table] = cursor.fetchone()[0]
    return found


def changed(before: dict[str, str]) -> set[str]:
    return {table for table, digest in digests().items() if digest != before[table]}


@pytest.mark.slow
def test_reading_changes_no_row(world: World) -> None:
    desks = [Desk(world.people[name]) for name in ("nobody", "person home", "OPM administrator")]
    before = digests()
    for desk in desks:
        for address in SITE:
            desk.get(address.path())
    assert changed(before) == set()


@pytest.mark.slow
def test_reading_the_staff_pages_changes_no_row(world: World) -> None:
    desk = Desk(world.people["OPM auditor"])
    before = digests()
    codes = [desk.get(address.path()).status_code for address in STAFF if not address.parameters]
    codes += [
        desk.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[rows[0].pk])
        ).status_code
        for model, rows in world.rows.items()
        if model in admin.site._registry
    ]
    assert changed(before) == set()
    assert codes.count(200) > 100


def test_a_row_that_changes_is_noticed(world: World) -> None:
    """The negative control of the two above."""
    before = digests()
    with undone():
        Agency.objects.filter(pk=world.sides["home"].agency.pk).update(name="Changed")
        assert changed(before) == {"agencies_agency"}
