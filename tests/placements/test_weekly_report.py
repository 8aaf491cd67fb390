"""Level 4 of the ladder: once a week, in numbers by agency, for those who run the program (domain.md §6.3 rule 1)."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail

from placements.models import ChecklistItem
from placements.reminders.overdue import overdue_by_agency
from placements.reminders.weekly import WEEKLY_OVERDUE, report_day
from techforce.accounts.models import OpmRole, User
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.closures import forget_closures
from techforce.core.mail import mailer
from techforce.core.models import Closure, ReminderLedger
from tests.accounts.visitor import Visitor
from tests.factories.accounts import give_second_factor, opm_staff
from tests.placements.reminding import DUE, agency_of, beside, owner_of, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

MONDAY = datetime.date(2027, 1, 25)
"""Twenty-six days after the steps were due: the program office heard of them at twenty-one."""


@pytest.fixture(autouse=True)
def _closures_as_they_stand() -> Iterator[None]:
    """They are remembered from one test to the next."""
    forget_closures()
    yield
    forget_closures()


@pytest.fixture
def manager() -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


def late_step() -> ChecklistItem:
    """A step of the ladder that ends with the program office."""
    return step("A01", "hr_specialist")


def reports(first: datetime.date, last: datetime.date) -> list[str]:
    """The days on which a report went."""
    went, day = [], first
    while day <= last:
        for hour in (9, 15):
            with time_machine.travel(datetime.datetime.combine(day, datetime.time(hour, 5), tzinfo=EASTERN)):
                mail.outbox.clear()
                reminders.sweep()
                mailer.send_due()
            went += [day.isoformat() for message in mail.outbox if "overdue in Tech Force" in message.subject]
        day += datetime.timedelta(days=1)
    return went


def noon(day: datetime.date) -> time_machine.travel:
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(12), tzinfo=EASTERN))


def test_one_report_a_week_on_its_first_work_day_as_long_as_something_is_that_late(manager: User) -> None:
    item = late_step()
    # 18 January and 15 February are holidays; the step is late enough from 20 January on.
    assert reports(datetime.date(2027, 1, 19), datetime.date(2027, 1, 26)) == ["2027-01-25"]
    assert reports(datetime.date(2027, 2, 15), datetime.date(2027, 2, 17)) == ["2027-02-16"]

    ChecklistItem.objects.filter(pk=item.pk).update(due_on=datetime.date(2027, 3, 30))
    assert reports(datetime.date(2027, 2, 22), datetime.date(2027, 2, 23)) == []
    assert ReminderLedger.objects.filter(rule=WEEKLY_OVERDUE, threshold="0d").count() == 4


def test_it_holds_agencies_and_numbers_and_no_name(manager: User) -> None:
    item = late_step()
    beside(item, "A02", "hr_specialist")
    with noon(MONDAY):
        reminders.sweep()
        mailer.send_due()

    (report,) = [message for message in mail.outbox if message.to == [manager.email]]
    assert f"- {agency_of(item).name}: 2, the oldest due December 30, 2026" in report.body
    assert "/admin/overdue/" in report.body
    assert owner_of(item).full_name not in report.body
    assert item.code not in report.body


def test_after_an_outage_of_three_weeks_one_report_goes(manager: User) -> None:
    late_step()
    assert reports(MONDAY, MONDAY) == ["2027-01-25"]
    assert reports(datetime.date(2027, 2, 17), datetime.date(2027, 2, 19)) == ["2027-02-17"]


def test_an_office_that_closes_after_the_report_left_has_no_second_one(manager: User) -> None:
    """The first work day of the week moves, the report does not."""
    late_step()
    assert reports(MONDAY, MONDAY) == ["2027-01-25"]
    Closure.objects.create(on=MONDAY, reason="Snow")
    forget_closures()
    friday = MONDAY + datetime.timedelta(days=4)
    assert reports(MONDAY + datetime.timedelta(days=1), friday) == []
    monday = MONDAY + datetime.timedelta(days=7)
    assert reports(monday, monday) == ["2027-02-01"]


def test_only_those_who_run_the_program_get_it(manager: User) -> None:
    late_step()
    others = [opm_staff(role) for role in OpmRole if role != OpmRole.PROGRAM_MANAGER]
    with noon(MONDAY):
        reminders.sweep()
    told = set(ReminderLedger.objects.filter(rule=WEEKLY_OVERDUE).values_list("recipient", flat=True))
    assert told == {manager.pk}
    assert others


def test_what_only_the_agency_has_heard_of_is_not_counted_nor_what_is_settled() -> None:
    late_step()
    with noon(DUE + datetime.timedelta(days=20)):
        assert overdue_by_agency() == []
    with noon(MONDAY):
        (line,) = overdue_by_agency()
        assert (line.count, line.oldest_on) == (1, DUE)
    ChecklistItem.objects.all().update(due_on=MONDAY)
    with noon(MONDAY):
        assert overdue_by_agency() == []


def test_the_week_of_a_holiday_begins_on_its_first_work_day() -> None:
    assert report_day(datetime.date(2027, 1, 20)) == datetime.date(2027, 1, 19)
    assert report_day(datetime.date(2027, 1, 17)) == datetime.date(2027, 1, 11)
    assert report_day(MONDAY) == MONDAY


def test_the_page_shows_the_same_and_is_closed_to_others(manager: User) -> None:
    item = late_step()
    auditor = opm_staff(OpmRole.AUDITOR)
    for person in (manager, auditor):
        give_second_factor(person)
    with noon(MONDAY):
        desk, other = Visitor(), Visitor()
        desk.sign_in_fully(manager)
        other.sign_in_fully(auditor)
        page = desk.get("/admin/overdue/").content.decode()
        assert other.get("/admin/overdue/").status_code == 403

    assert f"{agency_of(item).name}</th>" in page
    assert f">{item.code}<" not in page
