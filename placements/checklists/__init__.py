"""Checklist templates as data, when their steps are due, and what a gate asks. Pure: knows neither the database nor a
request.

A template file (placements/seed/*.toml) lists the steps of one kind of placement. `read_templates` turns it into
`Template`s, `plan` dates their steps, `applies` says which conditional ones count, `open_steps` what a gate waits for.
"""

from placements.checklists.commitment import BREACHED, NEAR, Clock, Wait, party_of, run_clock
from placements.checklists.conditions import CONDITIONS, WAIVER_POSSIBLE, Facts, applies
from placements.checklists.gates import Gated, gates_to_pass, open_steps
from placements.checklists.planning import Anchor, Calendar, StepDate, plan
from placements.checklists.reading import check, read_templates
from placements.checklists.steps import (
    ANCHORS,
    GATES,
    OUTSIDE_ROLES,
    RECORDING_ROLES,
    ROLES,
    STOPPING_GATES,
    BadTemplate,
    Due,
    Step,
    Template,
    YearlyDay,
)

__all__ = [
    "ANCHORS",
    "BREACHED",
    "CONDITIONS",
    "GATES",
    "NEAR",
    "OUTSIDE_ROLES",
    "RECORDING_ROLES",
    "ROLES",
    "STOPPING_GATES",
    "WAIVER_POSSIBLE",
    "Anchor",
    "BadTemplate",
    "Calendar",
    "Clock",
    "Due",
    "Facts",
    "Gated",
    "Step",
    "StepDate",
    "Template",
    "Wait",
    "YearlyDay",
    "applies",
    "check",
    "gates_to_pass",
    "open_steps",
    "party_of",
    "plan",
    "read_templates",
    "run_clock",
]
