"""Checklist templates as data, when their steps are due, and what a gate asks. Pure: knows neither the database nor a
request.

A template file (placements/seed/*.toml) lists the steps of one kind of placement. `read_templates` turns it into
`Template`s, `plan` dates their steps, `applies` says which conditional ones count, `open_steps` what a gate waits for.
"""

from placements.checklists.checking import Problem, check, problems_of
from placements.checklists.commitment import BREACHED, NEAR, Clock, Wait, party_of, run_clock
from placements.checklists.conditions import (
    CONDITIONS,
    QUESTIONS,
    QUESTIONS_STEP,
    WAIVER_POSSIBLE,
    Facts,
    applies,
)
from placements.checklists.gates import Gated, gates_to_pass, open_steps
from placements.checklists.milestones import DUE_PROCESS, MILESTONES, Known, Milestone, settled_by
from placements.checklists.planning import Anchor, Before, Calendar, StepDate, plan, plan_again
from placements.checklists.reading import read_templates
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
    "DUE_PROCESS",
    "GATES",
    "MILESTONES",
    "NEAR",
    "OUTSIDE_ROLES",
    "QUESTIONS",
    "QUESTIONS_STEP",
    "RECORDING_ROLES",
    "ROLES",
    "STOPPING_GATES",
    "WAIVER_POSSIBLE",
    "Anchor",
    "BadTemplate",
    "Before",
    "Calendar",
    "Clock",
    "Due",
    "Facts",
    "Gated",
    "Known",
    "Milestone",
    "Problem",
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
    "plan_again",
    "problems_of",
    "read_templates",
    "run_clock",
    "settled_by",
]
