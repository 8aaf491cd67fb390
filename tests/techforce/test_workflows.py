"""Every state machine, exhaustively: states x transitions x roles."""

import copy
from typing import Any

import pytest
import rules
from django.apps import apps
from django.db import connection, models

from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from techforce.core.workflow import (
    Transition,
    Workflow,
    all_workflows,
    available_transitions,
    explain,
    transition,
)
from tests.techforce.world import World

FLOWS = tuple(all_workflows())
PAIRS = [(flow, arrow) for flow in FLOWS for arrow in flow.transitions]


def name_of(value: Any) -> str:
    return value.model if isinstance(value, Workflow) else value.name


def test_the_machines_of_the_architecture_are_all_there() -> None:
    assert {flow.model for flow in FLOWS} >= {
        "program.Cohort",
        "agencies.Opening",
        "applicants.Application",
        "applicants.Document",
        "applicants.AssessmentStep",
        "applicants.Interview",
        "partners.Nomination",
        "placements.Certificate",
        "placements.Referral",
        "placements.Selection",
        "placements.Offer",
        "placements.Placement",
        "placements.ChecklistItem",
        "placements.MatchRound",
    }


@pytest.mark.parametrize("flow", FLOWS, ids=name_of)
def test_an_arrow_leads_from_each_state_that_is_no_end(flow: Workflow) -> None:
    for state in set(flow.states.values) - set(flow.final_states()):
        assert flow.leaving(state)


@pytest.mark.django_db
@pytest.mark.parametrize("flow", FLOWS, ids=name_of)
def test_the_trigger_knows_exactly_the_arrows_of_the_table(flow: Workflow) -> None:
    source = trigger_source(apps.get_model(flow.model))
    listed = {
        (flow.mark(arrow), state, arrow.target) for arrow in flow.transitions for state in arrow.sources
    }
    assert all(f"('{mark}', '{old}', '{new}')" in source for mark, old, new in listed)
    assert source.count(f"('{flow.model.lower()}:") == len(listed)


def trigger_source(model: type[models.Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
               WHERE t.tgrelid = %s::regclass AND p.prosrc LIKE '%%is only for the workflow%%'""",
            [model._meta.db_table],
        )
        (found,) = cursor.fetchall()
    return str(found[0])


@pytest.mark.parametrize(("flow", "arrow"), PAIRS, ids=name_of)
def test_no_arrow_stays_where_it_is_and_each_has_a_label(flow: Workflow, arrow: Transition) -> None:
    assert arrow.target not in arrow.sources
    assert str(arrow.label)


# ── States x transitions x roles ──────────────────────────────────────────────────────────────────
def in_every_state(world: World, flow: Workflow) -> list[Any]:
    """One row of the machine, at home, as it would be in each of its states."""
    rows = [copy.copy(world.rows[apps.get_model(flow.model)][0]) for _state in flow.states]
    for row, state in zip(rows, flow.states.values, strict=True):
        row.status = state
    return rows


def is_refused(row: Any, arrow: Transition, user: Any) -> bool:
    try:
        return explain(row, arrow.name, user) != ""
    except NotPermitted:
        return True


@pytest.mark.parametrize("flow", FLOWS, ids=name_of)
def test_everyone_is_offered_what_the_table_and_the_rules_say(world: World, flow: Workflow) -> None:
    combinations = 0
    for row in in_every_state(world, flow):
        for user in world.people.values():
            allowed = {arrow.name for arrow in flow.transitions if may(user, arrow, row)}
            offered = {arrow.name for arrow in available_transitions(row, user)}
            begins_here = {
                arrow.name for arrow in flow.transitions if arrow.offered and row.status in arrow.sources
            }
            assert offered == allowed & begins_here
            combinations += len(flow.transitions)
    assert combinations >= len(flow.states) * len(flow.transitions) * 50


def may(user: Any, arrow: Transition, row: Any) -> bool:
    return bool(user.is_active and rules.has_perm(arrow.permission, user, row))


@pytest.mark.parametrize("flow", FLOWS, ids=name_of)
def test_a_wrong_state_or_a_missing_right_is_refused_to_everyone(world: World, flow: Workflow) -> None:
    refused = 0
    for row in in_every_state(world, flow):
        for name, user in world.people.items():
            for arrow in flow.transitions:
                if row.status not in arrow.sources or not may(user, arrow, row):
                    assert is_refused(row, arrow, user), (row.status, arrow.name, name)
                    refused += 1
    assert refused > len(flow.states) * len(flow.transitions) * 10


def test_nothing_moves_that_was_refused(world: World) -> None:
    """The writer itself, on the rows of the world: from a wrong state by whoever may, from any state by a stranger."""
    attempts = 0
    for flow, arrow in PAIRS:
        for row in one_a_state(world.rows[apps.get_model(flow.model)]):
            permitted = [user for user in world.people.values() if may(user, arrow, row)][:1]
            for user in [*permitted, world.people["former HR specialist"]]:
                if row.status not in arrow.sources or not may(user, arrow, row):
                    with pytest.raises(Refused):
                        transition(
                            copy.copy(row), arrow.name, by=user, reason_code="".join(arrow.reasons[:1])
                        )
                    attempts += 1
    assert attempts > 300
    assert AuditEvent.objects.filter(action__contains=":").count() == len(world.rows[AuditEvent])


def one_a_state(rows: list[Any]) -> list[Any]:
    return list({row.status: row for row in rows}.values())
