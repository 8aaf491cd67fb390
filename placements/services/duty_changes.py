"""A change of duties, office or contract during service: the conflict screen is asked for anew (step A26, domain.md
§4.5)."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import AgencyRole
from placements.models import Checklist, ChecklistItem, Determination, Placement
from placements.permissions.steps import COUNTS_FROM_CHANGE
from placements.services.agency_notices import members_with, tell
from placements.services.dates import redate
from placements.services.happened import check_happened
from placements.services.items import item_of, steps_of
from placements.services.locks import lock
from placements.workflow import ITEM, LIVE_STATES, OPEN_ITEM_STATES
from techforce.core.calendar import EASTERN
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.notifications import template
from techforce.core.models import AuditEvent, OutboxMessage
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition

CHANGES = ("duties", "office", "contract")
WAITING = ITEM.named("submit").sources


@service
def report_duty_change(
    *, placement: Placement, happened_on: datetime.date, what: str, by: Any
) -> ChecklistItem:
    """The supervisor or HR says what changed and since when. That is their part of the step, so its clock begins and
    the ethics office is told. Each change has an occurrence of its own; reported again it changes nothing, and one that
    came back is handed in again."""
    if not by.has_perm("placements.report_change", placement):
        raise NotPermitted(_("Only the supervisor and HR report a change of duties."))
    locked = lock(placement)
    _check(locked, happened_on, what)
    occurrences = _occurrences(locked)
    if not occurrences:
        raise Refused(_("The checklist of this person asks for no new screen after a change."))
    known = _known([item for item in occurrences if item.event_on == happened_on], what)
    if known is None or known.status in WAITING:
        return _hand_in(locked, known or _free(occurrences), happened_on, what, by)
    if known.status not in OPEN_ITEM_STATES:
        raise Refused(_("This change is on file, and the ethics office has answered it."))
    return known


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


def _known(same_day: Sequence[ChecklistItem], what: str) -> ChecklistItem | None:
    """The report of this change; else one of that day that came back, because it may have said the wrong thing."""
    handed_in = AuditEvent.objects.filter(
        subject_type=ChecklistItem._meta.label_lower,
        subject_id__in=[item.pk for item in same_day],
        action=ITEM.mark(ITEM.named("submit")),
    )
    said = {event.subject_id: event.detail.get("what") for event in handed_in.order_by("pk")}
    same = (item for item in same_day if said.get(item.pk) == what)
    returned = (item for item in same_day if item.status == "returned")
    return next(same, None) or next(returned, None)


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


@guard("placements.change_is_screened")
def change_is_screened(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """The step asks what the change means, so a decision that was signed before the report answers nothing."""
    steps = steps_of(rows)
    asked = [
        row for row in rows if COUNTS_FROM_CHANGE in steps[row.step_id].anchors and row.corrects_id is None
    ]
    signed = _signatures([row.checklist_id for row in asked]) if asked else {}
    return {row.pk: sentence for row in asked if (sentence := _what_is_missing(row, signed))}


def _what_is_missing(row: ChecklistItem, signed: Mapping[int, datetime.datetime]) -> str:
    if row.submitted_at is None:
        return _(
            "Nobody has reported a change. The supervisor or HR reports it on the page of the placement."
        )
    if row.checklist_id in signed and signed[row.checklist_id] > row.submitted_at:
        return ""
    return _(
        "No conflict review was signed since the change was reported. Screen again under “Conflicts of interest” and "
        "sign it, then record this step."
    )


def _signatures(checklists: Sequence[int]) -> dict[int, datetime.datetime]:
    """When the decision was signed on which each person serves, by checklist; none where one still waits."""
    rows = Checklist.objects.filter(pk__in=checklists).order_by("pk")
    placements = {row.pk: row.placement for row in rows.select_related("placement")}
    about = Q(placement__in=placements.values())
    about |= Q(selection__in=[row.selection_id for row in placements.values() if row.selection_id])
    current = list(Determination.objects.current().filter(about).order_by("pk"))
    found = {}
    for key, placement in placements.items():
        moments = [row.signed_at for row in current if _is_about(row, placement)]
        if moments and None not in moments:
            found[key] = max(moment for moment in moments if moment)
    return found


def _is_about(determination: Determination, placement: Placement) -> bool:
    if determination.placement_id is not None:
        return determination.placement_id == placement.pk
    return determination.selection_id == placement.selection_id


@template("duties_changed")
def load_change(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While the ethics office has it before it."""
    items = ChecklistItem.objects.filter(pk=message.subject_id, status__in=["submitted", "under_review"])
    item = items.first()
    return {"public_id": item.public_id} if item else None
