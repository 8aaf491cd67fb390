"""The monthly list of records that are due for destruction (domain.md §6.2)."""

import datetime

import pytest
import time_machine
from django.core import mail

from techforce.accounts.models import OpmRole, User
from techforce.accounts.reminders import RECORDS_DUE
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.closures import forget_closures
from techforce.core.mail import mailer
from techforce.core.models import AccessEvent, Closure, OutboxMessage, ReminderLedger
from techforce.core.privacy import records_mark
from tests.factories.accounts import opm_staff
from tests.factories.core import AccessEventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _old_readings() -> None:
    """Two lines of the access log whose thirty months are over by 2027."""
    forget_closures()
    AccessEventFactory.create_batch(2, at=datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC))


@pytest.fixture
def officer() -> User:
    return opm_staff(OpmRole.RECORDS_OFFICER)


def days(first: datetime.date, last: datetime.date) -> list[str]:
    """Every day a few sweeps, as beat does; on which days a mail went."""
    went = []
    day = first
    while day <= last:
        for hour in (9, 15):
            before = len(mail.outbox)
            with time_machine.travel(datetime.datetime.combine(day, datetime.time(hour, 5), tzinfo=EASTERN)):
                reminders.sweep()
                mailer.send_due()
            went += [day.isoformat()] * (len(mail.outbox) - before)
        day += datetime.timedelta(days=1)
    return went


def test_each_month_has_one_list_on_its_first_work_day(officer: User) -> None:
    # 1 January is a holiday, 2 and 3 are a weekend; 1 February is a Monday.
    assert days(datetime.date(2027, 1, 1), datetime.date(2027, 1, 6)) == ["2027-01-04"]
    assert days(datetime.date(2027, 1, 29), datetime.date(2027, 2, 2)) == ["2027-02-01"]

    message = mail.outbox[0]
    assert message.to == [officer.email]
    assert "Access log: 2" in message.body
    assert "/admin/destruction/" in message.body
    assert ReminderLedger.objects.filter(rule=RECORDS_DUE, recipient=officer).count() == 2


def test_what_takes_too_long_to_count_is_many(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techforce.accounts.reminders.MOST_COUNTED", 2)
    days(datetime.date(2027, 2, 1), datetime.date(2027, 2, 1))
    assert "Access log: many" in mail.outbox[0].body


def test_each_records_officer_gets_their_own_and_nobody_else() -> None:
    officers = [opm_staff(OpmRole.RECORDS_OFFICER) for _number in range(2)]
    opm_staff(OpmRole.PROGRAM_MANAGER)
    left = opm_staff(OpmRole.RECORDS_OFFICER)
    left.opmmemberships.update(starts_on=datetime.date(2026, 1, 1), ends_on=datetime.date(2026, 12, 31))

    days(datetime.date(2027, 2, 1), datetime.date(2027, 2, 2))

    assert sorted(address for message in mail.outbox for address in message.to) == sorted(
        person.email for person in officers
    )


def test_a_month_in_which_nothing_is_due_has_no_mail(officer: User) -> None:
    with records_mark("purge"):
        AccessEvent.objects.all().delete()
    assert days(datetime.date(2027, 2, 1), datetime.date(2027, 2, 2)) == []
    assert OutboxMessage.objects.get(template_key=RECORDS_DUE).delivery == "cancelled"


def test_after_an_outage_of_two_months_there_is_one_list(officer: User) -> None:
    days(datetime.date(2027, 1, 4), datetime.date(2027, 1, 4))
    assert days(datetime.date(2027, 4, 14), datetime.date(2027, 4, 16)) == ["2027-04-14"]


def test_a_closed_office_moves_the_list_to_the_next_work_day(officer: User) -> None:
    Closure.objects.create(on=datetime.date(2027, 2, 1), reason="Snow")
    forget_closures()
    assert days(datetime.date(2027, 2, 1), datetime.date(2027, 2, 3)) == ["2027-02-02"]


def test_an_office_that_closes_after_the_list_left_has_no_second_one(officer: User) -> None:
    assert days(datetime.date(2027, 2, 1), datetime.date(2027, 2, 1)) == ["2027-02-01"]
    Closure.objects.create(on=datetime.date(2027, 2, 1), reason="Snow")
    forget_closures()
    assert days(datetime.date(2027, 2, 2), datetime.date(2027, 2, 4)) == []
    assert days(datetime.date(2027, 3, 1), datetime.date(2027, 3, 1)) == ["2027-03-01"]
