"""The ladders of placements/seed/reminders.toml: at which distance from a due date who is reminded."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from django.db.models import Q

from placements.checklists import ROLES
from techforce.core.ladders import Declared, declare
from techforce.core.ladders.thresholds import Threshold, shifted
from techforce.core.reminders.current_ladders import thresholds_of

FROM_START = "EOD"
OWNER, RECORDER, PERSON = "owner", "recorder", "person"

DECLARED: Mapping[str, Declared] = declare(
    Path(__file__).resolve().parent.parent / "seed" / "reminders.toml",
    words=ROLES | {OWNER, RECORDER, PERSON},
    default=OWNER,
    anchors={FROM_START},
)
EVERY_OTHER_STEP = "step"
OF_STEPS: Mapping[str, str] = {code: key for key, one in DECLARED.items() for code in one.steps}
STEP_LADDERS = (EVERY_OTHER_STEP, *dict.fromkeys(OF_STEPS.values()))


def ladder_of_step(code: str) -> str:
    """The key of its ladder."""
    return OF_STEPS.get(code, EVERY_OTHER_STEP)


def rungs(key: str, due_on: date | None, starts_on: date) -> Sequence[Threshold]:
    """Of one row, first to last: some ladders count from entry on duty too, on days that differ from row to row."""
    found = thresholds_of(key)
    if due_on is None or not any(each.anchor for each in found):
        return found
    return shifted(found, FROM_START, (starts_on - due_on).days)


def steps_on(key: str) -> Q:
    """Steps that climb this ladder."""
    return ~Q(code__in=OF_STEPS) if key == EVERY_OTHER_STEP else Q(code__in=DECLARED[key].steps)
