"""The monthly list of records that are due for destruction, for the records officers (domain.md §6.2)."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.core.calendar import ONE_DAY, next_business_day, today
from techforce.core.closures import closures
from techforce.core.ladders import declare
from techforce.core.ladders.thresholds import midnight
from techforce.core.mail.notifications import template
from techforce.core.models import Delivery, OutboxMessage, ReminderLedger
from techforce.core.records.disposition import MOST_COUNTED, report
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


def to_each_once(
    due: Sequence[tuple[Any, Rung]], *, rule: str, since: datetime.date
) -> Mapping[int, Sequence[Any]]:
    """The same, without those whom this rule has told since that day: a date that moves afterwards is no news."""
    people = to_each_alone(due)
    told = ReminderLedger.objects.filter(rule=rule, recipient__in=people, at__gte=midnight(since))
    lately = set(told.exclude(message__delivery=Delivery.CANCELLED).values_list("recipient", flat=True))
    return {key: person for key, person in people.items() if key not in lately}


def to_each_once_a_month(due: Sequence[tuple[Any, Rung]]) -> Mapping[int, Sequence[Any]]:
    return to_each_once(due, rule=RECORDS_DUE, since=today().replace(day=1))


def first_work_day(month: datetime.date) -> datetime.date:
    return next_business_day(month.replace(day=1) - ONE_DAY, closures())


def monthly(users: QuerySet[User]) -> Iterator[tuple[int, datetime.date]]:
    """A new month is a new date, so each month has a reminder of its own; months that an outage swallowed have none."""
    day = first_work_day(today())
    for key in holders_of(OpmRole.RECORDS_OFFICER, users).values_list("pk", flat=True):
        yield key, day


def destruction_page(person: User, reader: Any) -> str:
    return reverse("admin:destruction")


def _in_words(count: int) -> str:
    return _("many") if count >= MOST_COUNTED else str(count)


@template(RECORDS_DUE)
def load_records_due(message: OutboxMessage) -> dict[str, Any] | None:
    """Kinds of records and counts; nothing in a month in which nothing is due."""
    lines = [{"title": schedule.title, "count": _in_words(count)} for schedule, count in report() if count]
    return {"lines": lines, "path": reverse("admin:destruction")} if lines else None


MONTHLY = watch(
    RECORDS_DUE,
    User,
    dates=monthly,
    recipients=to_each_once_a_month,
    path=destruction_page,
    manner=lambda person, rung, reader: Manner.SINGLE,
    template_key=RECORDS_DUE,
)
