"""What happened before today, told through the transition tables.

Rows of a demonstration are made in the middle of their lives. Each arrow that they took is checked against the table
and leaves the audit row that the real service would have left, with its own day and actor.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F

from techforce.accounts.models import User
from techforce.core.models import AuditEvent
from techforce.core.workflow import Transition, workflow_of
from techforce.demo.loading.content import moment

FIRST_HOUR, LAST_HOUR = 9, 20


class Step(NamedTuple):
    """One arrow of a life as the content files write it: "decline -12 pay"."""

    name: str
    day: int
    reason: str

    @classmethod
    def parse(cls, text: str) -> "Step":
        name, day, *reason = text.split(" ")
        return cls(name, int(day), reason[0] if reason else "")


@dataclass
class Story:
    """Take arrows on rows that are not saved yet, save the rows, then `write` what happened. A row that is saved
    already moves in the database, under the mark that its trigger asks for."""

    _told: list[tuple[Any, AuditEvent]] = field(default_factory=list)

    def tell(self, row: Any, steps: Iterable[str], by: Callable[[str], User]) -> None:
        """Take the arrows of `steps` one after the other, an hour between any two; `by` says who takes which."""
        for number, step in enumerate(map(Step.parse, steps)):
            at = moment(step.day, hour=min(FIRST_HOUR + number, LAST_HOUR))
            self.take(row, step.name, at=at, by=by(step.name), reason_code=step.reason)

    def take(self, row: Any, name: str, *, at: datetime.datetime, by: User, reason_code: str = "") -> None:
        """Move `row` along the arrow `name`; ValueError where the table has no such arrow from its state."""
        flow = workflow_of(row)
        arrow = flow.named(name)
        if row.status not in arrow.sources or bool(reason_code) != bool(arrow.reasons):
            raise ValueError(f"{row}: {name} {reason_code} does not lead on from {row.status}")
        states = {"from_state": row.status, "to_state": arrow.target, "reason_code": reason_code}
        self.note(row, flow.mark(arrow), at=at, by=by, **states)
        row.status = arrow.target
        if arrow.stamp:
            setattr(row, arrow.stamp, at)
        if row.pk:
            move(row, arrow)

    def note(self, row: Any, action: str, *, at: datetime.datetime, by: User, **columns: str) -> None:
        """Something that was done to `row`, with or without a change of its state."""
        subject_type = row._meta.label_lower
        event = AuditEvent(at=at, actor=by, action=action, subject_type=subject_type, **columns)
        self._told.append((row, event))

    def write(self) -> None:
        for row, event in self._told:
            event.subject_id = row.pk
        AuditEvent.objects.bulk_create([event for _row, event in self._told])
        self._told.clear()


def move(row: Any, arrow: Transition) -> None:
    columns = {"status": row.status} | ({arrow.stamp: getattr(row, arrow.stamp)} if arrow.stamp else {})
    set_mark(workflow_of(row).mark(arrow))
    type(row)._base_manager.filter(pk=row.pk).update(**columns, version=F("version") + 1)
    set_mark("")
    row.version += 1


def set_mark(mark: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('techforce.transition', %s, true)", [mark])
