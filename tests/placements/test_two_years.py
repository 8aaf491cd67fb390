"""Every mail of two years of service, kind by kind: a list that somebody read line by line beside domain.md §6.2.

`WRITE_SNAPSHOTS=1` writes the lists anew; read what changed before you keep it.
"""

import datetime
import os
from collections import Counter
from pathlib import Path

import pytest
import time_machine

from placements.models import ChecklistItem
from placements.reminders.ladders import ladder_of_step
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.mail import mailer
from techforce.core.models import MessageClass, OutboxMessage, ReminderLedger
from techforce.core.reminders.current_ladders import thresholds_of
from tests.placements.two_years import START, Service

SNAPSHOTS = Path(__file__).parent / "snapshots"
A_MINUTE, A_WEEK = datetime.timedelta(minutes=1), datetime.timedelta(days=7)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["leave_of_absence", "separation", "outside"])
def test_the_mails_of_two_years_are_those_that_were_reviewed(kind: str) -> None:
    service = Service(kind)
    lines = "\n".join(service.run()) + "\n"
    file = SNAPSHOTS / f"{kind}.txt"
    if os.environ.get("WRITE_SNAPSHOTS"):
        file.write_text(lines, encoding="utf-8")
    assert service.refused == {}
    assert lines == file.read_text(encoding="utf-8")
    assert [line for line, times in Counter(service.lines).items() if times > 1] == []
    assert after_they_were_done() == []
    assert silent_on_their_day() == []
    assert_caps(service)


def items() -> dict[int, ChecklistItem]:
    return ChecklistItem.objects.select_related("step", "checklist__placement").in_bulk()


def told() -> list[ReminderLedger]:
    sent = ReminderLedger.objects.filter(rule="checklist_item", message__delivery="sent")
    return list(sent.select_related("message").order_by("pk"))


def after_they_were_done() -> list[str]:
    """Reminders of steps that were done already."""
    known = items()
    return [
        f"{known[entry.subject_id].code} {entry.threshold}"
        for entry in told()
        if (done_at := known[entry.subject_id].recorded_at) and done_at < entry.message.sent_at
    ]


def silent_on_their_day() -> list[str]:
    """Steps that were open on their date and of which nobody was told on it, although their ladder says so. Some have
    a date that lies before their checklist, or comes with the end of service."""
    mentioned = {(entry.subject_id, entry.threshold) for entry in told()}
    return [
        item.code
        for item in items().values()
        if item.due_on
        and item.recorded_at
        and item.recorded_at.astimezone(EASTERN).date() > item.due_on >= item.checklist.placement.starts_on
        and item.gate != "end"
        and "0d" in {rung.code for rung in thresholds_of(ladder_of_step(item.code))}
        and (item.pk, "0d") not in mentioned
    ]


def assert_caps(service: Service) -> None:
    """One daily mail for each of the staff. The person hears of one thing once a day, and once service began, when no
    deadline presses, at most once a day and three times a week."""
    sent = OutboxMessage.objects.filter(delivery="sent").order_by("sent_at")
    mine = sent.filter(recipient=service.person, message_class=MessageClass.REMINDER)
    said = Counter((key, when.date()) for key, when in mine.values_list("subject_id", "sent_at") if when)
    assert max(said.values()) == 1
    days = [when.astimezone(EASTERN).date() for when in mine.values_list("sent_at", flat=True) if when]
    serving = [day for day in days if day > START]
    assert len(serving) == len(set(serving))
    assert all(later - first >= A_WEEK for first, later in zip(serving, serving[3:], strict=False))
    digests = sent.filter(message_class=MessageClass.DIGEST).values_list("recipient", "sent_at__date")
    assert max(Counter(digests).values()) == 1


def test_nothing_happens_between_the_moments_to_which_the_clock_goes() -> None:
    """What makes the walk above as good as one minute by minute."""
    for moment in Service("outside").moments(datetime.date(2027, 1, 15)):
        with time_machine.travel(moment - A_MINUTE, tick=False):
            assert (reminders.sweep(), mailer.send_due()) == (0, 0), moment
