"""Reminders about the application window of a cohort, to those who run the program."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from techforce.accounts.models import OpmMembership, OpmRole
from techforce.core.ladders import declare
from techforce.core.reminders import Rung
from techforce.core.reminders.watching import watch
from techforce.program.models import Cohort
from techforce.program.workflow import CohortStatus

declare(Path(__file__).parent / "seed" / "reminders.toml")


def opening(cohorts: QuerySet[Cohort]) -> Iterable[tuple[int, datetime]]:
    return cohorts.filter(status=CohortStatus.PLANNED).values_list("pk", "opens_at")


def closing(cohorts: QuerySet[Cohort]) -> Iterable[tuple[int, datetime]]:
    return cohorts.filter(status=CohortStatus.OPEN).values_list("pk", "closes_at")


def program_managers(due: Sequence[tuple[Any, Rung]]) -> Mapping[int, Iterable[Any]]:
    """All of them, whatever the row is."""
    live = OpmMembership.objects.live().filter(role=OpmRole.PROGRAM_MANAGER, user__is_active=True)
    people = dict.fromkeys(membership.user for membership in live.select_related("user").order_by("pk"))
    return {row.pk: people for row, _rung in due}


def record(cohort: Cohort, person: Any) -> str:
    return reverse("admin:program_cohort_change", args=[cohort.pk])


OPENING = watch(
    "cohort_opening",
    Cohort,
    dates=opening,
    recipients=program_managers,
    path=record,
)
CLOSING = watch(
    "cohort_closing",
    Cohort,
    dates=closing,
    recipients=program_managers,
    path=record,
)
