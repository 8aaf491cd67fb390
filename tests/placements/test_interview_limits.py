"""What an agency's interview may not be: with somebody who is leaving, in the past, endless, or moved by a stranger."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from applicants.models import Interview
from applicants.reminders import booked_interviews
from applicants.services import cancel_interview, move_interview
from placements import services
from placements.models import Selection
from techforce.accounts.models import User
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.factories.applicants import AgencyInterviewFactory
from tests.placements.agency_room import MANAGER, VIEWER

pytestmark = pytest.mark.django_db

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def times(begins_in: datetime.timedelta = DAY, length: datetime.timedelta = HOUR) -> dict[str, Any]:
    starts_at = timezone.now() + begins_in
    meeting = {"mode": "video", "time_zone": "America/New_York", "place": "https://meet.example/room"}
    return {"starts_at": starts_at, "ends_at": starts_at + length, **meeting}


def of(selection: Selection, role: str = MANAGER) -> User:
    return agency_member(role, agency=selection.opening.agency)


def planned(selection: Selection, **fields: Any) -> Interview:
    return AgencyInterviewFactory(  # type: ignore[no-any-return]
        application=selection.application, opening=selection.opening, **fields
    )


# ── With whom ─────────────────────────────────────────────────────────────────────────────────────
def considered(status: str = "shortlisted", **fields: Any) -> Selection:
    return made.SelectionFactory(status=status, **fields)  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "gone",
    [
        {"application__withdraws_at": timezone.now() + DAY},
        {"application__status": "lapsed"},
        {"status": "not_selected"},
        {"status": "filled_elsewhere"},
    ],
    ids=["withdraws", "lapsed", "not selected", "placed elsewhere"],
)
def test_nobody_is_invited_who_is_leaving_or_not_considered_any_more(gone: dict[str, Any]) -> None:
    selection = considered(**gone)

    with pytest.raises(Refused, match="not being considered"):
        services.arrange_interview(selection=selection, by=of(selection), **times())

    assert not Interview.objects.exists()


# ── When ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        (times(length=-HOUR), "ends before it starts"),
        (times(length=0 * HOUR), "ends before it starts"),
        (times(length=9 * HOUR), "8 hours at most"),
        (times(begins_in=-HOUR, length=2 * HOUR), "still to come"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_times_that_cannot_be_are_refused(moment: dict[str, Any], sentence: str) -> None:
    selection = considered()
    interview = planned(considered("interviewing"))

    with pytest.raises(Refused, match=sentence):
        services.arrange_interview(selection=selection, by=of(selection), **moment)
    with pytest.raises(Refused, match=sentence):
        move_interview(interview=interview, version=interview.version, by=staff_of(interview), **moment)


def staff_of(interview: Interview, role: str = MANAGER) -> User:
    return agency_member(role, agency=interview.opening.agency)


# ── Moving ────────────────────────────────────────────────────────────────────────────────────────
def test_what_was_cancelled_is_not_moved_from_an_old_page() -> None:
    interview = planned(considered("interviewing"))
    manager = staff_of(interview)
    cancel_interview(interview=interview, reason_code="panel_unavailable", by=manager)
    interview.refresh_from_db()
    before = OutboxMessage.objects.count()

    with pytest.raises(Refused, match="This interview is cancelled"):
        move_interview(interview=interview, version=interview.version, by=manager, **times(2 * DAY))

    assert OutboxMessage.objects.count() == before


def test_only_whoever_considers_people_of_this_agency_moves_one() -> None:
    interview = planned(considered("interviewing"))

    for stranger in (
        staff_of(interview, VIEWER),
        agency_member(MANAGER),
        interview.application.applicant.user,
    ):
        with pytest.raises(NotPermitted):
            move_interview(interview=interview, version=interview.version, by=stranger, **times(2 * DAY))


# ── Once the selection is over ────────────────────────────────────────────────────────────────────
def test_what_has_begun_is_left_to_be_recorded() -> None:
    selection = considered("interviewing")
    interview = planned(selection, starts_at=timezone.now() - HOUR / 2)

    services.reject_candidate(selection=selection, reason_code="skills_fit", by=of(selection))

    interview.refresh_from_db()
    assert interview.status == "booked"


def test_nobody_who_left_is_reminded_of_an_interview() -> None:
    now = timezone.now()
    gone = {
        "application__status": "withdrawn",
        "application__withdraws_at": now,
        "application__withdrawn_at": now,
    }
    planned(considered("interviewing", **gone))
    planned(considered("interviewing", application__applicant__user__is_active=False))
    stays = planned(considered("interviewing"))

    assert [key for key, _starts in booked_interviews(Interview.objects.order_by("pk"))] == [stays.pk]
