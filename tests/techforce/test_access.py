"""The staff pages (I11, I18): every OPM role x every registered table x every page, on rows that the role reads and on
rows that it does not."""

import json
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from placements.models import Placement
from techforce.accounts.models import OpmRole
from techforce.core.workflow import Transition, has_workflow, workflow_of
from tests.techforce.desk import METHODS, Desk, undone
from tests.techforce.test_parity import listed_by
from tests.techforce.world import World, our_models

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

Table = type[models.Model]
REGISTERED: list[Table] = [model for model in our_models() if model in admin.site._registry]
FLOWING = [model for model in REGISTERED if has_workflow(model)]
ROLE_AND_TABLE = list(zip(cycle(OpmRole.values), REGISTERED, strict=False))
"""Each table with one of the roles, for what does not differ by role."""
REFUSALS = {302, 403, 404}
OUTSIDE = (
    "nobody",
    "stranger",
    "person home",
    "coordinator home",
    "hr_specialist of the agency",
    "former OPM auditor",
)


def page(model: Table, name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def read_by(world: World, user: Any, model: Table) -> list[Any]:
    listed = listed_by(user, model)
    return [row for row in world.rows[model] if row.pk in listed]


def hidden_from(world: World, user: Any, model: Table) -> list[Any]:
    listed = listed_by(user, model)
    return [row for row in world.rows[model] if row.pk not in listed]


@pytest.fixture(params=OpmRole.values)
def desk(request: pytest.FixtureRequest, world: World) -> Desk:
    return Desk(world.staff(request.param))


def reader_of(world: World, model: Table) -> Any:
    """Of those in OPM who open the table's list, who reads most of its rows."""
    permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
    staff = [world.staff(role) for role in OpmRole.values]
    return max(staff, key=lambda user: user.has_perm(permission) and len(listed_by(user, model)))


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────
def fault_of_list(desk: Desk, model: Table, hidden: list[Any]) -> str:
    """The list fails, opens for the wrong person, or shows what its reader may not see."""
    answer = desk.get(page(model, "changelist"))
    may_list = admin.site._registry[model].has_view_or_change_permission(answer.wsgi_request)
    if answer.status_code != (200 if may_list else 403):
        return f"{model._meta.label}: {answer.status_code}"
    shown = {row.pk for row in answer.context["cl"].result_list} if may_list else set()
    leaked = shown & {row.pk for row in hidden}
    return f"{model._meta.label} shows {leaked}" if leaked else ""


def test_a_list_shows_what_its_reader_may_see(world: World, desk: Desk) -> None:
    faults = [fault_of_list(desk, model, hidden_from(world, desk.user, model)) for model in REGISTERED]
    assert [fault for fault in faults if fault] == []


def test_a_list_that_forgets_its_readers_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of I11."""
    desk = Desk(world.people["OPM auditor, recused"])
    hidden = hidden_from(world, desk.user, Placement)
    assert fault_of_list(desk, Placement, hidden) == ""

    monkeypatch.setattr(type(Placement.objects.all()), "visible_to", lambda rows, user: rows.all())
    assert "shows" in fault_of_list(desk, Placement, hidden)


def test_a_row_that_one_reads_opens_and_its_status_is_no_field(world: World, desk: Desk) -> None:
    rows = [row for model in REGISTERED for row in read_by(world, desk.user, model)[:1]]
    for row in rows:
        answer = desk.get(page(type(row), "change", row.pk))
        assert answer.status_code == 200, row._meta.label
        assert "status" not in answer.context["adminform"].form.fields, row._meta.label
    assert len(rows) > len(REGISTERED) / 3


def test_a_row_that_one_does_not_read_opens_nowhere(world: World, desk: Desk) -> None:
    rows = [row for model in REGISTERED for row in hidden_from(world, desk.user, model)[:1]]
    opened = {
        f"{name} of {row._meta.label}"
        for row in rows
        for name in ("change", "delete")
        if desk.get(page(type(row), name, row.pk)).status_code not in REFUSALS
    }
    assert opened == set()
    assert len(rows) > 2


def test_the_history_leads_to_the_row_itself(world: World) -> None:
    desk = Desk(world.staff(OpmRole.AUDITOR))
    for model in REGISTERED:
        for row in world.rows[model][:1]:
            answer = desk.get(page(model, "history", row.pk))
            assert answer.headers["Location"].startswith(page(model, "change", row.pk))


def test_whoever_works_elsewhere_does_not_enter(world: World) -> None:
    desks = cycle([Desk(world.people[name]) for name in OUTSIDE])
    paths = [reverse("admin:index")] * len(OUTSIDE)
    for model in REGISTERED:
        paths += [
            page(model, "changelist"),
            page(model, "add"),
            page(model, "change", world.rows[model][0].pk),
        ]
    entered = {
        f"{method} {path}"
        for method in ("GET", "POST")
        for desk, path in zip(desks, paths, strict=False)
        if desk.try_out(method, path).status_code not in REFUSALS
    }
    assert entered == set()


def test_tables_of_packages_are_closed_to_everybody(desk: Desk) -> None:
    for model in admin.site._registry.keys() - set(REGISTERED):
        assert desk.get(page(model, "changelist")).status_code == 403, model._meta.label


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────
def test_a_form_to_add_opens_for_those_who_may_add(world: World, desk: Desk) -> None:
    for role, model in ROLE_AND_TABLE:
        request = RequestFactory().get("/")
        request.user = desk.user
        may_add = admin.site._registry[model].has_add_permission(request)
        if may_add or role in desk.user.opm_roles:  # a refusal looks the same for all who may not
            answer = desk.get(page(model, "add"))
            assert answer.status_code == (200 if may_add else 403), model._meta.label
            assert not may_add or "status" not in answer.context["adminform"].form.fields, model._meta.label


def test_no_method_opens_a_hidden_row_or_breaks_a_page(world: World) -> None:
    desks = {role: Desk(world.staff(role)) for role in OpmRole.values}
    answers = {}
    for role, model in ROLE_AND_TABLE:
        for rows, methods in ((read_by, ("POST", "DELETE")), (hidden_from, METHODS)):
            for row in rows(world, desks[role].user, model)[:1]:
                for method in methods:
                    answer = desks[role].try_out(method, page(model, "change", row.pk))
                    answers[rows.__name__, method, model._meta.label, role] = answer.status_code
    assert {key for key, code in answers.items() if code not in REFUSALS | {200, 405}} == set()
    assert {key for key, code in answers.items() if code == 200 and key[0] == "hidden_from"} == set()


def test_an_act_opens_no_hidden_row_and_none_that_it_is_not_offered_for(world: World, desk: Desk) -> None:
    acts = [(model, act) for model in REGISTERED for act in admin.site._registry[model].acts]
    answers = {
        f"{act.name} of {model._meta.label} {row.pk}": desk.try_out(
            method, page(model, "act", row.pk, act.name)
        )
        for model, act in acts
        for row in world.rows[model]
        if row.pk not in listed_by(desk.user, model) or not act.is_offered(row, desk.user)
        for method in ("GET", "POST")
    }
    assert {name for name, answer in answers.items() if answer.status_code not in REFUSALS} == set()
    assert len(acts) > 15


def test_an_arrow_taken_by_post_moves_only_what_its_rules_allow(world: World, desk: Desk) -> None:
    arrows = [(model, arrow) for model in FLOWING for arrow in workflow_of(model).transitions]
    faults = [fault_of_arrow(desk, row_before(world, model, arrow), arrow) for model, arrow in arrows]
    assert [fault for fault in faults if fault] == []
    assert len(arrows) > 80


def row_before(world: World, model: Table, arrow: Transition) -> Any:
    """A row in a state where the arrow begins, if the world has one."""
    rows = world.rows[model]
    return next((row for row in rows if row.status in arrow.sources), rows[0])


def fault_of_arrow(desk: Desk, row: Any, arrow: Transition) -> str:
    """What is wrong with the answer to the arrow's button, also when nobody was shown that button."""
    path = page(type(row), "transition", row.pk, arrow.name)
    with undone():
        answer = desk.post(path, {"reason_code": arrow.reasons[0] if arrow.reasons else "made_up"})
        after = type(row)._base_manager.values_list("status", flat=True).get(pk=row.pk)
    is_right = after == row.status or may_take(desk.user, row, arrow)
    return "" if is_right and answer.status_code in REFUSALS else f"{path}: {answer.status_code}, {after}"


def may_take(user: Any, row: Any, arrow: Transition) -> bool:
    is_possible = arrow.offered and row.status in arrow.sources
    return is_possible and row.pk in listed_by(user, type(row)) and user.has_perm(arrow.permission, row)


# ── Lists ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.shared_data
def test_a_search_takes_every_name_that_people_have(world: World, shared_data: Path) -> None:
    values = json.loads((shared_data / "people_places" / "tricky_values.json").read_text())
    terms = [row["value"] for row in values] + ["9" * 40, "-1", "1e9", "%", "_", '"', "'", "x" * 2000]
    searched = [model for model in REGISTERED if admin.site._registry[model].search_fields]
    for model, term in zip(searched, cycle(terms), strict=False):
        search = search_of(world, model)
        assert all(search(each) <= len(world.rows[model]) for each in terms), model._meta.label
        answer = Desk(reader_of(world, model)).get(page(model, "changelist"), {"q": term})
        assert answer.status_code == 200, (model._meta.label, term)
    assert len(searched) > 15


def search_of(world: World, model: Table) -> Callable[[str], int]:
    """How many rows a search for some words finds."""
    request = RequestFactory().get("/")
    request.user = reader_of(world, model)
    registered = admin.site._registry[model]
    return lambda term: len(registered.get_search_results(request, registered.get_queryset(request), term)[0])


# A calendar feed is read by its owner alone, so no list of it has three rows.
LISTED = [model for model in REGISTERED if model._meta.label != "placements.CalendarFeed"]


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.label)
def test_a_list_of_three_costs_as_many_queries_as_a_list_of_one(world: World, model: Table) -> None:
    reader = reader_of(world, model)
    desk, rows = Desk(reader), read_by(world, reader, model)[-3:]
    assert len(rows) == 3, "the world has too few rows"
    queries_for(desk, model, rows)  # what is asked once a session is asked now
    assert queries_for(desk, model, rows[:1]) == queries_for(desk, model, rows)


def queries_for(desk: Desk, model: Table, rows: list[Any]) -> int:
    filters = {f"{model._meta.pk.name}__in": ",".join(str(row.pk) for row in rows)}
    with CaptureQueriesContext(connection) as queries:
        answer = desk.get(page(model, "changelist"), filters)
    assert len(answer.context["cl"].result_list) == len(rows)
    return len(queries)
