"""An agency's pages of its openings: who sees them and who begins one."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import AgencyRole, Office, Opening, OpeningPlace
from techforce.accounts.models import User
from techforce.core.models import AuditEvent
from tests.agencies.opening_forms import PAGE, page_of, text
from tests.factories.accounts import UserFactory
from tests.factories.agencies import (
    OfficeFactory,
    OfficePartnerRelationshipFactory,
    OpeningFactory,
    PublishedOpeningFactory,
    RelationshipReaderFactory,
    agency_member,
)
from tests.factories.program import (
    CohortFactory,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

WRITERS = (AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)
READERS = (
    AgencyRole.SUPERVISOR,
    AgencyRole.SECURITY_OFFICER,
    AgencyRole.ETHICS_OFFICIAL,
    AgencyRole.VIEWER,
)


def people(office: Office, roles: Any) -> list[Desk]:
    return [Desk(agency_member(role, agency=office.agency)) for role in roles]


# ── Who sees them ─────────────────────────────────────────────────────────────────────────────────
def test_members_read_the_openings_of_their_agency_with_state_next_step_and_seats(
    draft: Opening, published: Opening, desk: Desk
) -> None:
    OpeningFactory(title="Of another agency")
    page = text(desk.get(PAGE))
    assert "Data Scientist" in page
    assert "Complete it and submit it to OPM." in page
    assert "0 of 2 filled" in page
    assert "People mark it until the last day." in page
    assert "Of another agency" not in page


def test_a_member_of_one_office_reads_that_office_only(draft: Opening) -> None:
    other = OpeningFactory(office=OfficeFactory(agency=draft.agency), title="Next door")
    desk = Desk(agency_member(AgencyRole.HIRING_MANAGER, agency=draft.agency, office=draft.office))
    assert "Next door" not in text(desk.get(PAGE))
    assert desk.get(page_of(draft)).status_code == 200
    assert desk.get(page_of(other)).status_code == 404


@pytest.mark.parametrize("part", ["", "edit/", "change/", "submit/"])
def test_strangers_find_nothing(part: str, draft: Opening, published: Opening, opm: User) -> None:
    for stranger in (UserFactory(), agency_member(), opm):
        desk = Desk(stranger)
        for opening in (draft, published):
            assert desk.get(page_of(opening, part)).status_code == 404
            assert desk.post(page_of(opening, part)).status_code == (404 if part else 405)


def test_the_menu_marks_the_section_that_one_reads(draft: Opening, desk: Desk) -> None:
    marked = re.findall(r'aria-current="true">([^<]+)</a>', text(desk.get(page_of(draft))))
    assert marked == ["Your openings"]


def test_whoever_acts_for_no_agency_has_no_list() -> None:
    desk = Desk(UserFactory())
    assert desk.get(PAGE).status_code == 404
    assert desk.get(PAGE + "new/").status_code == 404
    assert "Your openings" not in text(desk.get("/"))


def test_writers_are_offered_to_write_and_readers_only_read(office: Office, draft: Opening) -> None:
    for desk in people(office, WRITERS):
        assert "Your openings" in text(desk.get("/"))
        assert "New opening" in text(desk.get(PAGE))
        assert "Edit the draft" in text(desk.get(page_of(draft)))
    for desk in people(office, READERS):
        assert "Your openings</a>" not in text(desk.get("/"))
        assert "New opening" not in text(desk.get(PAGE))
        assert "Edit the draft" not in text(desk.get(page_of(draft)))
        assert desk.get(PAGE + "new/").status_code == 404
        assert desk.get(page_of(draft, "edit/")).status_code == 403
        assert desk.post(page_of(draft, "submit/")).status_code == 404


def test_a_hiring_manager_writes_and_leaves_submitting_to_others(office: Office, draft: Opening) -> None:
    (desk,) = people(office, [AgencyRole.HIRING_MANAGER])
    page = text(desk.get(page_of(draft)))
    assert "An HR specialist or an approving official of your agency submits it." in page
    assert "Submit for approval" not in page
    assert desk.post(page_of(draft, "submit/")).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("part", ["submit", "pause", "resume", "close", "withdraw-change", "cut-seats"])
def test_whoever_may_not_act_finds_no_such_button_whatever_they_send(
    office: Office, published: Opening, part: str, method: str
) -> None:
    readers = [*READERS, AgencyRole.HIRING_MANAGER] if part != "withdraw-change" else READERS
    for desk in people(office, readers):
        for typed in ({}, {"seats": "x"}, {"seats": "1"}):
            assert getattr(desk, method)(page_of(published, f"{part}/"), typed).status_code == 404
    published.refresh_from_db()
    assert published.status == "published"


def test_whoever_may_act_is_told_what_is_wrong_with_the_answer(published: Opening, desk: Desk) -> None:
    assert desk.post(page_of(published, "cut-seats/"), {"seats": "x"}).status_code == 422
    assert desk.get(page_of(published, "cut-seats/")).status_code == 302


def test_what_an_office_may_not_tell_everybody_stays_with_its_named_readers(
    draft: Opening, office: Office, desk: Desk
) -> None:
    OfficePartnerRelationshipFactory(office=office, company__name="Open Contract Inc.")
    RelationshipReaderFactory(relationship__office=office, relationship__company__name="Secret Bidder Inc.")
    page = text(desk.get(page_of(draft)))
    assert "Open Contract Inc.: Prime contract" in page
    assert "Secret Bidder Inc." not in page


@pytest.mark.parametrize("path", ["list", "one"])
def test_a_page_costs_the_same_with_one_row_and_with_three(
    path: str, draft: Opening, office: Office, desk: Desk
) -> None:
    address = page_of(draft) if path == "one" else PAGE
    OpeningPlace.objects.create(opening=draft, city="Austin", state="TX")
    relationship = OfficePartnerRelationshipFactory(office=office)
    desk.get(address)

    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(address)
    for city in ("Boston", "Chicago"):
        OpeningPlace.objects.create(opening=draft, city=city, state="IL")
        OfficePartnerRelationshipFactory(office=office, kind=relationship.kind)
        PublishedOpeningFactory(office=office, cohort=draft.cohort)
    with CaptureQueriesContext(connection) as three:
        desk.get(address)

    assert len(three) == len(one)


# ── Beginning one ─────────────────────────────────────────────────────────────────────────────────
def test_a_draft_begins_with_a_title_an_office_and_a_cohort(office: Office, hr: User, desk: Desk) -> None:
    cohort = CohortFactory(term_months=18)
    answer = desk.post(PAGE + "new/", {"title": "Engineer", "office": office.pk, "cohort": cohort.pk})
    opening = Opening.objects.get()
    assert answer.headers["Location"] == page_of(opening, "edit/")
    assert (opening.status, opening.agency, opening.term_months) == ("draft", office.agency, 18)
    event = AuditEvent.objects.about(opening).get()
    assert (event.action, event.actor) == ("agencies.opening:create", hr)


def test_nobody_writes_for_an_office_of_others(office: Office, desk: Desk) -> None:
    foreign = OfficeFactory()
    answer = desk.post(
        PAGE + "new/", {"title": "Engineer", "office": foreign.pk, "cohort": CohortFactory().pk}
    )
    assert answer.status_code == 422
    assert "Select a valid choice" in text(answer)
    assert 'value="Engineer"' in text(answer)
    assert not Opening.objects.exists()


def test_a_cohort_whose_people_serve_takes_no_new_opening(office: Office, desk: Desk) -> None:
    CohortFactory(name="Long ago", status="serving")
    CohortFactory(name="Next spring")
    page = text(desk.get(PAGE + "new/"))
    assert "Next spring" in page
    assert "Long ago" not in page
