"""How a step of a checklist begins: what its template says, copied."""

from collections.abc import Mapping, Sequence

from placements.models import Checklist, ChecklistItem, ChecklistTemplateStep, UndatedReason
from techforce.core.calendar import EASTERN

DECIDED_BEFORE = "recorded"
ASKED_OF_ITEMS = ("step", "checklist__placement__opening", "checklist__placement__applicant")
"""What permissions and guards ask of a step."""


def item_of(step: ChecklistTemplateStep, checklist: Checklist, *, occurrence: int = 1) -> ChecklistItem:
    """What the step says now, copied. What was decided before the placement is shown as decided; the conflict
    screen stays under review until it is signed."""
    item = ChecklistItem(
        checklist=checklist,
        step=step,
        code=step.code,
        occurrence=occurrence,
        gate=step.gate,
        alternatives=step.alternatives,
        accepted_outcomes=step.accepted_outcomes,
        owner_role=step.owner_role,
        recorder_role=step.recorder_role,
        undated_reason=step.undated_reason or UndatedReason.ANCHOR_UNKNOWN,
    )
    if step.decided_by == "determination":
        item.status = "under_review"
    elif step.decided_by:
        item.status, item.outcome = "done", DECIDED_BEFORE
        item.recorded_at = checklist.created_at
        item.effective_on = checklist.created_at.astimezone(EASTERN).date()
    return item


def steps_of(rows: Sequence[ChecklistItem]) -> Mapping[int, ChecklistTemplateStep]:
    """What came with the rows is not asked for again."""
    known = {row.step_id: row.step for row in rows if ChecklistItem.step.is_cached(row)}
    missing = {row.step_id for row in rows} - known.keys()
    return {**known, **ChecklistTemplateStep.objects.in_bulk(missing)} if missing else known
