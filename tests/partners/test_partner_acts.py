"""The program office files agreements and lets companies nominate; the case manager files the terms of a loan."""

import datetime

import pytest

from partners.models import LoanTerms, Nomination, Partner, PartnerAgreement
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from tests.factories.accounts import opm_staff
from tests.factories.partners import (
    ConfirmedNominationFactory,
    InvitedNominationFactory,
    LeaveFactory,
    PartnerAgreementFactory,
    PartnerFactory,
)
from tests.partners.desks import mails_to
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def at_desk(*roles: str) -> Desk:
    desk = Desk(opm_staff(*roles))
    desk.raise_request_exception = True
    return desk


@pytest.fixture
def office() -> Desk:
    return at_desk(OpmRole.PROGRAM_MANAGER)


@pytest.fixture
def case_manager() -> Desk:
    return at_desk(OpmRole.CASE_MANAGER)


def act(row: Partner | Nomination, name: str) -> str:
    return f"/admin/partners/{row._meta.model_name}/{row.pk}/act/{name}/"


def agreement(reference: str = "PA-77", first: int = -1, last: int = 700) -> dict[str, str]:
    days = {"starts_on": today() + first * DAY, "ends_on": today() + last * DAY, "signed_on": today() - DAY}
    return {"reference": reference, **{name: day.isoformat() for name, day in days.items()}}


def test_a_company_becomes_active_once_its_agreement_is_on_file(office: Desk) -> None:
    partner = PartnerFactory(status="prospective")
    office.post(act(partner, "begin_agreement"))
    refused = office.post(act(partner, "activate"))
    assert refused.status_code == 422
    assert "File the signed agreement" in refused.content.decode()

    office.post(act(partner, "add_agreement"), agreement())
    office.post(act(partner, "activate"))

    partner.refresh_from_db()
    assert (partner.status, partner.agreements.get().reference) == ("active", "PA-77")


def test_signed_agreements_do_not_overlap_and_have_a_reference_of_their_own(office: Desk) -> None:
    partner = PartnerFactory()
    PartnerAgreementFactory(partner=partner, reference="PA-1")
    wrong = {
        "covers some of these days": agreement("PA-2"),
        "is on file": agreement("PA-1", 800, 900),
        "before the first": agreement("PA-3", 900, 800),
        "valid date": {**agreement("PA-4", 800, 900), "ends_on": "soon"},
    }
    for message, answers in wrong.items():
        answer = office.post(act(partner, "add_agreement"), answers)
        assert answer.status_code == 422
        assert message in answer.content.decode()
        assert answers["reference"] in answer.content.decode()
    assert PartnerAgreement.objects.count() == 1


def test_the_page_of_a_company_lists_its_agreements(office: Desk) -> None:
    filed = PartnerAgreementFactory()
    page = office.get(f"/admin/partners/partner/{filed.partner.pk}/change/").content.decode()
    assert filed.reference in page


def test_whoever_does_not_keep_partners_files_nothing(case_manager: Desk) -> None:
    partner = PartnerFactory(status="prospective")
    for name in ("begin_agreement", "add_agreement"):
        case_manager.post(act(partner, name), agreement())
    partner.refresh_from_db()
    assert (partner.status, PartnerAgreement.objects.count()) == ("prospective", 0)


def test_a_leave_of_absence_takes_the_place_of_earlier_terms(case_manager: Desk) -> None:
    nomination = LeaveFactory().nomination
    leave = {
        "leave_type": "public_service",
        "starts_on": (today() + 9 * DAY).isoformat(),
        "has_return_right": "on",
        "expected_return_on": (today() + 700 * DAY).isoformat(),
    }

    answer = case_manager.post(act(nomination, "record_leave"), leave)

    assert answer.status_code == 302
    terms = LoanTerms.objects.in_force().get(nomination=nomination)
    assert (terms.leave_type, terms.has_return_right) == ("public_service", True)
    assert LoanTerms.objects.count() == 2


def test_a_separation_is_recorded_with_its_last_day(case_manager: Desk) -> None:
    nomination = ConfirmedNominationFactory()
    case_manager.post(act(nomination, "record_separation"), {"last_day_on": today().isoformat()})
    terms = LoanTerms.objects.get(nomination=nomination)
    assert (terms.kind, terms.last_day_on) == ("separation", today())
    page = case_manager.get(f"/admin/partners/nomination/{nomination.pk}/change/").content.decode()
    assert "Separation, last day" in page


def test_a_return_comes_after_the_leave_begins_and_needs_its_right(case_manager: Desk) -> None:
    nomination = ConfirmedNominationFactory()
    early = {
        "leave_type": "personal",
        "starts_on": (today() + 9 * DAY).isoformat(),
        "expected_return_on": today().isoformat(),
    }
    answer = case_manager.post(act(nomination, "record_leave"), early)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "right to return has such a day" in page
    assert "after the leave begins" in page
    assert not LoanTerms.objects.exists()


def test_terms_are_for_people_who_confirmed_and_for_case_managers(case_manager: Desk, office: Desk) -> None:
    data = {"last_day_on": today().isoformat()}
    case_manager.post(act(InvitedNominationFactory(), "record_separation"), data)
    office.post(act(ConfirmedNominationFactory(), "record_separation"), data)
    assert not LoanTerms.objects.exists()


def test_a_nomination_is_revoked_with_a_reason_and_the_person_is_told(office: Desk) -> None:
    nomination = ConfirmedNominationFactory()
    assert office.post(act(nomination, "revoke"), {}).status_code == 422

    office.post(act(nomination, "revoke"), {"reason_code": "sent_in_error"})

    nomination.refresh_from_db()
    assert nomination.status == "revoked"
    assert [mail.subject for mail in mails_to(nomination.nominee.email)] == ["Your nomination is closed"]


def test_a_nomination_is_closed_through_the_service_with_a_reason(case_manager: Desk) -> None:
    nomination = ConfirmedNominationFactory()
    bare = act(nomination, "close").replace("/act/", "/transition/")
    answer = case_manager.post(bare, {"reason_code": "not_placed"}, follow=True)
    assert "This step is not open to you here." in answer.content.decode()
    nomination.refresh_from_db()
    assert nomination.status == "confirmed"

    assert case_manager.post(act(nomination, "close"), {}).status_code == 422
    case_manager.post(act(nomination, "close"), {"reason_code": "not_placed"})
    nomination.refresh_from_db()
    assert nomination.status == "closed"
