"""Transition tables as data. Each app declares its state machines with these in its own `workflow.py`; buttons, API,
diagrams, the database trigger and the exhaustive test all read the same table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.db import models
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One arrow.

    `guards` are names of set-based checks that services register; `reasons` lists the reason codes that may be given
    (empty: none is asked); `stamp` is the `*_at` column set to the instant; `offered` is False for an arrow that only
    another object's service may take.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    label: str | Promise
    permission: str
    guards: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    stamp: str = ""
    offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A state machine: `model` is a label such as "agencies.Opening", `states` its TextChoices."""

    model: str
    states: type[models.TextChoices]
    initial: tuple[str, ...]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        names = [arrow.name for arrow in self.transitions]
        known = set(self.states.values)
        used = {state for arrow in self.transitions for state in (*arrow.sources, arrow.target)} | set(
            self.initial
        )
        if len(names) != len(set(names)):
            raise ValueError(f"{self.model}: a transition name is used twice")
        if used - known:
            raise ValueError(f"{self.model}: unknown states {sorted(used - known)}")
        if unreachable := known - self._reachable():
            raise ValueError(f"{self.model}: states that nothing leads to: {sorted(unreachable)}")
        _WORKFLOWS[self.model.lower()] = self

    def named(self, name: str) -> Transition:
        """The transition called `name`; KeyError when there is none."""
        for arrow in self.transitions:
            if arrow.name == name:
                return arrow
        raise KeyError(f"{self.model} has no transition {name}")

    def leaving(self, state: str) -> tuple[Transition, ...]:
        return tuple(arrow for arrow in self.transitions if state in arrow.sources)

    def final_states(self) -> tuple[str, ...]:
        return tuple(state for state in self.states.values if not self.leaving(state))

    def mark(self, arrow: Transition) -> str:
        """The transaction-local word that the status trigger wants to see for this arrow."""
        return f"{self.model.lower()}:{arrow.name}"

    def constraint(self) -> models.CheckConstraint:
        """The status is one of the listed states."""
        table = self.model.lower().replace(".", "_")
        return models.CheckConstraint(
            condition=models.Q(status__in=self.states.values), name=f"{table}_status_known"
        )

    def trigger(self) -> pgtrigger.Trigger:
        """Refuse every change of `status` that is not one of these arrows taken by `transition_many`."""
        return pgtrigger.Trigger(
            name="status_guard",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
            func=self._trigger_function(),
        )

    def _trigger_function(self) -> str:
        arrows = ",\n                    ".join(
            f"('{self.mark(arrow)}', '{source}', '{arrow.target}')"
            for arrow in self.transitions
            for source in arrow.sources
        )
        return f"""
                IF NEW.status IS DISTINCT FROM OLD.status AND (
                    coalesce(current_setting('techforce.transition', true), ''), OLD.status, NEW.status
                ) NOT IN (
                    {arrows}
                ) THEN
                    RAISE EXCEPTION '{self.model}: status % -> % is only for the workflow', OLD.status, NEW.status
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            """

    def _reachable(self) -> set[str]:
        seen, frontier = set(self.initial), set(self.initial)
        while frontier:
            frontier = {a.target for a in self.transitions if set(a.sources) & frontier} - seen
            seen |= frontier
        return seen


_WORKFLOWS: dict[str, Workflow] = {}


def workflow_of(model: type[models.Model] | models.Model) -> Workflow:
    """The state machine of a model; LookupError when it has none."""
    try:
        return _WORKFLOWS[model._meta.label_lower]
    except KeyError:
        raise LookupError(f"{model._meta.label} has no workflow") from None


def has_workflow(model: Any) -> bool:
    return model._meta.label_lower in _WORKFLOWS


def all_workflows() -> Iterator[Workflow]:
    yield from (_WORKFLOWS[label] for label in sorted(_WORKFLOWS))
