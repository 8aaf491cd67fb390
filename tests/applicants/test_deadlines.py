"""The deadline to the second, in its own zone, also where the clocks change; and moved later by OPM, for everybody or
for one person."""

import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from applicants import tasks
from applicants.models import Application, DeadlineExtension
from applicants.services import (
    drafts_of,
    extend_deadline,
    extend_for_one,
    submit_application,
    tell_new_deadlines,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.mail.mailer import send_due
from techforce.core.models import AuditEvent, OutboxMessage
from techforce.program.models import WindowExtension
from techforce.program.services import close_past_cohorts
from tests.applicants.filling import Person, at, draft, open_cohort, words
from tests.factories.accounts import opm_staff
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

SECOND, MINUTE, HOUR, DAY = (
    datetime.timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days")
)
WINDOW = 20 * DAY

# What the wall says when the window closes, and the same instant in UTC.
ACROSS_CLOCK_CHANGES = [
    # The day before, and the day on which, summer time ends in the East (November 1, 2026, at 2 a.m.).
    ("America/New_York", datetime.datetime(2026, 10, 31, 23, 59, 59), "2026-11-01T03:59:59+00:00"),
    ("America/New_York", datetime.datetime(2026, 11, 1, 23, 59, 59), "2026-11-02T04:59:59+00:00"),
    # The day on which it begins (March 14, 2027).
    ("America/New_York", datetime.datetime(2027, 3, 14, 23, 59, 59), "2027-03-15T03:59:59+00:00"),
    # A zone that never changes, on the same days.
    ("America/Phoenix", datetime.datetime(2026, 11, 1, 23, 59, 59), "2026-11-02T06:59:59+00:00"),
]


def closing_at(zone: str, wall: datetime.datetime) -> Application:
    """A complete draft of a cohort that closes when the clock in that zone says so."""
    closes_at = wall.replace(tzinfo=ZoneInfo(zone))
    cohort = open_cohort("software", opens_at=closes_at - WINDOW, closes_at=closes_at, time_zone=zone)
    return draft(cohort=cohort)


@pytest.mark.parametrize("way", ["by page", "by a direct POST"])
@pytest.mark.parametrize(("seconds", "status"), [(-1, "submitted"), (0, "draft"), (1, "draft")])
@pytest.mark.parametrize(("zone", "wall", "in_utc"), ACROSS_CLOCK_CHANGES)
def test_a_second_decides_in_the_announced_zone(
    zone: str, wall: datetime.datetime, in_utc: str, seconds: int, status: str, way: str
) -> None:
    closes_at = datetime.datetime.fromisoformat(in_utc)
    with time_machine.travel(closes_at - MINUTE, tick=False) as clock:
        application = closing_at(zone, wall)
        assert application.cohort.closes_at == closes_at
        person = Person(application.applicant.user)
        address = at(application, "review")
        page = person.get(address)
        clock.move_to(closes_at + seconds * SECOND, tick=False)
        if way == "by page":
            person.fill(address, page, certify="on")
        else:
            person.post(address, {"certify": "on", "key": str(uuid4())})
    application.refresh_from_db()

    assert application.status == status


def test_what_is_shown_is_the_zone_that_was_announced() -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC), tick=False):
        application = closing_at("America/Denver", datetime.datetime(2026, 11, 1, 23, 59, 59))
        page = words(Person(application.applicant.user).get(at(application, "review")))

    assert "November 1, 2026, 11:59 p.m. MT" in page.replace("\N{NO-BREAK SPACE}", " ")


# ── OPM moves it later ────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def late() -> Any:
    """A draft, an hour after its window closed; the clock."""
    application = draft()
    with time_machine.travel(application.cohort.closes_at + HOUR, tick=False) as clock:
        yield application, clock


def manager_page(application: Application, act: str) -> tuple[Desk, str]:
    address = f"/admin/program/cohort/{application.cohort_id}/act/{act}/"
    return Desk(opm_staff(OpmRole.PROGRAM_MANAGER)), address


