"""A step that came back for correction: who hears of it, in which words, and when its own ladder says it already."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail

from agencies.models import AgencyRole
from placements import services
from placements.models import ChecklistItem
from placements.reminders.returned import returned_steps
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.mail import mailer
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.placements.people import words_of
from tests.placements.reminding import owner_of
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2027, 6, 7)
THANKSGIVING_WEEK = datetime.date(2027, 11, 22)
SUBJECT = "A step came back to you for correction in Tech Force"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(at(MONDAY), tick=False) as traveller:
        yield traveller


def at(day: datetime.date, hour: int = 11) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=EASTERN)


def returned(
    day: datetime.date = MONDAY, hour: int = 11, owner: str = "candidate", **fields: Any
) -> ChecklistItem:
    """Nobody has set a day for it, unless `fields` do."""
    return made.ChecklistItemFactory(  # type: ignore[return-value]
        status="returned",
        returned_at=at(day, hour),
        owner_role=owner,
        recorder_role="security_officer",
        **fields,
    )


def mails(clock: Any, first: datetime.date, days: int) -> list[Any]:
    for number in range(days):
        clock.move_to(at(first + number * DAY), tick=False)
        reminders.sweep()
        while mailer.send_due():
            pass
    return mail.outbox


def is_watched(item: ChecklistItem) -> bool:
    return item.pk in dict(returned_steps(ChecklistItem.objects.all()))


def test_the_mail_says_when_it_came_back_and_names_no_day_on_which_that_was_due(clock: Any) -> None:
    item = returned()
    (sent,) = [one for one in mails(clock, MONDAY, 4) if one.to == [owner_of(item).email]]
    assert sent.subject == SUBJECT
    assert "came back to you for correction in Tech Force on Monday, June 7, 2027" in sent.body
    assert "due" not in sent.body
    assert "/my/service/" in sent.body


def test_it_names_the_own_due_date_of_the_step(clock: Any) -> None:
    item = returned(due_on=MONDAY + 30 * DAY, undated_reason="")
    (sent,) = [one for one in mails(clock, MONDAY, 4) if one.to == [owner_of(item).email]]
    assert "It is due Wednesday, July 7, 2027." in sent.body


def test_a_step_that_came_back_on_a_weekend_came_back_on_that_day(clock: Any) -> None:
    item = returned(MONDAY - 2 * DAY)
    (sent, *_others) = [one for one in mails(clock, MONDAY, 4) if one.to == [owner_of(item).email]]
    assert "on Saturday, June 5, 2027" in sent.body


def test_staff_and_the_page_of_reminders_say_the_same_and_nothing_is_overdue(clock: Any) -> None:
    item = returned(owner="security_officer")
    officer = agency_member(AgencyRole.SECURITY_OFFICER, agency=item.checklist.placement.opening.agency)
    (digest,) = [one for one in mails(clock, MONDAY, 4) if one.to == [officer.email]]
    words = "Came back for correction on Monday, June 7, 2027"
    assert words in digest.body
    assert "Overdue" not in digest.body
    for content, _kind in digest.alternatives:
        assert words in content
        assert "Overdue" not in content
    page = words_of(Desk(officer).get("/reminders/"))
    assert words in page
    assert "Due June 7" not in page


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, False), (1, False), (7, False), (8, True)])
def test_its_own_ladder_says_it_within_five_business_days_and_when_it_is_late(
    days: int, is_told: bool
) -> None:
    item = returned(due_on=MONDAY + days * DAY, undated_reason="")
    assert is_watched(item) is is_told


@pytest.mark.parametrize(("days", "is_told"), [(8, False), (9, True)])
def test_a_holiday_among_them_is_no_business_day(days: int, is_told: bool) -> None:
    """Thanksgiving; and 22:00 in Washington is the next day in the database."""
    item = returned(THANKSGIVING_WEEK, 22, due_on=THANKSGIVING_WEEK + days * DAY, undated_reason="")
    assert is_watched(item) is is_told


def test_whoever_stands_in_for_the_owner_gets_a_page_that_opens(clock: Any) -> None:
    """HR hears of it where nobody holds the role, and may not open a step of vetting."""
    item = returned(owner="security_officer", checklist__area="vetting")
    hr: User = agency_member(AgencyRole.HR_SPECIALIST, agency=item.checklist.placement.opening.agency)
    (digest,) = [one for one in mails(clock, MONDAY, 4) if one.to == [hr.email]]
    path = f"/agency/placements/{item.checklist.placement.public_id}/"
    assert path in digest.body
    assert Desk(hr).get(path).status_code == 200


def test_during_service_a_step_that_stopped_nothing_is_returned_and_the_others_are_corrected() -> None:
    serving = {
        "checklist__placement__status": "active",
        "checklist__placement__entry_recorded_at": at(MONDAY),
    }
    item: Any = made.DoneItemFactory(gate="none", recorder_role="security_officer", **serving)
    gate: Any = made.DoneItemFactory(
        gate="firm_offer", recorder_role="security_officer", checklist=item.checklist, step__code="V02"
    )
    made.ChecklistFactory(placement=item.checklist.placement, area="vetting")  # without both nobody serves
    officer = agency_member(AgencyRole.SECURITY_OFFICER, agency=item.checklist.placement.opening.agency)
    seat = Desk(officer)
    assert "Return for correction" in words_of(seat.get(f"/agency/steps/{item.public_id}/"))
    assert "Return for correction" not in words_of(seat.get(f"/agency/steps/{gate.public_id}/"))
    services.send_item_back(item=item, reason_code="incomplete", by=officer)
    item.refresh_from_db()
    assert item.status == "returned"
