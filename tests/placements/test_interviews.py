"""An agency fixes, moves, cancels and records an interview; the person's calendar follows."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from icalendar import Calendar

from applicants.models import Interview
from applicants.reminders import booked_interviews
from applicants.services import lapse_expired, request_withdrawal, withdraw_due
from placements import services, tasks
from placements.models import Referral, Selection
from placements.services.interviews import interviews_of
from techforce.accounts.models import User
from techforce.accounts.services import close_account
from techforce.core.calendar import today
from techforce.core.mail.mailer import send_due
from techforce.core.models import AuditEvent, OutboxMessage
from techforce.core.workflow import transition
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import AgencyInterviewFactory
from tests.placements.agency_room import (
    ETHICS,
    HR,
    MANAGER,
    SUPERVISOR,
    VIEWER,
    desk,
    first_entry,
    page_of,
    referred,
)
from tests.placements.people import client_of, read, words_of
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(2026, 10, 26, 15, tzinfo=datetime.UTC)
# The Monday after the clocks go back on November 1, 2026.
ANSWERS = {
    "day": "2026-11-02",
    "time": "10:00",
    "time_zone": "America/New_York",
    "minutes": "45",
    "mode": "video",
    "place": "https://meet.example/a,b;c",
}


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def considered() -> tuple[Referral, Desk, str]:
    referral = referred()
    seat, page = desk(MANAGER, referral.opening), page_of(referral)
    seat.post(f"{page}propose/")
    return referral, seat, page


def scheduled(**changes: str) -> tuple[Referral, Desk, Interview]:
    referral, seat, page = considered()
    answer = seat.post(f"{page}schedule/", ANSWERS | changes, follow=True)
    assert "The interview is scheduled" in words_of(answer)
    return referral, seat, Interview.objects.get()


def person_on(referral: Referral) -> Any:
    return first_entry(referral).application.applicant.user


def file_of(user: Any, interview: Interview) -> tuple[Any, Any]:
    answer = client_of(user).get(f"/interviews/{interview.public_id}/interview.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def act(seat: Desk, interview: Interview, name: str, **answers: str) -> Any:
    """With the version that `interview` has here."""
    answers = {"version": str(interview.version)} | answers
    return seat.post(f"/agency/interviews/{interview.public_id}/{name}/", answers, follow=True)


def test_scheduling_moves_the_selection_on_and_tells_the_person() -> None:
    referral, _seat, _interview = scheduled()
    while send_due():
        pass

    assert Selection.objects.get(opening=referral.opening).status == "interviewing"
    page = read(person_on(referral))
    assert "November 2, 2026, 10 a.m. ET" in page
    address = '<a href="https://meet.example/a,b;c" rel="noopener noreferrer">meet.example</a>'
    assert address in client_of(person_on(referral)).get("/my/").content.decode()
    (message,) = [m for m in mail.outbox if "interview" in m.subject]
    assert "November 2, 2026, 10 a.m. ET" in message.body.replace("\N{NO-BREAK SPACE}", " ")
    assert "meet.example" not in message.body
    assert str(referral.opening.agency) not in message.body


def test_the_calendar_file_says_the_hour_on_the_wall_in_its_zone() -> None:
    """Eastern standard time begins the day before, so ten o'clock is 15:00 UTC and not 14:00."""
    referral, _seat, interview = scheduled()

    calendar, event = file_of(person_on(referral), interview)

    assert event["DTSTART"].params["TZID"] == "America/New_York"
    assert event.decoded("DTSTART") == datetime.datetime(2026, 11, 2, 15, tzinfo=datetime.UTC)
    assert event.decoded("DTEND") - event.decoded("DTSTART") == datetime.timedelta(minutes=45)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]
    assert (str(calendar["METHOD"]), str(event["SUMMARY"])) == ("PUBLISH", "Tech Force: interview")
    assert str(event["LOCATION"]) == "https://meet.example/a,b;c"
    assert b"https://meet.example/a\\,b\\;c" in calendar.to_ical()


def test_a_moved_interview_is_the_same_entry_in_a_later_version() -> None:
    referral, seat, interview = scheduled()
    before = file_of(person_on(referral), interview)[1]

    answer = act(seat, interview, "move", **ANSWERS | {"time": "2:30 PM", "time_zone": "America/Chicago"})

    assert "The interview was moved" in words_of(answer)
    after = file_of(person_on(referral), interview)[1]
    assert str(after["UID"]) == str(before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].params["TZID"] == "America/Chicago"
    assert "2:30 p.m. CT" in read(person_on(referral))


