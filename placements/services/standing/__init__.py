"""Where a person stands: loaded once (`case`), said in public words (`words`, `step_words`), and laid out for their
pages (`situation`, `history`, `tasks`, `parts`)."""

from placements.services.standing.case import Case, case_of
from placements.services.standing.history import timeline_of
from placements.services.standing.parts import offices_of, openings_of, own_steps_of
from placements.services.standing.situation import Standing, of_offer, of_placement, standing_of
from placements.services.standing.tasks import Task, register_tasks, tasks_of

__all__ = [
    "Case",
    "Standing",
    "Task",
    "case_of",
    "of_offer",
    "of_placement",
    "offices_of",
    "openings_of",
    "own_steps_of",
    "register_tasks",
    "standing_of",
    "tasks_of",
    "timeline_of",
]
