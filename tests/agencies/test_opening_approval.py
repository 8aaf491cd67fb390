"""OPM's program manager approves an opening in the admin, or returns it with comments."""

from typing import Any

import pytest
from django.core import mail

from agencies.models import Opening
from agencies.services import propose_revision, submit_opening
from agencies.workflow import AgencyRole
from techforce.accounts.models import OpmRole, User
from techforce.core.mail.mailer import send_due
from tests.factories.accounts import opm_staff
from tests.factories.agencies import (
    AgencyMembershipFactory,
    AgencyParticipationFactory,
    OfficeFactory,
    OpeningFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


@pytest.fixture
def desk(manager: User) -> Desk:
    return at_desk(manager)


def at_desk(user: User) -> Desk:
    desk = Desk(user)
    desk.raise_request_exception = True
    return desk


def submitted(**fields: Any) -> Opening:
    opening: Opening = PublishedOpeningFactory(status="submitted", published_at=None, **fields)
    return opening


def act(opening: Any, name: str) -> str:
    return f"/admin/agencies/{opening._meta.model_name}/{opening.pk}/act/{name}/"


def page_of(opening: Opening) -> str:
    return f"/admin/agencies/opening/{opening.pk}/change/"


def test_the_page_shows_the_opening_against_the_bounds_of_its_cohort(desk: Desk) -> None:
    opening = submitted(seats=4)
    AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort, seats_pledged=3)

    page = desk.get(page_of(opening))

    kept = {str(bound.label): bound.is_kept for bound in page.context["bounds"]}
    assert kept == {"Pay a year": True, "Term": True, "Closes": None, "Seats": False, "Designation": True}
    assert opening.summary in page.content.decode()
    assert f"${opening.pay_low:,}" in page.content.decode()


def test_what_stops_the_publication_is_said_before_the_button_is_pressed(desk: Desk) -> None:
    opening = submitted(designation_record="")
    assert "not designated yet" in desk.get(page_of(opening)).content.decode()
    answer = desk.post(act(opening, "publish"))
    assert answer.status_code == 422
    assert "not designated yet" in answer.content.decode()


def test_an_approved_opening_is_published_without_its_old_comments(desk: Desk) -> None:
    opening = submitted(comments="Say more about the team.")
    answer = desk.post(act(opening, "publish"))
    assert answer.headers["Location"] == page_of(opening)
    opening.refresh_from_db()
    assert (opening.status, opening.comments) == ("published", "")


def test_an_opening_comes_back_with_what_has_to_change(desk: Desk) -> None:
    opening = submitted()
    assert "Against the cohort’s bounds" in desk.get(act(opening, "return_for_changes")).content.decode()
    desk.post(act(opening, "return_for_changes"), {"comments": "Say which systems."})
    opening.refresh_from_db()
    assert (opening.status, opening.comments) == ("draft", "Say which systems.")


@pytest.mark.parametrize("comments", ["", "   ", "x" * 4_001])
def test_an_opening_does_not_come_back_without_a_word(desk: Desk, comments: str) -> None:
    opening = submitted()
    answer = desk.post(act(opening, "return_for_changes"), {"comments": comments})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert comments.strip() in answer.content.decode()
    opening.refresh_from_db()
    assert opening.status == "submitted"


def test_nobody_approves_what_they_submitted(manager: User, desk: Desk) -> None:
    opening = PublishedOpeningFactory(status="draft", published_at=None)
    AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort)
    AgencyMembershipFactory(user=manager, agency=opening.agency)
    submit_opening(opening=opening, by=User.objects.get(pk=manager.pk))
    answer = desk.post(act(opening, "publish"))
    assert answer.status_code == 422
    assert "Someone else approves it" in answer.content.decode()


@pytest.mark.parametrize("role", [OpmRole.HR_DECIDER, OpmRole.AUDITOR, OpmRole.ADMINISTRATOR])
def test_others_read_it_and_decide_nothing(role: str) -> None:
    opening, desk = submitted(), at_desk(opm_staff(role))
    assert "Approve and publish" not in desk.get(page_of(opening)).content.decode()
    assert desk.get(act(opening, "return_for_changes")).headers["Location"] == page_of(opening)
    desk.post(act(opening, "publish"))
    opening.refresh_from_db()
    assert opening.status == "submitted"


def test_an_act_that_does_not_exist_is_not_there(desk: Desk) -> None:
    assert desk.get(act(submitted(), "sell")).status_code == 404


def test_a_change_to_a_published_opening_is_approved_or_returned(desk: Desk) -> None:
    opening, changes = PublishedOpeningFactory(), {"summary": "Build services for veterans."}
    hr = agency_member(agency=opening.agency)
    first = propose_revision(opening=opening, changes=changes, reason="More work.", by=hr)
    desk.post(act(first, "return_for_changes"), {"comments": "Who pays for it?"})
    opening.refresh_from_db()
    second = propose_revision(opening=opening, changes=changes, reason="Funded.", by=hr)
    desk.post(act(second, "approve"))

    first.refresh_from_db(), opening.refresh_from_db()
    assert (first.status, first.comments) == ("returned", "Who pays for it?")
    assert opening.summary == "Build services for veterans."


def test_the_agency_is_told_what_became_of_its_change(desk: Desk) -> None:
    office = OfficeFactory()
    opening = PublishedOpeningFactory(agency=office.agency, office=office)
    hr = agency_member(agency=opening.agency)
    agency_member(agency=opening.agency, role=AgencyRole.HIRING_MANAGER)
    elsewhere = OfficeFactory(agency=opening.agency)
    AgencyMembershipFactory(agency=opening.agency, office=elsewhere)
    for comments in ("Who pays for it?", ""):
        change = propose_revision(
            opening=opening, changes={"title": "Data Engineer"}, reason="Funded.", by=hr
        )
        name = "return_for_changes" if comments else "approve"
        desk.post(act(change, name), {"comments": comments})
    while send_due():
        pass

    assert {message.to[0] for message in mail.outbox} == {hr.email}
    returned, approved = sorted(mail.outbox, key=lambda message: "approved" in message.subject)
    assert "with comments" in returned.subject
    assert "Who pays for it?" not in returned.body
    assert approved.subject == "OPM approved the change to your opening “Data Engineer”"
    assert f"/agency/openings/{opening.public_id}/" in approved.body


def test_pay_outside_the_band_is_allowed_by_name_and_reason(desk: Desk) -> None:
    opening = OpeningFactory(pay_low=200_000, pay_high=210_000)
    answers = {"authority": "5 CFR 531.212", "reason": "A rare skill."}
    assert desk.post(act(opening, "allow_pay"), {**answers, "authority": ""}).status_code == 422
    desk.post(act(opening, "allow_pay"), answers)
    opening.refresh_from_db()
    assert opening.band_exception.reason == "A rare skill."
