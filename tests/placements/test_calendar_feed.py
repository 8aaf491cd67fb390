"""A person's dates at a secret address: what stands there, who reads it, and how it stops."""

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from agencies.models import AgencyMembership
from applicants.models import Applicant
from applicants.services import write_to_case
from placements.models import CalendarFeed, ChecklistItem, Placement
from placements.services import renew_calendar_feed, revoke_calendar_feed
from placements.services.calendar_feed import hash_of
from placements.views.calendars import GUESSES_A_MINUTE, READS_AN_HOUR
from techforce.accounts.models import OpmRole, User
from techforce.core import logs
from techforce.core.calendar import today
from techforce.core.rate_limits import is_too_often
from techforce.program.services import extend_window
from tests.factories import placements as made
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import AgencyInterviewFactory, ApplicationFactory, CaseThreadFactory
from tests.factories.program import CohortFactory
from tests.placements.agency_room import HR, SECURITY
from tests.placements.people import application_in, client_of, offer_in, placement_in, words_of

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


def address_of(user: User) -> str:
    return f"/calendar/{renew_calendar_feed(by=user)}.ics"


def events_of(user: User) -> list[Any]:
    """What a calendar program reads, without any sign-in."""
    answer = Client().get(address_of(user))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "no-store, private"
    return sorted(Calendar.from_ical(answer.content).walk("VEVENT"), key=lambda event: str(event["UID"]))


def titles_of(user: User) -> list[str]:
    return [str(event["SUMMARY"]) for event in events_of(user)]


# ── The page ──────────────────────────────────────────────────────────────────────────────────────
def test_the_address_is_shown_once_and_only_its_hash_is_kept() -> None:
    client = client_of(UserFactory())

    page = client.post("/my/calendar/renew/").content.decode()

    (token,) = re.findall(r"/calendar/([\w-]+)\.ics", page)
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    assert token not in client.get("/my/calendar/").content.decode()
    assert CalendarFeed.objects.get().token_hash != token


def test_a_new_address_stops_the_old_one_and_stopping_stops_all() -> None:
    user = UserFactory()
    client, first = client_of(user), address_of(user)
    second = address_of(user)

    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert "no longer works" in words_of(client.post("/my/calendar/revoke/", follow=True))
    assert Client().get(second).status_code == 404
    assert CalendarFeed.objects.filter(user=user, revoked_at__isnull=False).count() == 2


def test_an_address_ends_with_its_account() -> None:
    user = UserFactory()
    address = address_of(user)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert Client().get(address).status_code == 404


def test_nobody_stops_the_address_of_somebody_else() -> None:
    user = UserFactory()
    address = address_of(user)

    revoke_calendar_feed(by=UserFactory())

    assert Client().get(address).status_code == 200


def test_guessing_and_reading_without_end_are_slowed_down() -> None:
    token = renew_calendar_feed(by=UserFactory())
    for _time in range(READS_AN_HOUR - 1):  # as often as a calendar program may have asked in this hour
        is_too_often(None, f"calendar:{hash_of(token)}", READS_AN_HOUR, seconds=3600)

    guesses = [Client().get("/calendar/not-a-secret.ics").status_code for _ in range(GUESSES_A_MINUTE + 1)]
    reads = [Client().get(f"/calendar/{token}.ics").status_code for _ in range(2)]

    assert (guesses[0], guesses[-2], guesses[-1]) == (404, 404, 429)
    assert reads == [200, 429]


def test_no_log_has_the_secret() -> None:
    token = renew_calendar_feed(by=UserFactory())

    for path in (
        f"/calendar/{token}.ics",
        f"/calendar/{token}",
        f"/Calendar/{token}.ICS",
        f"/calendar//{token}.ics",
    ):
        assert token not in logs.scrub(f'"GET {path} HTTP/1.1" 404')
    assert "/my/calendar/renew/" in logs.scrub('"POST /my/calendar/renew/ HTTP/1.1" 302')