def on_the_wall(moment: datetime.datetime, zone: str = "America/New_York") -> dict[str, str]:
    local = moment.astimezone(ZoneInfo(zone))
    return {"day": f"{local:%Y-%m-%d}", "time": "23:59"}


def sent_to(application: Application) -> list[Any]:
    while send_due():
        pass
    return [message for message in mail.outbox if application.applicant.user.email in message.to]


def test_an_outage_opens_the_window_again_for_everybody_and_is_logged_once(late: Any) -> None:
    application, _clock = late
    close_past_cohorts(by=opm_staff(OpmRole.PROGRAM_MANAGER))
    assert "Not submitted" in words(Person(application.applicant.user).get("/apply/"))
    desk, address = manager_page(application, "extend")
    assert "1 draft" in desk.get(address).content.decode()

    later = on_the_wall(application.cohort.closes_at + 2 * DAY)
    answer = desk.post(address, later | {"reason_code": "site_outage"}, follow=True)

    assert "gets a mail within the next minutes" in answer.content.decode()
    tasks.keep_draft_dates()
    extension = WindowExtension.objects.get()
    assert (extension.kind, extension.reason_code) == ("outage", "site_outage")
    application.refresh_from_db()
    (message,) = sent_to(application)
    assert message.subject == "You have more time to submit your application"
    assert "11:59 p.m. ET" in message.body.replace("\N{NO-BREAK SPACE}", " ")
    person = Person(application.applicant.user)
    person.fill(at(application, "review"), certify="on")
    application.refresh_from_db()
    assert application.status == "submitted"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason_code": "more_time"}, "Only an outage"),
        ({"reason_code": ""}, "Error"),
        ({"day": "2020-01-01", "reason_code": "site_outage"}, "only move later"),
        ({"days": "90", "reason_code": "site_outage"}, "60 days at most"),
    ],
)
def test_an_extension_that_cannot_be_is_refused(late: Any, changes: dict[str, str], sentence: str) -> None:
    application, _clock = late
    desk, address = manager_page(application, "extend")
    wall = on_the_wall(application.cohort.closes_at + int(changes.get("days", 2)) * DAY)

    answer = desk.post(address, wall | changes)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not WindowExtension.objects.exists()


@pytest.mark.parametrize("role", [OpmRole.REVIEWER, OpmRole.HR_DECIDER, OpmRole.AUDITOR])
def test_only_the_program_office_moves_a_deadline(role: str) -> None:
    application = draft()
    later = {"cohort": application.cohort, "until": application.cohort.closes_at + DAY, "by": opm_staff(role)}

    with pytest.raises(NotPermitted):
        extend_deadline(reason_code="more_time", **later)
    with pytest.raises(NotPermitted):
        extend_for_one(reference_number=application.reference_number, reason_code="site_outage", **later)


def test_nobody_is_told_twice_and_nobody_who_submitted(late: Any) -> None:
    application, clock = late
    clock.move_to(application.cohort.closes_at - HOUR, tick=False)
    manager, until = opm_staff(OpmRole.PROGRAM_MANAGER), application.cohort.closes_at + DAY
    extend_deadline(cohort=application.cohort, until=until, reason_code="more_time", by=manager)
    tasks.keep_draft_dates()
    submit_application(application=application, is_certified=True, by=application.applicant.user)

    subjects = [message.subject for message in sent_to(application)]

    assert "You have more time to submit your application" not in subjects
    assert not drafts_of(application.cohort).exists()


def test_an_extension_queues_mails_by_the_worker_once_a_draft(late: Any) -> None:
    application, clock = late
    clock.move_to(application.cohort.closes_at - HOUR, tick=False)
    own = draft(cohort=application.cohort)
    more_time_for(own, application.cohort.closes_at + 9 * DAY)
    drafts = [application, draft(cohort=application.cohort)]
    until = application.cohort.closes_at + DAY
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    queued = OutboxMessage.objects.filter(template_key="deadline_moved").exclude(subject_id=own.pk)
    extend_deadline(cohort=application.cohort, until=until, reason_code="more_time", by=manager)
    assert not queued.exists()
    clock.shift(HOUR / 2)
    draft(cohort=application.cohort)

    assert tell_new_deadlines(by=User.objects.system()) == 2
    assert tell_new_deadlines(by=User.objects.system()) == 0

    assert sorted(queued.values_list("subject_id", flat=True)) == sorted(row.pk for row in drafts)
    extend_deadline(cohort=application.cohort, until=until + DAY, reason_code="more_time", by=manager)
    assert tell_new_deadlines(by=User.objects.system()) == 3


