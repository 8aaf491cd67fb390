"""While the investigator or the adjudicator has a case, its person is not pressed: once a month a note says that it is
still in progress (domain.md §6.3 rule 8). It ends with the step."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from placements.models import ChecklistItem, Placement, StepRole
from placements.workflow.checklist import WORKABLE
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage, ReminderLedger
from techforce.core.reminders import Manner, Rung
from techforce.core.reminders.mails import load_deadline_reminder
from techforce.core.reminders.watching import watch

KEY = "still_in_progress"
HOLDERS = (StepRole.INVESTIGATOR, StepRole.ADJUDICATOR)
A_MONTH = timedelta(days=27)
"""So long nobody gets a second note, also when the case goes from one to the other."""


def held_elsewhere(placements: QuerySet[Placement]) -> Iterator[tuple[int, date]]:
    """Placements whose vetting lies with one of them now, and since when one of them has had it."""
    going = placements.filter(status__in=("pending_checks", "ready", "active"))
    steps = defaultdict(list)
    for item in _steps_of(going):
        steps[item.checklist.placement_id].append(item)
    settled = _settled(steps)
    for key, items in steps.items():
        begun = {item.pk: _since(item, settled[key]) for item in items}
        if any(begun[item.pk] and _is_open(item) for item in items):
            yield key, min(day for day in begun.values() if day)


def _steps_of(placements: QuerySet[Placement]) -> QuerySet[ChecklistItem]:
    theirs = ChecklistItem.objects.filter(
        Q(owner_role__in=HOLDERS) | Q(status="blocked", waiting_on__in=HOLDERS),
        checklist__superseded_at__isnull=True,
        checklist__placement__in=placements,
    )
    return theirs.select_related("step", "checklist").order_by("pk")


def _settled(placements: Iterable[int]) -> Mapping[int, Mapping[str, date | None]]:
    """For each placement the settled steps, and when each happened."""
    found: dict[int, dict[str, date | None]] = defaultdict(dict)
    items = ChecklistItem.objects.of_placements(set(placements)).filter(is_settled=True)
    for key, code, day in items.order_by("pk").values_list("checklist__placement", "code", "effective_on"):
        found[key][code] = day
    return found


def _is_open(item: ChecklistItem) -> bool:
    return item.status == "blocked" or item.status in WORKABLE


def _since(item: ChecklistItem, settled: Mapping[str, date | None]) -> date | None:
    """The day on which it went to them: none while a step before it is open."""
    if item.status == "blocked":
        return item.waiting_since
    before = [[code for code in name.split("|") if code in settled] for name in item.step.depends_on]
    if not all(before):
        return None
    return max((day for codes in before for code in codes if (day := settled[code])), default=None)


def those_not_told_lately(due: Sequence[tuple[Placement, Rung]]) -> Mapping[int, Iterable[Any]]:
    people = {placement.pk: placement.applicant.user for placement, _rung in due}
    lately = ReminderLedger.objects.filter(
        rule=KEY, recipient__in=people.values(), at__gt=timezone.now() - A_MONTH
    )
    told = set(lately.values_list("recipient", flat=True))
    return {key: [person] for key, person in people.items() if person.pk not in told}


@template(KEY)
def load_note(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Nothing once the case has come back."""
    return load_deadline_reminder(message)


RULE = watch(
    KEY,
    Placement,
    dates=held_elsewhere,
    recipients=those_not_told_lately,
    path=lambda placement, person: reverse("my_service"),
    manner=lambda placement, rung, person: Manner.CAPPED,
    related=("applicant__user",),
    template_key=KEY,
    is_note=True,
)
