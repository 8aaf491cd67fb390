"""What happened before today, told through the transition tables.

Rows of a demonstration are made in the middle of their lives. Each arrow that they took is checked against the table
and leaves the audit row that the real service would have left, with its own day and actor.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

from techforce.accounts.models import User
from techforce.core.models import AuditEvent
from techforce.core.workflow import workflow_of


@dataclass
class Story:
    """Take arrows on rows that are not saved yet, save the rows, then `write` what happened."""

    _told: list[tuple[Any, AuditEvent]] = field(default_factory=list)

    def take(self, row: Any, name: str, *, at: datetime.datetime, by: User, reason_code: str = "") -> None:
        """Move `row` along the arrow `name`; ValueError where the table has no such arrow from its state."""
        flow = workflow_of(row)
        arrow = flow.named(name)
        if row.status not in arrow.sources or bool(reason_code) != bool(arrow.reasons):
            raise ValueError(f"{row}: {name} {reason_code} does not lead on from {row.status}")
        event = AuditEvent(
            at=at,
            actor=by,
            action=flow.mark(arrow),
            subject_type=row._meta.label_lower,
            from_state=row.status,
            to_state=arrow.target,
            reason_code=reason_code,
        )
        self._told.append((row, event))
        row.status = arrow.target
        if arrow.stamp:
            setattr(row, arrow.stamp, at)

    def write(self) -> None:
        for row, event in self._told:
            event.subject_id = row.pk
        AuditEvent.objects.bulk_create([event for _row, event in self._told])
        self._told.clear()
