"""What the apps say about their deadlines: one rule for each kind of row that is watched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from techforce.core.models import MessageClass
from techforce.core.thresholds import Rung, Threshold


class Manner(Enum):
    """How a reminder reaches a recipient: in a mail of its own, in one within the caps of applicants, or as a line of
    the mail that staff get once a work day."""

    SINGLE = "single"
    CAPPED = "capped"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """What an app says about one kind of deadline. `model` inherits `Deadline`; `open_rows` and `recipients` are
    set-based: they get the rows of a batch, loaded with `related`. `manner` and `path` are asked for one recipient."""

    key: str
    model: Any
    thresholds: Callable[[Any], Sequence[Threshold]]
    open_rows: Callable[[Sequence[Any]], set[int]]
    recipients: Callable[[Sequence[tuple[Any, Rung]]], Mapping[int, Iterable[Any]]]
    path: Callable[[Any, Any], str]
    manner: Callable[[Any, Rung, Any], Manner] = lambda row, rung, person: Manner.SINGLE
    describe: Callable[[Any], str] = str
    related: tuple[str, ...] = ()
    template_key: str = "deadline_reminder"
    message_class: str = MessageClass.REMINDER


_RULES: dict[str, ReminderRule] = {}


def register(rule: ReminderRule) -> ReminderRule:
    """Add a rule; one rule watches a model, because the row has one next instant."""
    if any(other.model is rule.model and other.key != rule.key for other in _RULES.values()):
        raise ValueError(f"{rule.model.__name__} is watched by another rule")
    _RULES[rule.key] = rule
    return rule


def rules() -> tuple[ReminderRule, ...]:
    return tuple(_RULES.values())


def rule_of(subject_type: str) -> ReminderRule:
    """The rule that watches a model, by its label in lower case."""
    return next(rule for rule in rules() if rule.model._meta.label_lower == subject_type)
