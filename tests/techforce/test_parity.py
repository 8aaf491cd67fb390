"""I11: what a person may list is what they may view, for every table, every row and everyone in the world."""

from typing import Any

import pytest
import rules
from django.db import models

from agencies.models import Opening
from applicants.models import Application
from partners.models import Nomination
from placements.models import ChecklistItem, Placement
from tests.techforce.world import World, our_models

CLOSED = "closed account"


def differences(world: World, model: type[models.Model]) -> list[str]:
    """Rows about which the queryset and the rule disagree, with the person. A closed account is a case of its own:
    it views nothing, not even by a rule that lets everyone."""
    permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
    return [
        f"{name}: {model._meta.label} {row.pk} {'listed' if row.pk in listed else 'viewed'} only"
        for name, user in world.people.items()
        if name != CLOSED
        for listed in [listed_by(user, model)]
        for row in world.rows[model]
        if (row.pk in listed) != user.has_perm(permission, row)
    ]


def listed_by(user: Any, model: type[models.Model]) -> set[Any]:
    return set(model._default_manager.visible_to(user).values_list("pk", flat=True))  # type: ignore[attr-defined]


def test_every_table_has_a_row_in_the_world(world: World) -> None:
    assert [model._meta.label for model in our_models() if not world.rows[model]] == []
    assert len(our_models()) > 70


def test_every_table_has_a_rule_about_who_views_it() -> None:
    silent = [
        model._meta.label
        for model in our_models()
        if not rules.perm_exists(f"{model._meta.app_label}.view_{model._meta.model_name}")
    ]
    assert silent == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_the_rule_and_the_queryset_agree(world: World, model: type[models.Model]) -> None:
    assert differences(world, model) == []


def test_a_closed_account_lists_what_any_visitor_lists_and_views_nothing(world: World) -> None:
    closed, visitor = world.people[CLOSED], world.people["nobody"]
    for model, rows in world.rows.items():
        permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
        assert listed_by(closed, model) == listed_by(visitor, model)
        assert not any(closed.has_perm(permission, row) for row in rows)


@pytest.mark.parametrize("model", [Application, Opening, Nomination, Placement, ChecklistItem])
def test_a_queryset_that_forgets_its_readers_is_found(
    world: World, model: type[models.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of I11."""
    monkeypatch.setattr(type(model._default_manager.all()), "visible_to", lambda rows, user: rows.all())
    assert any("stranger" in difference for difference in differences(world, model))
