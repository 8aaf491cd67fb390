"""Every state machine, exhaustively: states x transitions x roles."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from techforce.core.workflow import Transition, Workflow, all_workflows

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