def test_a_cancelled_interview_leaves_the_page_and_its_file_takes_it_out() -> None:
    referral, seat, interview = scheduled()
    before = file_of(person_on(referral), interview)[1]

    act(seat, interview, "cancel", reason_code="panel_unavailable")

    calendar, event = file_of(person_on(referral), interview)
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (str(event["UID"]), event["SEQUENCE"] > before["SEQUENCE"]) == (str(before["UID"]), True)
    assert "Interviews" not in read(person_on(referral))
    while send_due():
        pass
    assert [m.subject for m in mail.outbox if "interview" in m.subject] == ["Your interview is cancelled"]
    assert "panel" not in mail.outbox[-1].body.lower()


def test_one_mail_a_change_and_none_for_what_was_changed_again() -> None:
    _referral, seat, interview = scheduled()
    act(seat, interview, "move", **ANSWERS | {"time": "11:00"})

    while send_due():
        pass

    (message,) = [m for m in mail.outbox if "interview" in m.subject]
    assert "11 a.m. ET" in message.body.replace("\N{NO-BREAK SPACE}", " ")


def test_what_is_sent_twice_moves_once() -> None:
    _referral, seat, interview = scheduled()

    for _time in range(3):
        assert "The interview was moved" in words_of(
            act(seat, interview, "move", **ANSWERS | {"time": "11:00"})
        )

    assert AuditEvent.objects.about(interview).filter(action="applicants.interview:move").count() == 1
    assert (
        OutboxMessage.objects.filter(template_key="interview_changed").count() == 2
    )  # fixed, and moved once


def test_an_older_page_does_not_undo_what_a_colleague_moved() -> None:
    _referral, seat, interview = scheduled()
    act(seat, interview, "move", **ANSWERS | {"time": "11:00"})

    answer = act(seat, interview, "move", **ANSWERS | {"time": "13:00"})

    assert answer.status_code == 409
    assert "Someone else saved this" in words_of(answer)
    interview.refresh_from_db()
    assert interview.starts_at.hour == 16
    # The page opened again knows the later version.
    page = seat.get(f"/agency/interviews/{interview.public_id}/move/")
    assert page.context["form"]["version"].value() == interview.version


@pytest.mark.parametrize(("action", "status"), [("hold", "held"), ("miss", "missed")])
def test_it_is_recorded_once_it_began(_clock: Any, action: str, status: str) -> None:
    _referral, seat, interview = scheduled()

    assert act(seat, interview, action).status_code == 422
    _clock.move_to(interview.starts_at + datetime.timedelta(minutes=1), tick=False)
    # An hour-long absence signed everybody out.
    seat = desk(MANAGER, interview.opening)
    act(seat, interview, action)

    interview.refresh_from_db()
    assert interview.status == status


