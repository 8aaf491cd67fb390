"""Reminders of cases: to whoever in the program office answers, or to the person whom it asked something."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from applicants.models import CaseStatus, CaseThread
from applicants.querysets import CASE_WORKERS
from applicants.workflow import MOVING_CASE_STATES
from techforce.accounts.models import OpmMembership
from techforce.core.reminders import Manner, ReminderRule, Rung, Threshold, register
from techforce.core.reminders.current_ladders import thresholds_of

OFFICE, PERSON = "case_office", "case_person"


def case_ladder(thread: CaseThread) -> Sequence[Threshold]:
    return thresholds_of(PERSON if thread.status == CaseStatus.ASKED else OFFICE)


def climbing(key: str) -> Q:
    """Cases on one of the two ladders."""
    asked = Q(status=CaseStatus.ASKED)
    return asked if key == PERSON else Q(status__in=MOVING_CASE_STATES) & ~asked


def moving_cases(rows: Sequence[CaseThread]) -> set[int]:
    moving = CaseThread.objects.moving().filter(pk__in=[row.pk for row in rows])
    return set(moving.values_list("pk", flat=True))


def whose_case(due: Sequence[tuple[CaseThread, Rung]]) -> Mapping[int, Iterable[Any]]:
    """The person whom we asked; otherwise the owner, and where there is none, all who may answer."""
    rows = [thread for thread, _rung in due]
    found = {row.pk: [row.applicant.user] for row in rows if row.status == CaseStatus.ASKED}
    ours = [row for row in rows if row.pk not in found]
    # One object a person, because each remembers what it may.
    owners = {row.owner_id: row.owner for row in ours}
    found |= {row.pk: _able([owners[row.owner_id]], row) for row in ours if row.owner_id}
    unowned = [row for row in ours if not found.get(row.pk)]
    staff = case_staff() if unowned else []
    return found | {row.pk: _able(staff, row) for row in unowned}


def _able(people: Sequence[Any], thread: CaseThread) -> list[Any]:
    return [person for person in people if person.has_perm("applicants.work_case", thread)]


def case_staff() -> list[Any]:
    """Everybody with a role in which cases are answered."""
    roles = frozenset().union(*CASE_WORKERS.values())
    live = OpmMembership.objects.live().filter(role__in=roles, user__is_active=True)
    return list(
        dict.fromkeys(membership.user for membership in live.select_related("user").order_by("user", "pk"))
    )


def manner_of_case(thread: CaseThread, rung: Rung, person: Any) -> Manner:
    return Manner.CAPPED if person == thread.applicant.user else Manner.DIGEST


def path_to_case(thread: CaseThread, person: Any) -> str:
    if person == thread.applicant.user:
        return reverse("my_question", args=[thread.public_id])
    return reverse("admin:applicants_casethread_change", args=[thread.pk])


# What is said about a case never tells its topic: the lists of reminders are read by people who may not know it.
CASE = register(
    ReminderRule(
        key="case",
        model=CaseThread,
        thresholds=case_ladder,
        ladders=(OFFICE, PERSON),
        running=climbing,
        open_rows=moving_cases,
        recipients=whose_case,
        manner=manner_of_case,
        path=path_to_case,
        describe=lambda thread: str(thread.about),
        related=("application", "applicant__user", "owner"),
    )
)
