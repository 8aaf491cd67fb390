"""“I am working on it”: the ladder rests, twice at most, never where the law sets the day, and the log says who."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from placements.models import ChecklistItem
from placements.reminders import CHECKLIST_ITEM
from placements.services import complete_item
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.errors import NotPermitted
from techforce.core.mail import mailer
from techforce.core.models import AuditEvent, MailChoice, ReminderLedger
from techforce.core.reminders import acknowledging
from tests.factories.agencies import agency_member
from tests.factories.partners import PartnerMembershipFactory
from tests.factories.placements import ChecklistItemFactory, LentPlacementFactory
from tests.placements.people import words_of
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DUE = datetime.date(2026, 11, 2)  # a Monday


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(moment("2026-10-26"), tick=False) as traveller:
        yield traveller


def moment(day: str, hour: int = 10) -> datetime.datetime:
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(hour), tzinfo=EASTERN)


def late_step(code: str = "V10", due_on: datetime.date = DUE, **fields: Any) -> tuple[ChecklistItem, User]:
    """Of the security officer, due on Monday, November 2."""
    item = ChecklistItemFactory(
        step__code=code, owner_role="security_officer", due_on=due_on, undated_reason="", **fields
    )
    reminders.watch_again(item, CHECKLIST_ITEM)
    return item, agency_member("security_officer", agency=item.checklist.placement.opening.agency)


def days_reminded(clock: Any, first: str, last: str) -> list[str]:
    """Every day on which a sweep finds something to say."""
    day, found = datetime.date.fromisoformat(first), []
    while day <= datetime.date.fromisoformat(last):
        clock.move_to(moment(day.isoformat()), tick=False)
        found += [day.isoformat()] * bool(reminders.sweep())
        day += datetime.timedelta(days=1)
    return found


def press(person: User) -> str:
    """The button of the latest reminder, as the page offers it."""
    entry = ReminderLedger.objects.filter(recipient=person).latest("pk")
    answer = Desk(person).post(f"/reminders/{entry.pk}/", follow=True)
    return " ".join(answer.content.decode().split())


def test_who_says_so_is_left_in_peace_for_three_work_days(clock: Any) -> None:
    _item, officer = late_step()
    assert days_reminded(clock, "2026-11-03", "2026-11-06") == ["2026-11-03"]
    clock.move_to(moment("2026-11-06"), tick=False)
    assert "I am working on it" in words_of(Desk(officer).get("/reminders/"))
    assert "before Thursday, November 12" in press(officer)  # Veterans Day between
    assert "Reminders rest until November 12" in words_of(Desk(officer).get("/reminders/"))
    assert days_reminded(clock, "2026-11-07", "2026-11-16")[:1] == ["2026-11-12"]


def test_without_an_answer_the_next_rung_comes_on_its_day(clock: Any) -> None:
    """The negative control of the test above."""
    late_step()
    assert days_reminded(clock, "2026-11-03", "2026-11-16")[:2] == ["2026-11-03", "2026-11-09"]


def test_the_log_says_who_and_when_and_until_when(clock: Any) -> None:
    item, officer = late_step()
    days_reminded(clock, "2026-11-03", "2026-11-03")
    press(officer)
    entry = ReminderLedger.objects.get(recipient=officer, threshold="+1d")
    assert (entry.acknowledged_at, entry.paused_until) == (moment("2026-11-03"), datetime.date(2026, 11, 6))
    event = AuditEvent.objects.get(action="core.reminder:acknowledge")
    assert (event.actor, event.subject_id) == (officer, item.pk)


def test_a_ladder_rests_twice_and_then_goes_on(clock: Any) -> None:
    _item, officer = late_step()
    for day in ("2026-11-03", "2026-11-09"):
        days_reminded(clock, day, day)
        assert "Noted" in press(officer)
    assert days_reminded(clock, "2026-11-10", "2026-11-18") == ["2026-11-16"]
    assert "I am working on it" not in words_of(Desk(officer).get("/reminders/"))
    assert "rested twice already" in press(officer)


def test_a_day_that_the_law_sets_does_not_rest(clock: Any) -> None:
    _item, officer = late_step(step__is_legal=True)
    days_reminded(clock, "2026-11-03", "2026-11-03")
    assert "so the reminders go on" in press(officer)
    assert days_reminded(clock, "2026-11-04", "2026-11-09") == ["2026-11-09"]


def test_nobody_answers_for_somebody_else(clock: Any) -> None:
    _item, officer = late_step()
    days_reminded(clock, "2026-11-03", "2026-11-03")
    entry = ReminderLedger.objects.get(recipient=officer)
    other = agency_member("hr_specialist")
    assert Desk(other).post(f"/reminders/{entry.pk}/").status_code == 404
    assert Desk(other).post(f"/reminders/{2**70}/").status_code == 404
    assert Client().post(f"/reminders/{entry.pk}/").status_code == 302
    with pytest.raises(NotPermitted):
        acknowledging.acknowledge(entry=entry, by=other)
    assert not ReminderLedger.objects.filter(acknowledged_at__isnull=False).exists()


def test_the_person_answers_by_doing_the_step(clock: Any) -> None:
    item = ChecklistItemFactory(owner_role="candidate", due_on=DUE, undated_reason="")
    reminders.watch_again(item, CHECKLIST_ITEM)
    days_reminded(clock, "2026-11-03", "2026-11-03")
    person = item.checklist.placement.applicant.user
    assert "I am working on it" not in words_of(Desk(person).get("/reminders/"))
    assert "nothing to answer here" in press(person)
    assert days_reminded(clock, "2026-11-04", "2026-11-16")[:1] == ["2026-11-09"]


def test_a_reminder_before_the_date_and_one_that_is_settled_offer_nothing(clock: Any) -> None:
    item, officer = late_step()
    days_reminded(clock, "2026-10-29", "2026-10-29")
    assert not acknowledging.standing_reminders(officer)[0].may_acknowledge
    ChecklistItem.objects.filter(pk=item.pk).delete()
    assert acknowledging.standing_reminders(officer) == []


def test_what_is_settled_meanwhile_is_not_answered_any_more(clock: Any) -> None:
    """The page was opened before; the button on it is pressed afterwards."""
    item, officer = late_step(step__outcomes=["recorded"])
    days_reminded(clock, "2026-11-03", "2026-11-03")
    official = agency_member("ethics_official", agency=item.checklist.placement.opening.agency)
    complete_item(item=item, outcome="recorded", effective_on=DUE, by=official)
    assert "nothing to answer here" in press(officer)


def test_a_page_of_many_costs_as_many_queries_as_one_of_few_and_shows_the_newest(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, officer = late_step()
    questions = []
    for count in (1, 3):
        for n in range(count):
            more = ChecklistItemFactory(
                checklist=item.checklist,
                step__code=f"V9{count}{n}",
                owner_role="security_officer",
                due_on=DUE,
                undated_reason="",
            )
            reminders.watch_again(more, CHECKLIST_ITEM)
        clock.move_to(moment(f"2026-11-{2 + count:02}"), tick=False)
        reminders.sweep()
        with CaptureQueriesContext(connection) as captured:
            standing = acknowledging.standing_reminders(User.objects.get(pk=officer.pk))
        questions.append(len(captured))
    assert len(standing) == 5
    assert all(each.may_acknowledge for each in standing)
    assert questions[0] == questions[1]
    monkeypatch.setattr(acknowledging, "SHOWN_AT_MOST", 2)
    newest = sorted(each.entry.pk for each in standing)[-2:]
    assert [each.entry.pk for each in acknowledging.standing_reminders(officer)] == newest


# ── Where the step itself stands ──────────────────────────────────────────────────────────────────
def test_the_step_and_its_row_on_the_workbench_offer_it_and_one_comes_back_there(clock: Any) -> None:
    item, officer = late_step(checklist__area="vetting")
    page = f"/agency/steps/{item.public_id}/"
    assert "I am working on it" not in words_of(Desk(officer).get(page))
    days_reminded(clock, "2026-11-03", "2026-11-03")
    desk = Desk(officer)
    entry = ReminderLedger.objects.get(recipient=officer)
    for shown in (page, "/agency/vetting/"):
        answer = desk.get(shown)
        assert "I am working on it" in words_of(answer)
        assert f"/reminders/{entry.pk}/" in answer.content.decode()
    said = desk.post(f"/reminders/{entry.pk}/", {"from": page})
    assert said.headers["Location"] == page
    assert "I am working on it" not in words_of(desk.get(page))
    assert "I am working on it" not in words_of(desk.get("/agency/vetting/"))


@pytest.mark.parametrize("page", ["//elsewhere.example/", "https://elsewhere.example/", "javascript:1", ""])
def test_nobody_is_led_elsewhere_by_it(clock: Any, page: str) -> None:
    _item, officer = late_step()
    days_reminded(clock, "2026-11-03", "2026-11-03")
    entry = ReminderLedger.objects.get(recipient=officer)
    assert Desk(officer).post(f"/reminders/{entry.pk}/", {"from": page}).headers["Location"] == "/reminders/"


def test_a_single_mail_about_something_late_says_where_to_answer(clock: Any) -> None:
    placement = LentPlacementFactory()
    coordinator = PartnerMembershipFactory(partner=placement.nomination.partner).user
    item = ChecklistItemFactory(
        checklist__placement=placement, step__code="A05", owner_role="partner", due_on=DUE, undated_reason=""
    )
    reminders.watch_again(item, CHECKLIST_ITEM)
    for day, is_late in (("2026-11-02", False), ("2026-11-03", True)):
        days_reminded(clock, day, day)
        while mailer.send_due():
            pass
        (sent,) = (found for found in mail.outbox if coordinator.email in found.to)
        assert ("/reminders/" in sent.body) is is_late
        mail.outbox.clear()


# ── Mails that one may do without ─────────────────────────────────────────────────────────────────
LATER = datetime.date(2027, 1, 4)  # A27 reminds 60 and 30 days ahead, then on its day


def test_early_reminders_may_be_left_out_and_the_rest_comes(clock: Any) -> None:
    _item, officer = late_step("A27", LATER)
    Desk(officer).post("/reminders/mails/", {"early": "no"})
    assert MailChoice.objects.get(user=officer).has_early_reminders is False
    assert days_reminded(clock, "2026-10-27", "2027-01-05") == ["2027-01-04"]


def test_what_the_law_requires_cannot_be_switched_off(clock: Any) -> None:
    _item, officer = late_step("A27", LATER, step__is_legal=True)
    Desk(officer).post("/reminders/mails/", {"early": "no"})
    assert days_reminded(clock, "2026-10-27", "2027-01-05") == ["2026-11-05", "2026-12-04", "2027-01-04"]


def test_early_reminders_come_unless_somebody_leaves_them_out(clock: Any) -> None:
    """Negative control; an answer that no page offers changes nothing."""
    _item, officer = late_step("A27", LATER)
    assert Desk(officer).post("/reminders/mails/", {"early": "never"}).status_code == 400
    assert days_reminded(clock, "2026-10-27", "2026-12-05") == ["2026-11-05", "2026-12-04"]