def test_whoever_is_not_selected_keeps_no_interview() -> None:
    _referral, seat, interview = scheduled()

    seat.post(f"{page_of(_referral)}reject/", {"reason_code": "skills_fit"})

    interview.refresh_from_db()
    assert interview.status == "cancelled"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "2026-10-01"}, "still to come"),
        ({"place": ""}, "Error:"),
        ({"day": "2027-03-14", "time": "02:30"}, "this time does not exist"),
        ({"time_zone": "Mars/Olympus"}, "Error:"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_the_answers_kept(
    changes: dict[str, str], sentence: str
) -> None:
    _referral, seat, page = considered()

    answer = seat.post(f"{page}schedule/", ANSWERS | changes)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "2026-1" in answer.content.decode() or "2027-03-14" in answer.content.decode()
    assert not Interview.objects.exists()


def test_a_second_interview_waits_for_the_first() -> None:
    referral, seat, _interview = scheduled()

    answer = seat.post(f"{page_of(referral)}schedule/", ANSWERS)

    assert answer.status_code == 422
    assert "planned already" in words_of(answer)


@pytest.mark.parametrize("role", [SUPERVISOR, VIEWER])
def test_only_whoever_considers_people_reads_or_moves_interviews(role: str) -> None:
    referral, _seat, interview = scheduled()
    other = desk(role, referral.opening)

    assert other.get(f"/interviews/{interview.public_id}/interview.ics").status_code == 404
    assert other.get(f"/agency/interviews/{interview.public_id}/move/").status_code == 404
    assert "meet.example" not in other.get(page_of(referral)).content.decode()


def test_another_agency_and_another_person_find_nothing() -> None:
    _referral, _seat, interview = scheduled()
    elsewhere = referred()

    for stranger in (desk(HR, elsewhere.opening), client_of(person_on(elsewhere))):
        assert stranger.get(f"/interviews/{interview.public_id}/interview.ics").status_code == 404
        assert stranger.post(f"/agency/interviews/{interview.public_id}/cancel/").status_code == 404


def test_an_interview_of_somebody_who_left_is_on_no_page() -> None:
    referral, _seat, _interview = scheduled()
    application = first_entry(referral).application
    now = datetime.datetime.now(datetime.UTC)
    type(application).objects.filter(pk=application.pk).update(withdraws_at=now)
    withdraw_due(by=User.objects.system())

    assert "Interviews" not in read(person_on(referral))


# ── A selection that is over ──────────────────────────────────────────────────────────────────────
def withdraws(selection: Selection) -> None:
    request_withdrawal(application=selection.application, by=selection.applicant.user)
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        withdraw_due(by=User.objects.system())
        tasks.close_selections_of_withdrawn()


def closes_the_account(selection: Selection) -> None:
    close_account(user=selection.applicant.user, by=selection.applicant.user)


def accepts_elsewhere(selection: Selection) -> None:
    opening = PublishedOpeningFactory(cohort=selection.cohort)
    offer = made.SentOfferFactory(
        selection=made.SelectionFactory(application=selection.application, opening=opening, status="offered")
    )
    services.accept_offer(offer=offer, by=selection.applicant.user)


def declines(selection: Selection) -> None:
    offer = made.SentOfferFactory(selection=selection)
    services.decline_offer(offer=offer, reason_code="personal", by=selection.applicant.user)


def is_blocked(selection: Selection) -> None:
    determination = services.propose_determination(
        selection=selection, result="block", by=User.objects.system()
    )
    official = agency_member(ETHICS, agency=selection.opening.agency)
    services.sign_determination(determination=determination, result="block", by=official)


def lapses(selection: Selection) -> None:
    yesterday = today() - DAY
    selection.application.outcomes.update(decided_on=yesterday - 365 * DAY, expires_on=yesterday)
    assert lapse_expired(by=User.objects.system()) == 1
    tasks.cancel_idle_interviews()


def opening_is_cancelled(selection: Selection) -> None:
    by = agency_member(HR, agency=selection.opening.agency)
    transition(selection.opening, "cancel", by=by, reason_code="funding_lost")
    tasks.cancel_idle_interviews()


@pytest.mark.parametrize(
    ("ends", "status", "mails"),
    [
        (withdraws, "interviewing", 0),
        (closes_the_account, "interviewing", 0),
        (accepts_elsewhere, "offered", 1),
        (declines, "offered", 1),
        (is_blocked, "interviewing", 1),
        (lapses, "interviewing", 1),
        (opening_is_cancelled, "interviewing", 1),
    ],
)
def test_no_interview_outlives_its_selection(ends: Any, status: str, mails: int) -> None:
    """Who left of their own will is not written again."""
    own = made.SelectionFactory(status=status)
    other = made.SelectionFactory(opening=own.opening, application__cohort=own.cohort, status="interviewing")
    planned = [
        AgencyInterviewFactory(application=row.application, opening=own.opening, starts_at=NOW + 9 * DAY)
        for row in (own, other)
    ]

    ends(own)

    states = [Interview.objects.get(pk=row.pk).status for row in planned]
    assert states == ["cancelled", "cancelled" if ends is opening_is_cancelled else "booked"]
    told = OutboxMessage.objects.filter(template_key="interview_changed", recipient=own.applicant.user)
    assert told.count() == mails


def test_what_ended_between_two_ticks_reminds_nobody_and_stands_on_no_page() -> None:
    lapsed = made.SelectionFactory(status="interviewing", application__status="lapsed")
    cancelled = made.SelectionFactory(status="interviewing", opening__status="cancelled")
    over = made.SelectionFactory(status="filled_elsewhere")
    standing = made.SelectionFactory(status="interviewing")
    for row in (lapsed, cancelled, over, standing):
        AgencyInterviewFactory(application=row.application, opening=row.opening)

    kept = {row.pk for row in (lapsed, cancelled, over, standing) if interviews_of(row.application)}

    assert kept == {standing.pk}
    reminded = {key for key, _starts in booked_interviews(Interview.objects.all())}
    assert reminded == set(
        Interview.objects.filter(opening__in=[over.opening, standing.opening]).values_list("pk", flat=True)
    )
