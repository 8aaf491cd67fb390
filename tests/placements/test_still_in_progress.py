"""While the investigator or the adjudicator has a case, its person hears once a month that it is still in progress."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements import services
from placements.models import ChecklistItem, Placement
from placements.reminders.progress import _reached, held_elsewhere
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


def test_interim_eligibility_is_moot_once_the_adjudication_is_done() -> None:
    """Its step stays open, because nobody has to take it any more."""
    item = made.ChecklistItemFactory(
        step__code="V14", step__depends_on=["V13"], owner_role="adjudicator", recorder_role="security_officer"
    )
    made.DoneItemFactory(checklist=item.checklist, step__code="V13", effective_on=HANDED_ON)
    assert dict(held_elsewhere(Placement.objects.all())) == {item.checklist.placement_id: HANDED_ON}
    made.DoneItemFactory(checklist=item.checklist, step__code="V18", effective_on=HANDED_ON)
    assert dict(held_elsewhere(Placement.objects.all())) == {}


def test_who_may_answer_a_notice_is_not_told_that_nothing_is_needed(clock: Any) -> None:
    item = investigation()
    made.ChecklistItemFactory(checklist=item.checklist, step__code="V10", status="under_due_process")
    assert notes(clock, 1, 31) == []


def test_who_serves_reads_of_a_check_and_of_no_way_into_the_program(clock: Any) -> None:
    item = investigation(
        gate="none",
        checklist__placement__status="active",
        checklist__placement__entry_recorded_at=at(HANDED_ON),
    )
    made.ChecklistFactory(placement=item.checklist.placement, area="vetting")  # without both nobody serves
    assert notes(clock, 1, 31) == ["+30"]
    (sent,) = [one for one in mail.outbox if one.to == [owner_of(item).email] and one.subject == SUBJECT]
    for text in (sent.body, *(content for content, _kind in sent.alternatives)):
        assert "still in progress while you serve" in text
        assert "Your way into" not in text


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


def test_of_people_whose_case_was_not_handed_on_no_step_is_read() -> None:
    """They are most, and everybody is asked about every few minutes: in as many queries for six as for two."""
    costs = []
    for people in (1, 3):
        held = [investigation() for _number in range(people)]
        for item in [investigation() for _number in range(people)]:
            item.checklist.items.filter(code="V13").delete()
        placements = Placement.objects.filter(checklists__items__code="V17")
        assert {item.checklist.placement_id for item in held} <= set(
            _reached(placements).values_list("pk", flat=True)
        )
        assert _reached(placements).exclude(checklists__items__code="V13").count() == 0
        with CaptureQueriesContext(connection) as queries:
            assert dict(held_elsewhere(placements)).keys() >= {item.checklist.placement_id for item in held}
        costs.append(len(queries))
    assert costs == [3, 3]
