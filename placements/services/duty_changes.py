"""A change of duties, office or contract during service: the conflict screen is asked for anew (step A26, domain.md
§4.5)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import AgencyRole
from placements.models import ChecklistItem, Placement
from placements.permissions.steps import COUNTS_FROM_CHANGE
from placements.services.agency_notices import members_with, tell
from placements.services.dates import redate
from placements.services.happened import check_happened
from placements.services.items import item_of
from placements.services.locks import lock
from placements.workflow import ITEM, LIVE_STATES
from techforce.core.calendar import EASTERN
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage
from techforce.core.services import service
from techforce.core.workflow import transition

CHANGES = ("duties", "office", "contract")
WAITING = ITEM.named("submit").sources


@service
def report_duty_change(
    *, placement: Placement, happened_on: datetime.date, what: str, by: Any
) -> ChecklistItem:
    """The supervisor or HR says what changed and since when. That is their part of the step, so its clock begins and
    the ethics office is told. Each change has an occurrence of its own; reported again it changes nothing."""
    if not by.has_perm("placements.report_change", placement):
        raise NotPermitted(_("Only the supervisor and HR report a change of duties."))
    locked = lock(placement)
    _check(locked, happened_on, what)
    occurrences = _occurrences(locked)
    if not occurrences:
        raise Refused(_("The checklist of this person asks for no new screen after a change."))
    known = next((item for item in occurrences if item.event_on == happened_on), None)
    return known or _hand_in(locked, _free(occurrences), happened_on, what, by)


def has_change_step(placement: Placement) -> bool:
    return bool(_occurrences(placement))


def _check(placement: Placement, happened_on: datetime.date, what: str) -> None:
    check_happened(happened_on)
    if what not in CHANGES:
        raise Refused(_("Say what changed: duties, office or contract."))
    if placement.status not in LIVE_STATES:
        raise Refused(_("This placement is over."))
    if happened_on < placement.created_at.astimezone(EASTERN).date():
        raise Refused(_("The change lies before this placement, so it is part of the first screen."))


def _occurrences(placement: Placement) -> Sequence[ChecklistItem]:
    items = ChecklistItem.objects.of_placements([placement.pk]).filter(
        step__anchors__contains=[COUNTS_FROM_CHANGE], corrects__isnull=True
    )
    related = ("step", "checklist__placement__opening", "checklist__placement__applicant")
    return list(items.exclude(status="cancelled").select_related(*related).order_by("occurrence", "pk"))


def _free(occurrences: Sequence[ChecklistItem]) -> ChecklistItem:
    """The one that waits for a change, else another after the last."""
    waiting = (item for item in occurrences if item.event_on is None and item.status in WAITING)
    if found := next(waiting, None):
        return found
    last = occurrences[-1]
    another = item_of(last.step, last.checklist, occurrence=last.occurrence + 1)
    another.save()
    return another


def _hand_in(
    placement: Placement, item: ChecklistItem, happened_on: datetime.date, what: str, by: Any
) -> ChecklistItem:
    values = {"event_on": happened_on, "submitted_by": by}
    detail = {"what": what, "happened_on": happened_on.isoformat()}
    reported: ChecklistItem = transition(item, "submit", by=by, values=values, detail=detail)
    redate([placement], by=by)
    reported.refresh_from_db()
    tell("duties_changed", reported, members_with(placement.opening, AgencyRole.ETHICS_OFFICIAL))
    return reported


@template("duties_changed")
def load_change(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While the ethics office has it before it."""
    items = ChecklistItem.objects.filter(pk=message.subject_id, status__in=["submitted", "under_review"])
    item = items.first()
    return {"public_id": item.public_id} if item else None
