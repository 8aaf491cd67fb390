"""The monthly list of records that are due for destruction, for the records officers (domain.md §6.2)."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.core.calendar import ONE_DAY, next_business_day, today
from techforce.core.closures import closures
from techforce.core.ladders import declare
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage
from techforce.core.records.disposition import report
from techforce.core.reminders import Manner, Rung
from techforce.core.reminders.watching import watch

declare(Path(__file__).parent / "seed" / "reminders.toml")

RECORDS_DUE = "records_due"


def holders_of(role: OpmRole, users: QuerySet[User]) -> QuerySet[User]:
    """Of `users` those who hold the role today."""
    live = OpmMembership.objects.live().filter(role=role, user__is_active=True)
    return users.filter(pk__in=live.values("user"))


def to_each_alone(due: Sequence[tuple[Any, Rung]]) -> Mapping[int, Sequence[Any]]:
    """A date of a person is told to that person."""
    return {person.pk: [person] for person, _rung in due}


def first_work_day(month: datetime.date) -> datetime.date:
    return next_business_day(month.replace(day=1) - ONE_DAY, closures())


def monthly(users: QuerySet[User]) -> Iterator[tuple[int, datetime.date]]:
    """A new month is a new date, so each month has a reminder of its own; months that an outage swallowed have none."""
    day = first_work_day(today())
    for key in holders_of(OpmRole.RECORDS_OFFICER, users).values_list("pk", flat=True):
        yield key, day


def destruction_page(person: User, reader: Any) -> str:
    return reverse("admin:destruction")


@template(RECORDS_DUE)
def load_records_due(message: OutboxMessage) -> dict[str, Any] | None:
    """Kinds of records and counts; nothing in a month in which nothing is due."""
    lines = [{"title": schedule.title, "count": count} for schedule, count in report() if count]
    return {"lines": lines, "path": reverse("admin:destruction")} if lines else None


MONTHLY = watch(
    RECORDS_DUE,
    User,
    dates=monthly,
    recipients=to_each_alone,
    path=destruction_page,
    manner=lambda person, rung, reader: Manner.SINGLE,
    template_key=RECORDS_DUE,
)
