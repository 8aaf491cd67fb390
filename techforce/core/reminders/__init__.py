"""Reminders: apps register a rule for each kind of row that is watched, the engine sweeps them, the mails go through
the outbox. This is what other apps use; the rooms behind are for staff pages and commands."""

from techforce.core.ladders.thresholds import Rung, Threshold
from techforce.core.reminders.engine import (
    BATCH,
    cancel_queued,
    compare_dates,
    first_columns,
    move_due_date,
    move_due_dates,
    rehearse,
    sweep,
    sweep_due,
    watch_again,
)
from techforce.core.reminders.registry import Manner, ReminderRule, register, rules

__all__ = [
    "BATCH",
    "Manner",
    "ReminderRule",
    "Rung",
    "Threshold",
    "cancel_queued",
    "compare_dates",
    "first_columns",
    "move_due_date",
    "move_due_dates",
    "register",
    "rehearse",
    "rules",
    "sweep",
    "sweep_due",
    "watch_again",
]
