"""People whose draft is not submitted hear of the deadline three times, and not once it was submitted or is over."""

import datetime
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from applicants.models import Application
from applicants.reminders import last_morning
from applicants.services import keep_draft_dates, start_application, submit_application
from techforce.accounts.models import OpmRole, User
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.mail.mailer import send_due
from techforce.core.models import OutboxMessage, ReminderLedger
from techforce.program.services import extend_window
from tests.applicants.filling import open_cohort
from tests.factories.accounts import opm_staff
from tests.factories.applicants import ApplicantFactory, ApplicationDisciplineFactory
from tests.parallel import at_once

pytestmark = pytest.mark.django_db
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
BEGUN = datetime.datetime(2026, 10, 1, 15, tzinfo=datetime.UTC)
# A Thursday: one minute before midnight in Washington. Seven days before is a Thursday, two days before a Tuesday.
CLOSES = datetime.datetime(2026, 10, 30, 3, 59, tzinfo=datetime.UTC)
AT_NINE = {7: (10, 22), 2: (10, 27), 0: (10, 29)}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(BEGUN, tick=False) as traveller:
        yield traveller


def begun(zone: str = "America/New_York", cohort: Any = None) -> Application:
    person = ApplicantFactory(user__time_zone=zone)
    cohort = cohort or open_cohort("software", opens_at=BEGUN - DAY, closes_at=CLOSES)
    return start_application(applicant=person, cohort=cohort, by=person.user)


def time_passes(clock: Any, until: datetime.datetime) -> list[datetime.datetime]:
    """Beat and the worker at work, whenever something is due and once a day; returns when mails left."""
    left = []
    moment = datetime.datetime.now(datetime.UTC)
    while moment <= until:
        clock.move_to(moment, tick=False)
        keep_draft_dates(by=User.objects.system())
        reminders.sweep()
        before = len(mail.outbox)
        send_due()
        left += [moment] * (len(mail.outbox) - before)
        moment = min(due for due in [*awaited(), moment + DAY] if due > moment)
    return left


def awaited() -> list[datetime.datetime]:
    watched = Application.objects.filter(next_reminder_at__isnull=False).order_by("pk")
    waiting = OutboxMessage.objects.filter(delivery="pending").order_by("pk")
    return [
        *watched.values_list("next_reminder_at", flat=True),
        *waiting.values_list("not_before", flat=True),
    ]


def nine_in_washington(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 13, tzinfo=datetime.UTC)


def test_seven_and_two_days_before_and_on_the_last_morning_at_nine(clock: Any) -> None:
    begun()
    clock.move_to(BEGUN + 20 * DAY)

    assert time_passes(clock, CLOSES + 3 * DAY) == [nine_in_washington(*day) for day in AT_NINE.values()]


@pytest.mark.parametrize("days", range(1, 7))
def test_also_on_weekends_because_people_apply_in_their_own_time(clock: Any, days: int) -> None:
    """A deadline on each other day of the week; on November 1 the clocks go back."""
    closes = datetime.datetime(2026, 10, 29 + days, 23, 59, tzinfo=EASTERN) if days < 3 else None
    closes = closes or datetime.datetime(2026, 11, days - 2, 23, 59, tzinfo=EASTERN)
    begun(cohort=open_cohort("software", opens_at=BEGUN - DAY, closes_at=closes))
    clock.move_to(closes - 8 * DAY)

    left = [moment.astimezone(EASTERN) for moment in time_passes(clock, closes)]

    assert [((closes.date() - moment.date()).days, moment.hour) for moment in left] == [
        (7, 9),
        (2, 9),
        (0, 9),
    ]


def test_the_mail_names_the_deadline_in_its_own_zone_and_leads_to_the_draft(clock: Any) -> None:
    draft = begun("America/Denver")
    clock.move_to(nine_in_washington(10, 21) + 20 * HOUR)
    time_passes(clock, nine_in_washington(10, 22) + 3 * HOUR)

    (message,) = mail.outbox
    assert "October 29, 2026, 11:59 p.m. ET" in message.body.replace("\N{NO-BREAK SPACE}", " ")
    assert f"/apply/{draft.public_id}/review/" in message.body


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "America/Los_Angeles", "Asia/Tokyo", "Europe/Paris"])
def test_each_person_hears_in_their_own_morning_and_before_the_deadline(clock: Any, zone: str) -> None:
    begun(zone)
    clock.move_to(CLOSES - 9 * DAY)

    left = time_passes(clock, CLOSES + DAY)

    assert len(left) == 3
    assert left[-1] < CLOSES
    hours = [moment.astimezone(ZoneInfo(zone)).hour for moment in left]
    is_asleep_in_washington = zone == "Asia/Tokyo"  # the day must have begun there too
    assert hours == ([13] * 3 if is_asleep_in_washington else [9] * 3)


def test_a_deadline_at_noon_moves_the_last_morning_of_those_who_get_up_later() -> None:
    noon = datetime.datetime(2026, 10, 29, 16, tzinfo=datetime.UTC)

    assert last_morning(noon, "America/New_York") == datetime.date(2026, 10, 29)
    assert last_morning(noon, "Pacific/Honolulu") == datetime.date(2026, 10, 28)


