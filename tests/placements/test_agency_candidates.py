"""People on an agency's certificates: who sees them, what is shown, and the way to a selection."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements.models import Referral
from techforce.core.models import AuditEvent, OutboxMessage
from tests.factories.agencies import OfficePartnerRelationshipFactory, PublishedOpeningFactory
from tests.factories.applicants import OpeningInterestFactory, SnapshotFactory
from tests.factories.program import CompanyFactory
from tests.placements.agency_room import (
    APPROVER,
    ETHICS,
    HR,
    MANAGER,
    SECURITY,
    SUPERVISOR,
    VIEWER,
    desk,
    first_entry,
    nominee_of,
    page_of,
    referred,
    selection_on,
)

pytestmark = pytest.mark.django_db


def test_the_list_shows_who_is_interested_and_where_it_stands() -> None:
    referral = referred()
    OpeningInterestFactory(application=first_entry(referral).application, opening=referral.opening)
    page = desk(MANAGER, referral.opening).get("/agency/candidates/").content.decode()
    assert "Robin Reyes 0" in page
    assert "Not considered yet" in page
    assert '<td data-label="Interested">Yes</td>' in page


def test_another_agency_finds_nobody() -> None:
    referral = referred()
    elsewhere = desk(MANAGER, PublishedOpeningFactory())
    assert "Robin Reyes" not in elsewhere.get("/agency/candidates/").content.decode()
    assert elsewhere.get(page_of(referral)).status_code == 404
    assert elsewhere.get(f"/agency/certificates/{referral.public_id}/").status_code == 404


def test_the_list_is_narrowed_by_opening_and_by_standing() -> None:
    referral = referred()
    other = referred(
        opening=PublishedOpeningFactory(
            agency=referral.opening.agency, office__agency=referral.opening.agency
        )
    )
    seat = desk(MANAGER, referral.opening)
    seat.post(f"{page_of(referral)}propose/")
    assert page_of(other) in seat.get("/agency/candidates/").content.decode()
    narrowed = seat.get(f"/agency/candidates/?opening={referral.opening.public_id}").content.decode()
    assert page_of(other) not in narrowed
    assert page_of(referral) in narrowed
    considered = seat.get("/agency/candidates/?standing=considered").content.decode()
    assert page_of(other) not in considered
    assert page_of(referral) in considered
    assert seat.get("/agency/candidates/?opening=x&standing=y").status_code == 200


def test_one_certificate_for_two_openings_gives_each_its_own_row() -> None:
    referral = referred()
    second = PublishedOpeningFactory(
        cohort=referral.opening.cohort, agency=referral.opening.agency, office__agency=referral.opening.agency
    )
    again = Referral.objects.create(certificate=referral.certificate, opening=second, cohort=second.cohort)
    seat = desk(MANAGER, referral.opening)
    seat.post(f"{page_of(referral)}propose/")
    rows = seat.get("/agency/candidates/").content.decode().split("<tr>")
    assert [("Shortlisted" in row) for row in rows if page_of(referral) in row] == [True]
    assert [("Not considered yet" in row) for row in rows if page_of(again) in row] == [True]


def test_the_list_costs_the_same_for_one_and_for_three() -> None:
    seats = [desk(MANAGER, referred(count).opening) for count in (1, 3)]
    costs = []
    for seat in seats:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert seat.get("/agency/candidates/").status_code == 200
        costs.append(len(caught))
    assert costs[0] == costs[1]


def test_a_candidate_page_shows_the_frozen_answers_and_no_score() -> None:
    referral = referred()
    SnapshotFactory(
        application=first_entry(referral).application,
        content={"answers": {"experience": "Ran a data center.", "contact": {"phone": "555-0100"}}},
    )
    page = desk(MANAGER, referral.opening).get(page_of(referral)).content.decode()
    assert "Ran a data center." in page
    assert "555-0100" not in page
    assert "score" not in page.lower()
    assert "rank" not in page.lower()


@pytest.mark.parametrize("role", [SUPERVISOR, ETHICS, SECURITY, VIEWER])
def test_whoever_considers_nobody_reads_no_answers(role: str) -> None:
    referral = referred()
    SnapshotFactory(application=first_entry(referral).application)
    assert (
        "Five years of software." not in desk(role, referral.opening).get(page_of(referral)).content.decode()
    )


def test_from_the_certificate_to_the_selection_each_by_right() -> None:
    referral = referred()
    manager, approver = desk(MANAGER, referral.opening), desk(APPROVER, referral.opening)
    page = page_of(referral)
    assert "Put on the short list" not in desk(SUPERVISOR, referral.opening).get(page).content.decode()
    manager.post(f"{page}propose/")
    manager.post(f"{page}interview/")
    assert manager.post(f"{page}select/").status_code == 404
    assert approver.post(f"{page}select/", follow=True).status_code == 200
    assert selection_on(referral).status == "selected"


def test_not_selected_asks_for_the_reason_and_keeps_it() -> None:
    referral = referred()
    seat, page = desk(MANAGER, referral.opening), page_of(referral)
    seat.post(f"{page}propose/")
    asked = seat.post(f"{page}reject/", {"reason_code": ""})
    assert asked.status_code == 422
    assert "Error:" in asked.content.decode()
    seat.post(f"{page}reject/", {"reason_code": "skills_fit"})
    assert selection_on(referral).status == "not_selected"
    assert AuditEvent.objects.filter(action__endswith=":reject", reason_code="skills_fit").count() == 1


def test_a_second_click_is_told_where_it_stands() -> None:
    referral = referred()
    seat, page = desk(MANAGER, referral.opening), page_of(referral)
    seat.post(f"{page}propose/")
    seat.post(f"{page}interview/")
    again = seat.post(f"{page}interview/")
    assert again.status_code == 422
    assert "Interviewing" in again.content.decode()


def blocked_referral() -> Referral:
    """The person may return to a company that is a party to the office, and the duties touch it."""
    opening = PublishedOpeningFactory(has_vendor_direction=True, has_no_vendor_duties=False)
    referral, parent = referred(opening=opening), CompanyFactory()
    nominee_of(referral, CompanyFactory(parent=parent))
    OfficePartnerRelationshipFactory(office=opening.office, company=parent)
    return referral


def waiver_answers(referral: Referral) -> dict[str, str]:
    company = selection_on(referral).applicant.user.nominations.get().partner.company
    return {
        "company": str(company.pk),
        "authority": "208_b1",
        "scope": "All but matters of the company.",
        "issued_by": "Deputy Secretary",
        "issued_on": "2026-01-05",
        "document_reference": "EW-7",
    }


def test_a_selection_past_a_block_is_refused_without_a_reason_until_the_waiver_is_recorded() -> None:
    referral = blocked_referral()
    page, approver = page_of(referral), desk(APPROVER, referral.opening)
    approver.post(f"{page}propose/")
    refused = approver.post(f"{page}select/")
    assert refused.status_code == 422
    assert "The ethics official has to decide first." in refused.content.decode()
    assert "return" not in refused.content.decode().split("<main")[1].split("</main")[0].lower()
    determination = selection_on(referral).determinations.get()
    seat = desk(ETHICS, referral.opening)
    answer = seat.post(f"/agency/conflicts/{determination.public_id}/waiver/", waiver_answers(referral))
    assert answer.status_code == 302
    approver.post(f"{page}select/")
    assert selection_on(referral).status == "selected"


def test_a_signed_block_closes_the_page_and_a_waiver_opens_it_again() -> None:
    referral = blocked_referral()
    manager, seat = desk(MANAGER, referral.opening), desk(ETHICS, referral.opening)
    SnapshotFactory(application=first_entry(referral).application)
    manager.post(f"{page_of(referral)}propose/")
    case = f"/agency/conflicts/{selection_on(referral).determinations.get().public_id}/"
    seat.post(f"{case}sign/", {"result": "block"})
    closed = manager.get(page_of(referral)).content.decode()
    assert "Not available for this opening" in closed
    assert "Five years of software." not in closed
    assert "conflict" not in closed.split("<main")[1].lower()
    seat.post(f"{case}waiver/", waiver_answers(referral))
    assert selection_on(referral).status == "proposed"
    assert "Five years of software." in manager.get(page_of(referral)).content.decode()


def test_ethics_officials_alone_are_told_that_a_review_waits() -> None:
    referral = referred()
    seat, _hr = desk(ETHICS, referral.opening), desk(HR, referral.opening)
    desk(MANAGER, referral.opening).post(f"{page_of(referral)}propose/")
    told = OutboxMessage.objects.filter(template_key="determination_waiting")
    assert [message.recipient for message in told] == [seat.user]


# ── The certificate goes back ─────────────────────────────────────────────────────────────────────
def names_of(referral: Referral) -> list[str]:
    return [f"name_{entry.public_id}" for entry in referral.certificate.entries.order_by("pk")]


def test_a_certificate_goes_back_with_an_outcome_for_every_name() -> None:
    referral = referred(2)
    seat, page = desk(HR, referral.opening), page_of(referral)
    seat.post(f"{page}propose/")
    seat.post(f"{page}reject/", {"reason_code": "skills_fit"})
    address = f"/agency/certificates/{referral.public_id}/"
    shown = seat.get(address).content.decode()
    assert shown.count("selected>Not selected") == 1
    assert shown.count("selected>Not considered") == 1
    first, second = names_of(referral)
    seat.post(address, {first: "not_selected", second: "not_considered"})
    referral.refresh_from_db()
    assert referral.status == "returned"
    assert sorted(referral.dispositions.values_list("code", flat=True)) == ["not_considered", "not_selected"]


def test_a_certificate_with_an_open_decision_or_a_missing_outcome_stays() -> None:
    referral = referred(2)
    seat, address = desk(HR, referral.opening), f"/agency/certificates/{referral.public_id}/"
    seat.post(f"{page_of(referral)}propose/")
    first, second = names_of(referral)
    missing = seat.post(address, {first: "", second: "failed_to_reply"})
    assert missing.status_code == 422
    assert 'value="failed_to_reply" selected' in missing.content.decode()
    early = seat.post(address, {first: "not_selected", second: "not_considered"})
    assert early.status_code == 422
    assert "still being considered" in early.content.decode()
    assert not referral.dispositions.exists()


def test_only_hr_returns_a_certificate() -> None:
    referral = referred()
    (name,) = names_of(referral)
    address = f"/agency/certificates/{referral.public_id}/"
    assert (
        "HR specialist of your agency returns it"
        in desk(MANAGER, referral.opening).get(address).content.decode()
    )
    answer = desk(MANAGER, referral.opening).post(address, {name: "not_considered"})
    assert answer.status_code == 422
    assert not referral.dispositions.exists()
