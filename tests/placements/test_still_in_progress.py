"""While the investigator or the adjudicator has a case, its person hears once a month that it is still in progress."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail

from placements import services
from placements.models import ChecklistItem
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.mail import mailer
from techforce.core.models import OutboxMessage, ReminderLedger
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.placements.people import read
from tests.placements.reminding import agency_of, owner_of

pytestmark = pytest.mark.django_db

HANDED_ON = datetime.date(2026, 10, 5)
DAY = datetime.timedelta(days=1)
SUBJECT = "Still in progress: Tech Force"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(at(HANDED_ON), tick=False) as traveller:
        yield traveller


def at(day: datetime.date, hour: int = 11) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=EASTERN)


def investigation(**fields: Any) -> ChecklistItem:
    """Handed on October 5; nobody has a goal for it, so that no other reminder is sent."""
    item = made.ChecklistItemFactory(
        step__code="V17",
        step__depends_on=["V13"],
        owner_role="investigator",
        recorder_role="security_officer",
        **fields,
    )
    made.DoneItemFactory(checklist=item.checklist, step__code="V13", effective_on=HANDED_ON)
    return item


def notes(clock: Any, first: int, last: int) -> list[str]:
    """The days on which the person gets one, from `first` to `last` day after it was handed on."""
    found = []
    for number in range(first, last + 1):
        clock.move_to(at(HANDED_ON + number * DAY), tick=False)
        before = len(mail.outbox)
        reminders.sweep()
        while mailer.send_due():
            pass
        found += [f"+{number}" for sent in mail.outbox[before:] if sent.subject == SUBJECT]
    return found


def test_the_person_hears_once_a_month_and_in_neutral_words(clock: Any) -> None:
    item = investigation()
    assert notes(clock, 1, 95) == ["+30", "+60", "+91"]  # the last one falls on a Sunday
    assert {sent.to[0] for sent in mail.outbox} == {owner_of(item).email}
    for word in ("investigat", "adjudicat", "clearance", "V17"):
        assert word not in mail.outbox[0].body


def test_it_ends_with_the_step_also_when_it_waits_for_the_morning(clock: Any) -> None:
    item = investigation()
    clock.move_to(at(HANDED_ON + 30 * DAY, hour=1), tick=False)
    reminders.sweep()
    assert OutboxMessage.objects.filter(template_key="still_in_progress", delivery="pending").count() == 1
    officer = agency_member("security_officer", agency=agency_of(item))
    services.complete_item(item=item, outcome="recorded", effective_on=HANDED_ON + 29 * DAY, by=officer)
    assert notes(clock, 30, 95) == []


def test_it_goes_on_while_the_adjudicator_has_it_and_keeps_its_month(clock: Any) -> None:
    item = investigation()
    decision = made.ChecklistItemFactory(
        checklist=item.checklist,
        step__code="V18",
        step__depends_on=["V17"],
        owner_role="adjudicator",
        recorder_role="security_officer",
    )
    assert notes(clock, 1, 31) == ["+30"]
    ChecklistItem.objects.filter(pk=item.pk).delete()
    made.DoneItemFactory(
        checklist=item.checklist,
        step__code="V17",
        owner_role="investigator",
        step__depends_on=["V13"],
        effective_on=HANDED_ON + 20 * DAY,
    )
    assert notes(clock, 32, 61) == ["+60"]
    ChecklistItem.objects.filter(pk=decision.pk).delete()
    assert notes(clock, 62, 95) == []


def test_nobody_hears_of_it_before_it_was_handed_on(clock: Any) -> None:
    item = investigation()
    item.checklist.items.filter(code="V13").delete()
    assert notes(clock, 1, 40) == []


def test_two_notes_are_a_month_apart_however_its_beginning_moves(clock: Any) -> None:
    item = investigation()
    assert notes(clock, 1, 30) == ["+30"]
    first = item.checklist.items.get(code="V13")
    first.delete()
    made.DoneItemFactory(checklist=item.checklist, step__code="V13", effective_on=HANDED_ON - 25 * DAY)
    assert notes(clock, 31, 57) == []


def test_it_is_news_and_not_a_task(clock: Any) -> None:
    item = investigation()
    assert notes(clock, 1, 31) == ["+30"]
    assert ReminderLedger.objects.filter(rule="still_in_progress").exists()
    assert "Nothing is open" in read(owner_of(item), "/reminders/")
