"""A destruction that is broken off, held up or limited: what went is noted, what is held costs nobody else's turn."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from techforce.accounts.models import OpmRole, User
from techforce.core.errors import Refused
from techforce.core.models import AuditEvent, OutboxMessage
from techforce.core.records import disposition
from techforce.core.records.disposition import Done, Schedule, destroy_due
from techforce.core.records.logs_due import thirty_months_before
from tests.factories.accounts import opm_staff
from tests.factories.core import LegalHoldFactory, OutboxMessageFactory, ReminderLedgerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return opm_staff(OpmRole.RECORDS_OFFICER)


def destroys(row: OutboxMessage) -> None:
    row.delete()


def refuses(row: OutboxMessage) -> None:
    raise Refused("A hold covers what hangs on it.")


def every_mail(destroy: Any = None) -> Schedule:
    return Schedule(
        label="mails",
        title=_("Mails"),
        family=_("Mails"),
        authority="GRS 3.2",
        due=lambda day: OutboxMessage.objects.all(),
        destroy=destroy,
    )


def approvals() -> list[tuple[int, int]]:
    noted = AuditEvent.objects.filter(action=disposition.APPROVED).order_by("pk")
    return [(event.detail["destroyed"], event.detail["held"]) for event in noted]


@pytest.mark.parametrize("destroy", [None, destroys])
def test_what_went_before_it_broke_off_is_noted(
    destroy: Any, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disposition, "BATCH", 1)
    gone, kept = OutboxMessageFactory(), ReminderLedgerFactory().message

    with pytest.raises(ProtectedError):
        destroy_due(every_mail(destroy), by=officer)

    assert OutboxMessage.objects.get() == kept != gone
    assert approvals() == [(1, 0)]


@pytest.mark.parametrize("destroy", [None, destroys])
def test_one_that_is_held_takes_nobody_elses_turn_and_is_counted(destroy: Any, officer: User) -> None:
    held, *_others = OutboxMessageFactory.create_batch(3)
    LegalHoldFactory(subject_type="core.outboxmessage", subject_id=held.pk)

    assert destroy_due(every_mail(destroy), by=officer, limit=1) == Done(1, 1)

    assert OutboxMessage.objects.filter(pk=held.pk).exists()
    assert approvals() == [(1, 1)]


def test_a_hold_on_a_whole_table_costs_no_question_for_each_row(officer: User) -> None:
    OutboxMessageFactory.create_batch(30)
    LegalHoldFactory(subject_type="core.outboxmessage", subject_id=None)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert destroy_due(every_mail(destroys), by=officer, limit=10) == Done(0, 30)

    assert len(asked) < 20


def test_of_those_held_by_something_else_only_some_are_looked_at(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disposition, "LOOKED_AT", 2)
    OutboxMessageFactory.create_batch(5)

    assert destroy_due(every_mail(refuses), by=officer, limit=1) == Done(0, 2)
    assert destroy_due(every_mail(refuses), by=officer) == Done(0, 5)


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        ("2026-07-01", "2024-01-01"),
        ("2026-09-01", "2024-03-01"),
        ("2027-03-01", "2024-09-01"),
        ("2026-08-31", "2024-02-29"),
        ("2027-08-31", "2025-02-28"),
        ("2026-12-31", "2024-06-30"),
        ("2027-01-15", "2024-07-15"),
    ],
)
def test_thirty_months_are_months(day: str, limit: str) -> None:
    found = thirty_months_before(datetime.date.fromisoformat(day))
    assert found.date() == datetime.date.fromisoformat(limit)


def test_a_count_that_takes_too_long_is_many_and_the_others_are_counted() -> None:
    OutboxMessageFactory()
    slow = "pg_sleep(1) IS NOT NULL"
    endless = Schedule(
        label="endless",
        title=_("Endless"),
        family=_("Mails"),
        authority="GRS 3.2",
        due=lambda day: OutboxMessage.objects.extra(where=[slow]),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 100")

    assert endless.count() == disposition.MOST_COUNTED
    assert every_mail().count() == 1


@pytest.mark.parametrize("label", ["access_log", "audit_log", "mail_log", "reminder_log"])
def test_what_is_old_is_found_by_an_index_of_its_age(label: str) -> None:
    schedule = disposition.schedule_named(label)
    assert schedule
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "_age" in schedule.due(datetime.date(2026, 7, 1)).explain()
