"""Which decisions after the result can be reviewed, and whom the person is sent to about the others."""

from typing import Any
from uuid import uuid4

import pytest

from applicants.models import Application, CaseThread
from applicants.services import settle_review
from placements import services
from placements.models import CertificateEntry, Selection
from techforce.accounts.models import OpmRole
from techforce.core.errors import NotPermitted
from techforce.core.models import AuditEvent
from tests.applicants.asking import letter
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.program import VettingTierFactory
from tests.placements.agency_room import HR, desk, first_entry, page_of, referred
from tests.placements.people import client_of, placement_in, read

pytestmark = pytest.mark.django_db

SET_ASIDE: dict[str, Any] = {"outcome": "changed", "reason_code": "error", "body": "Your name is back."}


def of(application: Application) -> str:
    return f"/my/review/{application.public_id}/"


def taken_off(by: Any) -> CertificateEntry:
    return services.remove_entry(entry=first_entry(referred()), by=by)


def asked(application: Application) -> CaseThread:
    client = client_of(application.applicant.user)
    client.post(of(application), letter(client, of(application), body="Why?"))
    thread: CaseThread = CaseThread.objects.get(application=application)
    return thread


def test_a_name_taken_off_a_certificate_is_reviewed_and_comes_back() -> None:
    remover = opm_staff(OpmRole.PROGRAM_MANAGER)
    entry = taken_off(remover)
    assert "Taken off certificate" in read(entry.application.applicant.user, of(entry.application))
    thread = asked(entry.application)
    assert (thread.decided_by, thread.decided_at) == (remover, entry.removed_at)
    with pytest.raises(NotPermitted, match="somebody else"):
        settle_review(thread=thread, by=remover, **SET_ASIDE)

    settle_review(thread=thread, by=opm_staff(OpmRole.HR_DECIDER), **SET_ASIDE)

    entry.refresh_from_db()
    assert entry.removed_at is None
    assert AuditEvent.objects.about(entry).last().action == "placements.certificateentry:restore"
    with pytest.raises(NotPermitted, match="set your decision"):
        services.remove_entry(entry=entry, by=remover)
    assert services.remove_entry(entry=entry, by=opm_staff(OpmRole.PROGRAM_MANAGER)).removed_at is not None


def test_where_the_decision_stands_the_name_stays_off() -> None:
    entry = taken_off(opm_staff(OpmRole.PROGRAM_MANAGER))
    answers = SET_ASIDE | {"outcome": "upheld", "reason_code": "rules_applied"}
    settle_review(thread=asked(entry.application), by=opm_staff(OpmRole.HR_DECIDER), **answers)
    entry.refresh_from_db()
    assert entry.removed_at is not None


def test_the_choice_of_an_agency_is_not_reviewed_and_the_page_says_whom_to_ask() -> None:
    referral = referred()
    seat, person = desk(HR, referral.opening), first_entry(referral).application.applicant.user
    seat.post(f"{page_of(referral)}propose/")
    seat.post(f"{page_of(referral)}reject/", {"reason_code": "skills_fit"})
    application = first_entry(referral).application
    assert "Whom to ask about what agencies decided" in read(person)
    page = read(person, of(application))
    assert f"Not selected: {referral.opening.title}" in page
    assert "its choice is not reviewed here" in page
    assert "Ask the program office" in page
    assert "skills" not in page.lower()
    answer = client_of(person).post(of(application), {"key": uuid4(), "body": "Choose me."})
    assert answer.status_code == 422
    assert not CaseThread.objects.exists()


def test_an_offer_taken_back_leads_to_the_agency_and_unmet_requirements_to_its_office() -> None:
    placement = placement_in("pending_checks")
    vetting = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    checklist = made.ChecklistFactory(placement=placement, template=vetting, area="vetting")
    made.ChecklistItemFactory(checklist=checklist, step__owner_role="adjudicator", status="not_met")
    made.SentOfferFactory(selection=placement.selection, status="withdrawn")
    page = read(placement.applicant.user, of(placement.selection.application))
    assert "Ask the agency that made the offer" in page
    assert "Requirements not met; the security office writes to you" in page


def test_of_a_block_by_ties_nothing_is_said() -> None:
    referral = referred()
    application = first_entry(referral).application
    Selection.objects.create(
        application=application,
        applicant=application.applicant,
        cohort=application.cohort,
        opening=referral.opening,
        referral=referral,
        status="conflict_blocked",
    )
    assert client_of(application.applicant.user).get(of(application)).status_code == 404
    assert "agencies decided" not in read(application.applicant.user)
