"""Who is told at once that steps wait for them: whoever newly owns a step that stops a start. Reminders come later."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from placements.checklists import OUTSIDE_ROLES, STOPPING_GATES
from placements.models import ChecklistItem, Placement
from placements.reminders import path_to_placement, path_to_step
from placements.reminders.people import Directory
from placements.workflow.checklist import WORKABLE
from techforce.core.mail.notifications import template
from techforce.core.mail.outbox import draft, enqueue, enqueue_many
from techforce.core.models import MessageClass, OutboxMessage


def tell_owners_of_new_steps(placement: Placement) -> None:
    """One message a person for all steps of a placement that has just begun."""
    items = ChecklistItem.objects.of_placements([placement.pk]).filter(
        gate__in=STOPPING_GATES, status__in=WORKABLE, step__decided_by=""
    )
    _tell(placement, items.order_by("pk"), about=str(placement.public_id))


def tell_owner(item: ChecklistItem, placement: Placement, *, is_returned: bool = False) -> None:
    """A single step that stops a start and is asked for now, or any that somebody has to do again. Said once each
    time."""
    if is_returned or item.gate in STOPPING_GATES:
        _tell(placement, [item], about=f"{item.public_id}:{item.version}")


def _tell(placement: Placement, items: Iterable[ChecklistItem], *, about: str) -> None:
    directory = Directory([placement])
    owned: dict[Any, list[ChecklistItem]] = defaultdict(list)
    for item in items:
        for person in _owners(item, placement, directory):
            owned[person].append(item)
    enqueue_many(
        draft(
            "step_assigned",
            message_class=MessageClass.TRANSACTIONAL,
            subject=placement,
            recipient=person,
            context={"items": [item.pk for item in own]},
            dedupe_key=f"step_assigned:{about}:{person.pk}",
        )
        for person, own in owned.items()
    )


def _owners(item: ChecklistItem, placement: Placement, directory: Directory) -> Iterable[Any]:
    """An outside party has no account: its part is asked for outside, by whoever records it."""
    role = item.recorder_role if item.owner_role in OUTSIDE_ROLES else item.owner_role
    return directory.holders(placement, role)


@template("step_assigned")
def load_assigned(message: OutboxMessage) -> Mapping[str, Any] | None:
    """How many of them are still to do; nothing when none is."""
    items = ChecklistItem.objects.filter(pk__in=message.context["items"], status__in=WORKABLE)
    items = items.filter(checklist__superseded_at__isnull=True).select_related(
        "checklist__placement__applicant__user", "checklist__placement__opening", "step"
    )
    waiting = list(items.order_by("pk"))
    if not waiting:
        return None
    placement = waiting[0].checklist.placement
    is_single = len(waiting) == 1
    path = path_to_step(waiting[0], message.recipient) if is_single else ""
    return {"count": len(waiting), "path": path or path_to_placement(placement, message.recipient)}


def tell_person_of_notice(item: ChecklistItem) -> None:
    """Neutral words to the person alone (domain.md §3.4): that there is a notice, and where. Nobody switches it off."""
    enqueue(
        "office_notice",
        message_class=MessageClass.LEGAL,
        subject=item,
        recipient=item.checklist.placement.applicant.user,
        dedupe_key=f"office_notice:{item.public_id}:{item.version}",
    )


@template("office_notice")
def load_notice(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While what it says still stands."""
    items = ChecklistItem.objects.filter(pk=message.subject_id, status__in=["under_due_process", "not_met"])
    return {} if items.exists() else None
