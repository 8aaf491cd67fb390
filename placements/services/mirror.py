"""The conflict step of a checklist (A03) mirrors the determinations: under review until they are signed and pass."""

from django.utils import timezone

from placements.models import ChecklistItem, Placement
from placements.services.asking_again import BEFORE_DUTY, ask_again
from placements.services.conditions import reopen_what_applies
from placements.services.dates import redate
from placements.services.screening import WAIVED, outcomes_of_screens
from placements.workflow.checklist import WORKABLE
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.workflow import transition


def mirror_determination(placement: Placement) -> None:
    """Move the step to where the screen stands. After entry on duty it stays as it was: a change of duties has a step
    of its own. A block leaves it under review, so that its word tells nobody more. The caller holds the lock."""
    if placement.status not in BEFORE_DUTY:
        return
    items = ChecklistItem.objects.of_placements([placement.pk]).filter(corrects__isnull=True)
    item = items.filter(step__decided_by="determination").first()
    if item is not None:
        _move(item, placement, outcomes_of_screens([placement])[placement.pk])
    reopen_what_applies(placement)
    redate([placement], by=User.objects.system())


def look_again_at_waived() -> int:
    """Beat calls it: conflict steps that passed on a waiver which has ended since are under review again, as long as
    the person has not begun. Returns how many."""
    passed = ChecklistItem.objects.filter(
        step__decided_by="determination",
        status="done",
        outcome=WAIVED,
        checklist__superseded_at__isnull=True,
        checklist__placement__status__in=BEFORE_DUTY,
    )
    keys = list(passed.values_list("checklist__placement", flat=True))
    locked = Placement.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",))
    ended = [row for row in locked if not outcomes_of_screens([row])[row.pk]]
    for placement in ended:
        mirror_determination(placement)
    return len(ended)


def _move(item: ChecklistItem, placement: Placement, outcome: str) -> None:
    system = User.objects.system()
    if item.status == "done" and item.outcome != outcome:
        ask_again(item, "review_again", placement=placement, by=system, because="conflict_reopened")
    if outcome and item.status in WORKABLE:
        values = {"outcome": outcome, "effective_on": today(), "recorded_at": timezone.now()}
        transition(item, "settle", by=system, values={**values, "next_reminder_at": None})
