"""While the investigator or the adjudicator has a case, its person is not pressed: once a month a note says that it is
still in progress (domain.md §6.3 rule 8). It ends with the step."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import starmap
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from placements.models import ChecklistItem, Placement, StepRole
from placements.workflow.checklist import WORKABLE
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage, ReminderLedger, Watch
from techforce.core.reminders import Manner, Rung
from techforce.core.reminders.mails import load_deadline_reminder
from techforce.core.reminders.watching import watch

KEY = "still_in_progress"
MOOT_AFTER = {"V14": "V18"}
"""Nobody decides on interim eligibility any more once the adjudication is done."""
HOLDERS = (StepRole.INVESTIGATOR, StepRole.ADJUDICATOR)
THEIRS = Q(owner_role__in=HOLDERS) | Q(status="blocked", waiting_on__in=HOLDERS)
A_MONTH = timedelta(days=27)
"""So long nobody gets a second note, also when the case goes from one to the other."""


def held_elsewhere(placements: QuerySet[Placement]) -> Iterator[tuple[int, date]]:
    """Placements whose vetting lies with one of them now, and since when one of them has had it. Who may answer a
    notice is not told that nothing is needed."""
    answering = ChecklistItem.objects.of_placements(placements.values("pk")).filter(
        status="under_due_process"
    )
    going = placements.filter(status__in=("pending_checks", "ready", "active")).exclude(
        pk__in=answering.values("checklist__placement")
    )
    steps = defaultdict(list)
    for step in _steps_of(_reached(going)):
        steps[step.placement].append(step)
    settled = _settled(steps)
    for key, theirs in steps.items():
        begun = [(step, day) for step in theirs if (day := _since(step, settled[key]))]
        if any(_is_open(step) and MOOT_AFTER.get(step.code) not in settled[key] for step, _day in begun):
            yield key, min(day for _step, day in begun)


def _theirs(placements: QuerySet[Placement]) -> QuerySet[ChecklistItem]:
    return ChecklistItem.objects.of_placements(placements.values("pk")).filter(THEIRS)


def _reached(going: QuerySet[Placement]) -> QuerySet[Placement]:
    """Those that may lie with one of them: their step is open, and something before it is settled or it waits. Of
    everybody else, who are most, no step is read."""
    unsettled = _theirs(going).filter(status__in=("blocked", *WORKABLE))
    depends_on = unsettled.order_by("step_id").values_list("step__depends_on", flat=True).distinct()
    codes = {code for names in depends_on for name in names for code in name.split("|")}
    before = ChecklistItem.objects.of_placements(going.values("pk")).filter(is_settled=True, code__in=codes)
    waiting = unsettled.filter(status="blocked")
    return going.filter(
        Q(pk__in=before.values("checklist__placement")) | Q(pk__in=waiting.values("checklist__placement")),
        pk__in=unsettled.values("checklist__placement"),
    )


class _Step(NamedTuple):
    placement: int
    code: str
    status: str
    waiting_since: date | None
    depends_on: Sequence[str]


def _steps_of(placements: QuerySet[Placement]) -> Iterator[_Step]:
    columns = ("checklist__placement", "code", "status", "waiting_since", "step__depends_on")
    return starmap(_Step, _theirs(placements).order_by("pk").values_list(*columns))


def _settled(placements: Iterable[int]) -> Mapping[int, Mapping[str, date | None]]:
    """For each placement the settled steps, and when each happened."""
    found: dict[int, dict[str, date | None]] = defaultdict(dict)
    items = ChecklistItem.objects.of_placements(set(placements)).filter(is_settled=True)
    for key, code, day in items.order_by("pk").values_list("checklist__placement", "code", "effective_on"):
        found[key][code] = day
    return found


def _is_open(step: _Step) -> bool:
    return step.status == "blocked" or step.status in WORKABLE


def _since(step: _Step, settled: Mapping[str, date | None]) -> date | None:
    """The day on which it went to them: none while a step before it is open."""
    if step.status == "blocked":
        return step.waiting_since
    before = [[code for code in name.split("|") if code in settled] for name in step.depends_on]
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
    """Nothing once the case has come back. Who serves is on no way into the program any more."""
    found = load_deadline_reminder(message)
    if found is None:
        return None
    watched = Watch.objects.get(pk=message.subject_id)
    serving = Placement.objects.filter(pk=watched.subject_id, status="active")
    return {**found, "is_serving": serving.exists()}


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