# ── For one person ────────────────────────────────────────────────────────────────────────────────
def more_time_for(application: Application, until: datetime.datetime) -> DeadlineExtension:
    return extend_for_one(
        cohort=application.cohort,
        reference_number=f" {application.reference_number.lower()} ",
        until=until,
        reason_code="sign_in_outage",
        by=opm_staff(OpmRole.PROGRAM_MANAGER),
    )


@pytest.mark.parametrize("is_closed", [False, True])
def test_one_person_gets_more_time_and_nobody_else(late: Any, is_closed: bool) -> None:
    application, _clock = late
    other = draft(cohort=application.cohort)
    if is_closed:
        close_past_cohorts(by=opm_staff(OpmRole.PROGRAM_MANAGER))
    desk, address = manager_page(application, "extend_one")
    later = on_the_wall(application.cohort.closes_at + 2 * DAY)

    answer = desk.post(
        address,
        later | {"reason_code": "sign_in_outage", "reference_number": application.reference_number},
        follow=True,
    )

    assert "The person has more time" in answer.content.decode()
    assert AuditEvent.objects.filter(action="applicants.application:extend").count() == 1
    assert DeadlineExtension.objects.get().application == application
    person = Person(application.applicant.user)
    assert "Not submitted yet" in words(person.get(at(application, "review")))
    person.fill(at(application, "review"), certify="on")
    application.refresh_from_db()
    assert application.status == "submitted"
    other.refresh_from_db()
    assert "Not submitted" in words(Person(other.applicant.user).get("/apply/"))
    with pytest.raises(TransitionRefused, match="window to apply is closed"):
        submit_application(application=other, is_certified=True, by=other.applicant.user)
    assert [message.subject for message in sent_to(other)] == []


@pytest.mark.parametrize(("seconds", "status"), [(-1, "submitted"), (0, "draft"), (1, "draft")])
def test_the_own_deadline_too_is_kept_to_the_second(late: Any, seconds: int, status: str) -> None:
    application, clock = late
    until = application.cohort.closes_at + 2 * DAY
    more_time_for(application, until)

    clock.move_to(until + seconds * SECOND, tick=False)
    Person(application.applicant.user).post(at(application, "review"), {"certify": "on", "key": str(uuid4())})

    application.refresh_from_db()
    assert application.status == status


def test_the_last_morning_reminds_of_the_own_deadline(late: Any) -> None:
    application, _clock = late
    until = application.cohort.closes_at + 3 * DAY
    stranger = draft()  # of another cohort, with a date that beat has still to mend
    Application.objects.filter(pk=stranger.pk).update(due_on=None)
    more_time_for(application, until)

    application.refresh_from_db()
    stranger.refresh_from_db()
    assert stranger.due_on is None
    assert application.due_on is not None
    assert (until.date() - application.due_on).days <= 1
    assert application.next_reminder_at is not None
    assert application.next_reminder_at < until


def test_an_own_extension_is_for_an_outage_of_a_draft(late: Any) -> None:
    application, _clock = late
    until = application.cohort.closes_at + 2 * DAY
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    wanted = {"cohort": application.cohort, "until": until, "by": manager}

    for number, reason in (("TF-0", "site_outage"), (application.reference_number, "more_time")):
        with pytest.raises(Refused):
            extend_for_one(reference_number=number, reason_code=reason, **wanted)
    extension = more_time_for(application, until)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DeadlineExtension.objects.filter(pk=extension.pk).update(new_closes_at=until + DAY)
