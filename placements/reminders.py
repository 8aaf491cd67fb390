"""Reminders about the steps of a checklist: the person whose move it is, in time, once a rung."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from agencies.models import AgencyMembership
from placements.models import ChecklistItem, StepRole
from placements.querysets import STEP_OF_ROLE
from placements.workflow import LIVE_STATES
from placements.workflow.checklist import WORKABLE
from techforce.accounts.models import OpmMembership, OpmRole
from techforce.core.reminders import ReminderRule, register
from techforce.core.thresholds import Rung, Threshold

LADDER = (
    Threshold("due-7d", -7),
    Threshold("due-2bd", -2, "business"),
    Threshold("due", 0),
    Threshold("overdue", 1, repeat_days=7),
)
"""The starting ladder of a step (domain.md §6.2, practice, not law)."""

AGENCY_ROLE_OF_STEP = {step: role for role, step in STEP_OF_ROLE.items()}


def open_items(rows: Sequence[ChecklistItem]) -> set[int]:
    """Steps that somebody can still do, of placements that are still going."""
    return set(
        ChecklistItem.objects.filter(
            pk__in=[row.pk for row in rows],
            status__in=(*WORKABLE, "expired"),
            checklist__placement__status__in=LIVE_STATES,
        ).values_list("pk", flat=True)
    )


def whose_move(due: Sequence[tuple[ChecklistItem, Rung]]) -> Mapping[int, Iterable[Any]]:
    """The owner of each step; where the owner is an outside party without an account, whoever records for it."""
    items = ChecklistItem.objects.filter(pk__in=[row.pk for row, _rung in due]).select_related(
        "checklist__placement__applicant__user",
        "checklist__placement__opening",
        "checklist__placement__supervisor",
    )
    members = _members_by_office({item.checklist.placement.opening.agency_id for item in items})
    staff = _case_managers()
    return {item.pk: _people(item, members, staff) for item in items}


def _people(
    item: ChecklistItem, members: Mapping[tuple[str, int], Sequence[AgencyMembership]], staff: Sequence[Any]
) -> list[Any]:
    for role in (item.owner_role, item.recorder_role):
        if found := _holders(item, role, members, staff):
            return found
    return list(staff)


def _holders(
    item: ChecklistItem,
    role: str,
    members: Mapping[tuple[str, int], Sequence[AgencyMembership]],
    staff: Sequence[Any],
) -> list[Any]:
    placement = item.checklist.placement
    if role == StepRole.CANDIDATE:
        return [placement.applicant.user]
    if role == StepRole.OPM:
        return list(staff)
    if role == StepRole.SUPERVISOR and placement.supervisor:
        return [placement.supervisor]
    here = members.get((AGENCY_ROLE_OF_STEP.get(role, ""), placement.opening.agency_id), ())
    people = {m.user for m in here if m.office_id in (None, placement.opening.office_id)}
    return sorted(people, key=lambda person: person.pk)


def _members_by_office(agencies: Collection[int]) -> Mapping[tuple[str, int], Sequence[AgencyMembership]]:
    found = defaultdict(list)
    live = (
        AgencyMembership.objects.live()
        .filter(agency__in=agencies, user__is_active=True)
        .select_related("user")
    )
    for membership in live.order_by("pk"):
        found[membership.role, membership.agency_id].append(membership)
    return found


def _case_managers() -> list[Any]:
    live = OpmMembership.objects.live().filter(Q(role=OpmRole.CASE_MANAGER), user__is_active=True)
    return [membership.user for membership in live.select_related("user").order_by("pk")]


def path_of(item: ChecklistItem) -> str:
    """Where the recipient reads which step it is."""
    return "/"


CHECKLIST_ITEM = register(
    ReminderRule(
        key="checklist_item",
        model=ChecklistItem,
        thresholds=lambda item: LADDER,
        open_rows=open_items,
        recipients=whose_move,
        path=path_of,
    )
)