@pytest.mark.parametrize("closes", [CLOSES, CLOSES + 4 * DAY, CLOSES - 16 * HOUR])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Midway", "Asia/Kolkata"])
def test_a_last_morning_is_never_after_the_deadline(closes: datetime.datetime, zone: str) -> None:
    """Also across the end of daylight-saving time on November 1."""
    day = last_morning(closes, zone)
    nine = datetime.datetime.combine(day, datetime.time(9), tzinfo=ZoneInfo(zone))

    assert nine < closes
    assert closes - nine < 2 * DAY


def test_nothing_after_submission(clock: Any) -> None:
    draft = begun()
    clock.move_to(BEGUN + 20 * DAY)
    time_passes(clock, nine_in_washington(10, 22) + HOUR)
    submit(draft)
    mail.outbox.clear()

    assert [m.subject for m in mail.outbox if "not submitted" in m.subject] == []
    time_passes(clock, CLOSES + DAY)
    assert [m.subject for m in mail.outbox if "not submitted" in m.subject] == []


def submit(draft: Application) -> None:
    ApplicationDisciplineFactory(
        application=draft, discipline=draft.cohort.cohort_disciplines.get().discipline, rank=1
    )
    Application.objects.filter(pk=draft.pk).update(
        is_us_citizen=True, is_adult=True, is_shareable=True, answers={"experience": "Five years."}
    )
    draft.refresh_from_db()
    submit_application(application=draft, is_certified=True, by=draft.applicant.user)


def test_submitted_between_the_sweep_and_the_mail(clock: Any) -> None:
    draft = begun()
    clock.move_to(nine_in_washington(10, 22) - 5 * HOUR)
    assert reminders.sweep() == 1
    submit(draft)
    clock.move_to(nine_in_washington(10, 22) + HOUR)

    while send_due():
        pass

    assert [m.subject for m in mail.outbox if "not submitted" in m.subject] == []
    assert OutboxMessage.objects.get(template_key="draft_reminder").delivery == "cancelled"


def test_nothing_after_the_deadline_though_beat_stood_still(clock: Any) -> None:
    begun()
    clock.move_to(CLOSES + HOUR)

    assert time_passes(clock, CLOSES + 5 * HOUR) == []


def test_after_days_without_beat_one_reminder_goes(clock: Any) -> None:
    begun()
    clock.move_to(nine_in_washington(10, 28))

    assert len(time_passes(clock, nine_in_washington(10, 28) + 8 * HOUR)) == 1


def test_who_begins_on_the_last_day_is_not_told_at_once(clock: Any) -> None:
    cohort = open_cohort("software", opens_at=BEGUN - DAY, closes_at=CLOSES)
    clock.move_to(CLOSES - 10 * HOUR)
    begun(cohort=cohort)

    assert time_passes(clock, CLOSES + HOUR) == []


@pytest.mark.parametrize("days", [1, 12])
def test_an_extension_moves_the_reminders_also_those_that_went(clock: Any, days: int) -> None:
    draft = begun()
    clock.move_to(BEGUN + 20 * DAY)
    time_passes(clock, nine_in_washington(10, 28))
    assert len(mail.outbox) == 2
    extend(draft, CLOSES + days * DAY)

    left = [when for when in time_passes(clock, CLOSES + (days + 1) * DAY) if when.minute == 0]

    assert len(left) == {1: 1, 12: 3}[days]  # beside the daily mail of those who extended
    draft.refresh_from_db()
    assert draft.reminder_cycle == 2
    assert left[-1].date() == {1: datetime.date(2026, 10, 30), 12: datetime.date(2026, 11, 10)}[days]


def extend(draft: Application, until: datetime.datetime) -> None:
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    extend_window(cohort=draft.cohort, until=until, reason_code="more_time", by=manager)


def test_what_is_queued_for_the_old_deadline_never_leaves(clock: Any) -> None:
    draft = begun()
    clock.move_to(nine_in_washington(10, 29) - 5 * HOUR)
    assert reminders.sweep() == 1
    extend(draft, CLOSES + 30 * DAY)
    clock.move_to(nine_in_washington(10, 29) + HOUR)

    send_due()  # before beat has dated the draft anew

    assert mail.outbox == []


def test_an_extension_after_an_outage_reaches_drafts_of_a_closed_window(clock: Any) -> None:
    draft = begun()
    clock.move_to(CLOSES + HOUR)
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    extend_window(cohort=draft.cohort, until=CLOSES + 4 * DAY, reason_code="site_outage", by=manager)

    left = time_passes(clock, CLOSES + 5 * DAY)

    assert left
    assert left[-1] < CLOSES + 4 * DAY


def test_dates_that_fit_are_left_alone() -> None:
    begun()

    assert keep_draft_dates(by=User.objects.system()) == 0


@pytest.mark.django_db(transaction=True)
def test_two_beats_and_four_workers_remind_once(clock: Any) -> None:
    begun()
    clock.move_to(nine_in_washington(10, 22))

    answers = at_once(6, lambda _n: (keep_draft_dates(by=User.objects.system()), reminders.sweep())[1])

    assert sum(answers) == 1
    assert ReminderLedger.objects.count() == OutboxMessage.objects.count() == 1
