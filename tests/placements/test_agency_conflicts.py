"""The ethics official's desk: the facts, the signature, a corrected fact, a waiver."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import Nomination
from placements import conflicts, services
from placements.conflicts import Facts, Tie
from placements.models import Determination, EthicsWaiver
from placements.services.facts import known_about
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from tests.factories import placements as made
from tests.factories.agencies import OfficePartnerRelationshipFactory, PublishedOpeningFactory, agency_member
from tests.factories.partners import EquityDeclarationFactory, LeaveFactory, SeparationFactory
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
    nominee_of,
    referred,
)

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


# ── The rule ──────────────────────────────────────────────────────────────────────────────────────
PARTY = {7: frozenset({"prime_contract"})}


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        (Facts(), "clear"),
        (Facts(ties=[Tie("return_right", 7)], relationships=PARTY, duties=["has_vendor_direction"]), "block"),
        (
            Facts(ties=[Tie("return_right", 7)], relationships=PARTY, duties=["has_vendor_product_use"]),
            "review",
        ),
        (Facts(ties=[Tie("return_right", 7)], duties=["has_vendor_direction"]), "review"),
        (
            Facts(ties=[Tie("return_right", 8)], relationships=PARTY, duties=["has_vendor_direction"]),
            "review",
        ),
        (Facts(ties=[Tie("separated", 7)], relationships=PARTY, duties=["has_vendor_direction"]), "review"),
        (
            Facts(
                ties=[Tie("return_right", 7)],
                relationships={7: frozenset({"advisory"})},
                duties=["has_vendor_direction"],
            ),
            "review",
        ),
    ],
)
def test_only_a_right_to_return_to_a_party_with_duties_blocks(facts: Facts, result: str) -> None:
    assert conflicts.screen(facts).result == result


def test_what_rests_on_a_restricted_relationship_is_restricted() -> None:
    facts = Facts(
        ties=[Tie("return_right", 7)],
        relationships={7: frozenset({"open_solicitation_bidder"})},
        restricted={7},
        duties=["has_source_selection"],
    )
    assert conflicts.screen(facts).is_restricted


# ── The case ──────────────────────────────────────────────────────────────────────────────────────
def case(**opening: bool) -> Determination:
    """A nominee, whose company is a party to the office; terms are not on file."""
    flags = {"has_vendor_direction": True, "has_no_vendor_duties": False, **opening}
    referral, company = referred(opening=PublishedOpeningFactory(**flags)), CompanyFactory()
    nominee_of(referral, company)
    OfficePartnerRelationshipFactory(office=referral.opening.office, company=company)
    selection = services.shortlist_candidate(
        referral=referral,
        application=referral.certificate.entries.get().application,
        by=agency_member(MANAGER, agency=referral.opening.agency),
    )
    return selection.determinations.get()  # type: ignore[no-any-return]


def page_of(determination: Determination) -> str:
    return f"/agency/conflicts/{determination.public_id}/"


def test_the_page_says_on_which_facts_the_proposal_stands() -> None:
    determination = case()
    page = desk(ETHICS, determination.selection.opening).get(page_of(determination)).content.decode()
    for words in (
        "Blocked",
        "18 U.S.C. 208",
        "a right to return is assumed",
        "Prime contract",
        "technical work",
    ):
        assert words in page


@pytest.mark.parametrize("role", [HR, MANAGER, APPROVER, SECURITY, SUPERVISOR, VIEWER])
def test_nobody_else_of_the_agency_reaches_it(role: str) -> None:
    determination = case()
    seat = desk(role, determination.selection.opening)
    assert seat.get("/agency/conflicts/").status_code == 404
    assert seat.get(page_of(determination)).status_code == 404
    assert seat.post(f"{page_of(determination)}sign/", {"result": "clear"}).status_code == 404


def test_the_official_of_another_agency_finds_nothing() -> None:
    determination = case()
    seat = desk(ETHICS, PublishedOpeningFactory())
    assert seat.get(page_of(determination)).status_code == 404
    assert page_of(determination) not in seat.get("/agency/conflicts/").content.decode()


def test_the_signature_stands_beside_the_decision() -> None:
    determination = case()
    seat = desk(ETHICS, determination.selection.opening)
    assert seat.post(f"{page_of(determination)}sign/", {"result": ""}).status_code == 422
    seat.post(f"{page_of(determination)}sign/", {"result": "recusal"})
    determination.refresh_from_db()
    assert (determination.signed_result, determination.signed_by) == ("recusal", seat.user)
    assert page_of(determination) in seat.get("/agency/conflicts/?state=signed").content.decode()


def test_a_corrected_fact_screens_again_and_the_person_may_be_selected_after_the_signature() -> None:
    determination = case()
    selection = determination.selection
    seat, approver = desk(ETHICS, selection.opening), desk(APPROVER, selection.opening)
    seat.post(f"{page_of(determination)}sign/", {"result": "block"})
    fact = selection.opening.office.relationships.get()
    answers = {
        "kind": "advisory",
        "source": "agency",
        "reason_code": "wrong_kind",
        "version": str(fact.version),
    }
    seat.post(f"{page_of(determination)}relationships/{fact.public_id}/", answers)
    again = Determination.objects.current().get(selection=selection)
    assert (again.status, again.proposed_result) == ("proposed", "review")
    seat.post(f"{page_of(again)}sign/", {"result": "clear"})
    selection.refresh_from_db()
    services.record_interview(selection=selection, by=approver.user)
    assert services.select_candidate(selection=selection, by=approver.user).status == "selected"
    event = AuditEvent.objects.get(action="agencies.officepartnerrelationship:correct")
    assert (event.reason_code, event.detail["to"]) == ("wrong_kind", "advisory")


def test_a_relationship_that_nobody_had_recorded_screens_again() -> None:
    determination = case()
    selection = determination.selection
    selection.opening.office.relationships.get().delete()
    services.screen_case(case=selection, by=selection.applicant.user)
    before = Determination.objects.current().get(selection=selection)
    company = selection.applicant.user.nominations.get().partner.company
    seat = desk(ETHICS, selection.opening)
    answers = {
        "company": str(company.pk),
        "kind": "regulated_party",
        "source": "agency",
        "contract_number": "",
    }
    assert seat.post(f"{page_of(before)}relationship/", {**answers, "kind": ""}).status_code == 422
    seat.post(f"{page_of(before)}relationship/", answers)
    now = Determination.objects.current().get(selection=selection)
    assert (before.proposed_result, now.proposed_result) == ("review", "block")


def test_a_fact_that_somebody_else_changed_meanwhile_is_not_overwritten() -> None:
    determination = case()
    seat = desk(ETHICS, determination.selection.opening)
    fact = determination.selection.opening.office.relationships.get()
    answers = {
        "kind": "none_known",
        "source": "agency",
        "reason_code": "ended",
        "version": str(fact.version + 3),
    }
    answer = seat.post(f"{page_of(determination)}relationships/{fact.public_id}/", answers)
    assert answer.status_code == 409
    assert "Someone else saved" in answer.content.decode()


def test_terms_that_were_filed_later_are_pointed_out_and_screened_again() -> None:
    determination = case()
    nomination = determination.selection.applicant.user.nominations.get()
    SeparationFactory(nomination=nomination)
    seat = desk(ETHICS, determination.selection.opening)
    assert "What is known has changed" in seat.get(page_of(determination)).content.decode()
    seat.post(f"{page_of(determination)}supersede/", {"reason_code": "fact_corrected"})
    again = Determination.objects.current().get(selection=determination.selection)
    assert again.proposed_result == "review"


@pytest.mark.parametrize(
    ("declared", "result"),
    [({"expects_return": True}, "block"), ({"has_family_tie": True, "holds_vested_stock": False}, "review")],
)
def test_whoever_separated_and_expects_to_return_has_a_right_to(
    declared: dict[str, bool], result: str
) -> None:
    determination = case()
    nomination = determination.selection.applicant.user.nominations.get()
    SeparationFactory(nomination=nomination)
    EquityDeclarationFactory(nomination=nomination, **declared)
    official = agency_member(ETHICS, agency=determination.selection.opening.agency)
    again = services.screen_again(determination=determination, reason_code="fact_corrected", by=official)
    assert again.proposed_result == result


def test_what_a_family_holds_is_a_tie_to_that_company() -> None:
    determination = case()
    nomination = determination.selection.applicant.user.nominations.get()
    declared = EquityDeclarationFactory(
        nomination=nomination, company=CompanyFactory(), has_family_tie=True, holds_vested_stock=False
    )
    declared.company.refresh_from_db()
    assert Tie("equity", declared.company.family_root_id) in known_about(determination.selection).ties()


def test_selecting_screens_again_when_a_tie_came_later() -> None:
    opening = PublishedOpeningFactory(has_vendor_direction=True, has_no_vendor_duties=False)
    referral, company = referred(opening=opening), CompanyFactory()
    approver = agency_member(APPROVER, agency=opening.agency)
    selection = services.shortlist_candidate(
        referral=referral, application=referral.certificate.entries.get().application, by=approver
    )
    LeaveFactory(nomination=nominee_of(referral, company), has_return_right=True)
    OfficePartnerRelationshipFactory(office=opening.office, company=company)
    with pytest.raises(Refused, match="ethics official has to decide"):
        services.select_candidate(selection=selection, by=approver)
    assert Determination.objects.current().get(selection=selection).proposed_result == "block"


def test_what_a_person_proposed_by_hand_stays() -> None:
    determination = made.DeterminationFactory(proposed_result="block")
    assert (
        services.screen_case(case=determination.selection, by=determination.selection.applicant.user)
        == determination
    )


# ── The waiver ────────────────────────────────────────────────────────────────────────────────────
def waive(determination: Determination, role: str = ETHICS, **fields: object) -> EthicsWaiver:
    selection = determination.selection
    lender = Nomination.objects.filter(nominee=selection.applicant.user).first()
    given = {
        "selection": selection,
        "company": lender and lender.partner.company,
        "scope": "All but procurement.",
        "issued_by": "Deputy Secretary",
        "document_reference": "EW-1",
        "issued_on": today(),
        "by": agency_member(role, agency=selection.opening.agency),
    }
    return services.record_ethics_waiver(**{**given, **fields})  # type: ignore[no-any-return]


def test_a_waiver_is_recorded_with_an_audit_row_and_lets_the_selection_pass() -> None:
    determination = case()
    waiver = waive(determination)
    selection, approver = (
        determination.selection,
        agency_member(APPROVER, agency=determination.selection.opening.agency),
    )
    assert services.select_candidate(selection=selection, by=approver).status == "selected"
    assert AuditEvent.objects.filter(action="placements.ethicswaiver:add", subject_id=waiver.pk).count() == 1


def test_a_waiver_revives_a_selection_that_a_signed_block_had_stopped() -> None:
    determination = case()
    ethics = agency_member(ETHICS, agency=determination.selection.opening.agency)
    services.sign_determination(determination=determination, result="block", by=ethics)
    waive(determination)
    determination.selection.refresh_from_db()
    assert determination.selection.status == "proposed"


@pytest.mark.parametrize("role", [HR, MANAGER, APPROVER, SECURITY, SUPERVISOR, VIEWER])
def test_nobody_but_the_ethics_official_records_a_waiver(role: str) -> None:
    with pytest.raises(NotPermitted):
        waive(case(), role)


@pytest.mark.parametrize(
    "fields",
    [
        {"issued_on": today() + DAY},
        {"issued_on": today() - 9 * DAY, "expires_on": today() - DAY},
        {"scope": " "},
        {"issued_by": ""},
        {"document_reference": ""},
    ],
)
def test_a_waiver_without_its_parts_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(Refused):
        waive(case(), **fields)


def test_without_a_screen_there_is_nothing_to_waive() -> None:
    selection = made.SelectionFactory()
    with pytest.raises(Refused, match="nothing to waive"):
        waive(Determination(selection=selection), company=CompanyFactory())


def test_a_waiver_form_with_a_gap_keeps_the_answers() -> None:
    determination = case()
    seat = desk(ETHICS, determination.selection.opening)
    answer = seat.post(f"{page_of(determination)}waiver/", {"issued_by": "Deputy Secretary"})
    assert answer.status_code == 422
    assert 'value="Deputy Secretary"' in answer.content.decode()
    assert not EthicsWaiver.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_three() -> None:
    costs = []
    for count in (1, 3):
        opening = PublishedOpeningFactory()
        for _number in range(count):
            made.DeterminationFactory(selection__opening=opening)
        seat = desk(ETHICS, opening)
        with CaptureQueriesContext(connection) as caught:
            assert seat.get("/agency/conflicts/").content.decode().count("<tr>") == count + 1
        costs.append(len(caught))
    assert costs[0] == costs[1]