# ── What stands there ─────────────────────────────────────────────────────────────────────────────
def test_a_draft_has_its_deadline_which_moves_with_an_extension() -> None:
    draft = ApplicationFactory(cohort=CohortFactory(status="open", time_zone="America/Denver"))
    user, cohort = draft.applicant.user, draft.cohort
    (before,) = events_of(user)
    later = cohort.closes_at + 3 * DAY

    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    extend_window(cohort=cohort, until=later, reason_code="more_time", by=manager)

    (after,) = events_of(user)
    assert str(after["SUMMARY"]) == "Tech Force: a step is due"
    assert after.decoded("DTSTART") == later.replace(microsecond=0)
    assert after["DTSTART"].params["TZID"] == "America/Denver"
    assert str(after["UID"]) == str(before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_what_the_program_office_asks_is_there_until_it_is_answered() -> None:
    thread = CaseThreadFactory(status="asked", due_on=today() + 3 * DAY)
    person = thread.application.applicant.user

    (asked,) = events_of(person)
    write_to_case(thread=thread, body="Here it is.", by=person)

    assert asked.decoded("DTSTART") == thread.due_on
    assert titles_of(person) == []


def test_a_deadline_that_passed_is_not_there() -> None:
    draft = ApplicationFactory(cohort=CohortFactory(status="open"))

    with time_machine.travel(draft.cohort.closes_at):
        assert titles_of(draft.applicant.user) == []


def test_an_offer_to_answer_and_an_interview_say_no_more_than_that() -> None:
    offer = offer_in("sent")
    user = offer.applicant.user
    interview = AgencyInterviewFactory(application=offer.selection.application, opening=offer.opening)

    events = events_of(user)

    assert [str(event["SUMMARY"]) for event in events] == [
        "Tech Force: interview",
        "Tech Force: a step is due",
    ]
    text = (
        b"".join(event.to_ical() for event in events).decode().replace("\r\n ", "")
    )  # as a reader unfolds it
    for secret in (str(offer.opening.agency), offer.opening.title, interview.place, user.email):
        assert secret not in text


def test_a_cancelled_interview_and_one_of_a_person_who_left_are_not_there() -> None:
    offer = offer_in("expired")
    application = offer.selection.application
    interview = AgencyInterviewFactory(application=application, opening=offer.opening)
    assert titles_of(application.applicant.user) == ["Tech Force: interview"]

    gone = {"status": "cancelled"}
    AgencyInterviewFactory(
        application=application, opening=PublishedOpeningFactory(cohort=offer.cohort), **gone
    )
    type(interview)._base_manager.filter(pk=interview.pk).delete()

    assert titles_of(application.applicant.user) == []


def serving_with_steps() -> Any:
    placement = placement_in("pending_checks")
    checklist = made.ChecklistFactory(placement=placement)
    dates = {"due_on": today() + 5 * DAY, "undated_reason": ""}
    for number, owner in enumerate(("candidate", "hr_specialist", "hr_specialist", "security_officer")):
        made.ChecklistItemFactory(
            checklist=checklist,
            step__code=f"C{number}",
            step__owner_role=owner,
            step__gate="firm_offer",
            **dates,
        )
    return placement


def test_the_person_who_starts_finds_their_own_steps_as_whole_days() -> None:
    placement = serving_with_steps()

    (event,) = events_of(placement.applicant.user)

    assert str(event["SUMMARY"]) == "Tech Force: a step is due"
    assert event.decoded("DTSTART") == today() + 5 * DAY
    assert str(event["TRANSP"]) == "TRANSPARENT"


@pytest.mark.parametrize(
    ("role", "titles"), [(HR, ["Tech Force: 2 steps are due"]), (SECURITY, ["Tech Force: a step is due"])]
)
def test_staff_find_the_steps_that_their_role_owns(role: str, titles: list[str]) -> None:
    placement = serving_with_steps()

    assert titles_of(agency_member(role, agency=placement.opening.agency)) == titles
    assert titles_of(agency_member(role)) == []
    assert titles_of(opm_staff(OpmRole.AUDITOR)) == []


def is_replaced(placement: Placement) -> None:
    placement.checklists.update(superseded_at=timezone.now())


def lies_far_ahead(placement: Placement) -> None:
    ChecklistItem.objects.of_placements([placement.pk]).update(due_on=today() + 400 * DAY)


def is_about_themselves(placement: Placement) -> None:
    owner = AgencyMembership.objects.get(agency=placement.opening.agency, role=HR).user
    Applicant.objects.filter(pk=placement.applicant_id).update(user=owner)


@pytest.mark.parametrize("change", [is_replaced, lies_far_ahead, is_about_themselves])
def test_staff_find_no_step_that_waits_for_them_no_more(change: Any) -> None:
    placement = serving_with_steps()
    hr = agency_member(HR, agency=placement.opening.agency)
    assert titles_of(hr) == ["Tech Force: 2 steps are due"]

    change(placement)

    assert "Tech Force: 2 steps are due" not in titles_of(hr)


def test_staff_find_no_step_that_is_done_nor_one_of_a_placement_that_is_over() -> None:
    serving, over = placement_in("pending_checks"), placement_in("fell_through")
    dates = {"due_on": today() + 5 * DAY, "undated_reason": ""}
    made.DoneItemFactory(checklist__placement=serving, owner_role=HR, **dates)
    made.ChecklistItemFactory(checklist__placement=over, owner_role=HR, **dates)

    for placement in (serving, over):
        assert titles_of(agency_member(HR, agency=placement.opening.agency)) == []


def test_a_withdrawn_application_leaves_an_empty_calendar() -> None:
    application = application_in("withdrawn")

    assert titles_of(application.applicant.user) == []
