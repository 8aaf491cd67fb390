"""What the apps say about their deadlines: one rule for each kind of row that is watched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import models
from django.utils.formats import date_format

from techforce.core.ladders.thresholds import Rung, Threshold
from techforce.core.models import MessageClass


class Manner(Enum):
    """How a reminder reaches a recipient: in a mail of its own, in one within the caps of applicants, or as a line of
    the mail that staff get once a work day."""

    SINGLE = "single"
    CAPPED = "capped"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """What an app says about one kind of deadline. `model` inherits `Deadline`; `open_rows` and `recipients` are
    set-based: they get the rows of a batch, loaded with `related`. `manner` and `path` are asked for one recipient.

    `ladders` are the keys of the ladders that `thresholds` reads, `running` narrows the rows to those that may still
    climb one of them. `is_note` says that nothing is asked of anybody. `note` is a sentence, nothing sensitive, that a
    mail to one recipient adds. `event` says what happened on the `%(day)s` of a row, where that is not a day on which
    something is due.

    `limit` picks the rule's own rows, `prepare` loads what `related` cannot, and `refresh` goes every few minutes: see
    `core.reminders.watching`.
    """

    key: str
    model: Any
    thresholds: Callable[[Any], Sequence[Threshold]]
    open_rows: Callable[[Sequence[Any]], set[int]]
    recipients: Callable[[Sequence[tuple[Any, Rung]]], Mapping[int, Iterable[Any]]]
    path: Callable[[Any, Any], str]
    manner: Callable[[Any, Rung, Any], Manner] = lambda row, rung, person: Manner.SINGLE
    describe: Callable[[Any], str] = str
    is_legal: Callable[[Any], bool] = lambda row: False
    related: tuple[str, ...] = ()
    ladders: tuple[str, ...] = ()
    running: Callable[[str], models.Q] = lambda key: models.Q()
    is_note: bool = False
    event: Any = ""
    note: Callable[[Any, Threshold, Any], str] = lambda row, threshold, person: ""
    template_key: str = "deadline_reminder"
    message_class: str = MessageClass.REMINDER
    limit: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Sequence[Any]], None] = lambda rows: None
    refresh: Callable[["ReminderRule"], None] = lambda rule: None

    def rows(self) -> models.QuerySet[Any]:
        """All rows that this rule watches; `loaded` gives them with what the rule reads."""
        found: models.QuerySet[Any] = self.model._base_manager.filter(**self.limit)
        return found

    def said_of(self, row: Any) -> str:
        """What happened on the row's date; empty where the date is when it is due."""
        return str(self.event) % {"day": date_format(row.due_on, "l, F j, Y")} if self.event else ""

    def threshold(self, row: Any, code: str) -> Threshold | None:
        """The rung of this code on the row's ladder; None when the ladder has lost it."""
        return next((each for each in self.thresholds(row) if each.code == code), None)

    def loaded(self, rows: models.QuerySet[Any]) -> list[Any]:
        found = list(rows.select_related(*self.related))
        self.prepare(found)
        return found


_RULES: dict[str, ReminderRule] = {}


def register(rule: ReminderRule) -> ReminderRule:
    """Add a rule; one rule watches a row, because the row has one next instant."""
    if any(_overlap(other, rule) for other in _RULES.values()):
        raise ValueError(f"{rule.model.__name__} is watched by another rule")
    _RULES[rule.key] = rule
    return rule


def _overlap(one: ReminderRule, other: ReminderRule) -> bool:
    return one.key != other.key and one.model is other.model and not (one.limit and other.limit)


def rules() -> tuple[ReminderRule, ...]:
    return tuple(_RULES.values())


def rule_named(key: str) -> ReminderRule:
    return _RULES[key]
