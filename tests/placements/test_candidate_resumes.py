"""An agency opens the résumé of a candidate: who, which file, and how long."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from applicants import permissions
from applicants.models import Application, Document
from applicants.querysets import FILE_READERS, documents
from applicants.services import request_withdrawal
from placements import services
from placements.models import Certificate, Referral, Selection
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.models import AccessEvent
from tests.applicants.filling import RESUME
from tests.applicants.test_document_pages import address, code, put
from tests.applicants.test_quarantine import scanned
from tests.factories.accounts import DelegationFactory, opm_staff
from tests.factories.agencies import (
    AgencyMembershipFactory,
    OfficeFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.factories.applicants import DocumentFactory, RecusalFactory, SubmittedApplicationFactory
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
    page_of,
    referred,
)
from tests.placements.people import DAY
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def referral() -> Referral:
    return referred()


@pytest.fixture
def document(referral: Referral) -> Document:
    """Clean, of the one person on the certificate."""
    return resume_of(first_entry(referral).application)


def resume_of(application: Application, **fields: Any) -> Document:
    document = DocumentFactory(application=application, format="txt", label="resume.txt", **fields)
    default_storage.save(document.arrived_name, ContentFile(RESUME))
    return scanned(document)


def agrees(user: User, document: Document) -> bool:
    """What the queryset lists is what the rule allows."""
    user, document = User.objects.get(pk=user.pk), Document.objects.get(pk=document.pk)
    listed = Document.objects.visible_to(user).filter(pk=document.pk).exists()
    assert listed == user.has_perm("applicants.view_document", document)
    return listed


def test_a_member_who_considers_people_opens_what_was_rewritten(
    referral: Referral, document: Document
) -> None:
    seat = desk(MANAGER, referral.opening)
    assert address(document) in seat.get(page_of(referral)).content.decode()
    answer = seat.get(address(document))
    assert b"".join(answer.streaming_content) == RESUME
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    event = AccessEvent.objects.get(purpose="document")
    assert (event.actor, event.subject_id) == (seat.user, document.pk)


def test_each_role_and_each_stranger(referral: Referral, document: Document) -> None:
    opening = referral.opening
    by_role = {role: agency_member(role, agency=opening.agency) for role in (HR, MANAGER, APPROVER)}
    others = [agency_member(role, agency=opening.agency) for role in (SECURITY, ETHICS, SUPERVISOR, VIEWER)]
    elsewhere = agency_member(HR, agency=PublishedOpeningFactory().agency)
    other_office = agency_member(HR, agency=opening.agency, office=OfficeFactory(agency=opening.agency))
    former = agency_member(HR, agency=opening.agency, ends_on=today() - DAY, starts_on=today() - 9 * DAY)
    assert all(agrees(user, document) for user in by_role.values())
    for user in (*others, elsewhere, other_office, former):
        assert not agrees(user, document)
        assert code(user, document) == 404
        assert address(document) not in Desk(user).get(page_of(referral)).content.decode()


def test_nobody_reads_their_own_or_that_of_somebody_from_whom_they_stand_aside(
    referral: Referral, document: Document
) -> None:
    agency, person = referral.opening.agency, document.application.applicant
    recused = RecusalFactory(user=agency_member(HR, agency=agency), applicant=person).user
    carrier = agency_member(HR, agency=agency)
    DelegationFactory(giver=person.user, taker=carrier)
    assert not agrees(recused, document)
    assert not agrees(carrier, document)


Change = Callable[[Referral, Document], Any]
ENDS: dict[str, Change] = {
    "the certificate is past its day": lambda referral, _document: _past(referral),
    "the certificate has expired": lambda referral, _document: (
        _past(referral),
        services.expire_certificates(by=User.objects.system()),
    ),
    "the certificate went back": lambda referral, _document: services.return_with_outcomes(
        referral=referral,
        outcomes={first_entry(referral).pk: "not_considered"},
        by=agency_member(HR, agency=referral.opening.agency),
    ),
    "the name was taken off": lambda referral, _document: services.remove_entry(
        entry=first_entry(referral), by=opm_staff(OpmRole.PROGRAM_MANAGER)
    ),
    "the person asked to withdraw": lambda _referral, document: request_withdrawal(
        application=document.application, by=document.application.applicant.user
    ),
    "ties block the opening": lambda referral, document: _blocked(referral, document),
}


def _past(referral: Referral) -> None:
    Certificate.objects.filter(pk=referral.certificate_id).update(
        issued_at=timezone.now() - 9 * DAY, expires_on=today() - DAY
    )


def _blocked(referral: Referral, document: Document) -> None:
    Selection.objects.create(
        application=document.application,
        applicant=document.application.applicant,
        cohort=document.application.cohort,
        opening=referral.opening,
        referral=referral,
        status="conflict_blocked",
    )


@pytest.mark.parametrize("end", ENDS)
def test_the_access_ends(referral: Referral, document: Document, end: str) -> None:
    member = agency_member(HR, agency=referral.opening.agency)
    assert agrees(member, document)
    ENDS[end](referral, document)
    assert not agrees(member, document)
    assert code(member, document) == 404


@pytest.mark.parametrize("status", ["quarantined", "refused", "replaced"])
def test_what_is_not_clean_is_not_there(referral: Referral, document: Document, status: str) -> None:
    member = agency_member(HR, agency=referral.opening.agency)
    put(document, status)
    assert not agrees(member, document)
    assert code(member, document) == 404


def test_neither_a_transcript_nor_a_resume_of_somebody_who_is_not_named(
    referral: Referral, document: Document
) -> None:
    member = agency_member(HR, agency=referral.opening.agency)
    transcript = resume_of(document.application, kind="transcript")
    other = resume_of(first_entry(referred()).application)
    assert [code(member, one) for one in (document, transcript, other)] == [200, 404, 404]


@pytest.mark.parametrize("kept", [0, 1])
def test_without_one_of_the_two_halves_they_would_not_agree(
    referral: Referral, document: Document, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """The negative control: each half alone lets the member in by its own way, and not by the other."""
    member = agency_member(HR, agency=referral.opening.agency)
    condition, check = FILE_READERS[0]
    halves = (condition, lambda user, obj: False) if kept == 0 else (lambda user: Q(pk__in=[]), check)
    for module in (permissions, documents):
        monkeypatch.setattr(module, "FILE_READERS", [halves])
    with pytest.raises(AssertionError):
        agrees(member, document)


def test_a_rater_who_also_works_for_an_agency_stays_blind_while_a_review_is_open(
    referral: Referral, document: Document
) -> None:
    rater = opm_staff(OpmRole.REVIEWER)
    AgencyMembershipFactory(user=rater, agency=referral.opening.agency, role=HR)
    assert agrees(rater, document)  # qualified: the ratings are in
    in_review = SubmittedApplicationFactory(status="in_review", cohort=referral.opening.cohort)
    assert not agrees(rater, resume_of(in_review))
