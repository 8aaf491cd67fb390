"""People of one agency at their desks, and somebody who is referred to it."""

from typing import Any

from agencies.models import AgencyRole, Opening
from placements import services
from placements.models import CertificateEntry, Placement, Referral, Selection
from techforce.accounts.models import OpmRole
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import ApplicantFactory, QualifiedApplicationFactory
from tests.factories.partners import ConfirmedNominationFactory
from tests.techforce.desk import Desk

HR, MANAGER, APPROVER = AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL
SECURITY, ETHICS = AgencyRole.SECURITY_OFFICER, AgencyRole.ETHICS_OFFICIAL
SUPERVISOR, VIEWER = AgencyRole.SUPERVISOR, AgencyRole.VIEWER


def desk(role: str, opening: Opening) -> Desk:
    """Somebody with this role at the opening's agency, signed in; errors come as they would in a test."""
    seat = Desk(agency_member(role, agency=opening.agency))
    seat.raise_request_exception = True
    return seat


def referred(count: int = 1, *, opening: Opening | None = None, **fields: Any) -> Referral:
    """A certificate with `count` names, issued and referred to one opening."""
    opening = opening or PublishedOpeningFactory()
    certificate = made.CertificateFactory(cohort=opening.cohort)
    for number in range(count):
        applicant = ApplicantFactory(legal_name=f"Robin Reyes {number}")
        application = QualifiedApplicationFactory(cohort=opening.cohort, applicant=applicant, **fields)
        made.CertificateEntryFactory(certificate=certificate, application=application)
    services.issue_certificate(certificate=certificate, by=opm_staff(OpmRole.PROGRAM_MANAGER))
    return made.ReferralFactory(certificate=certificate, opening=opening)  # type: ignore[no-any-return]


def first_entry(referral: Referral) -> CertificateEntry:
    entry: CertificateEntry = referral.certificate.entries.order_by("pk").first()
    return entry


def page_of(referral: Referral, entry: CertificateEntry | None = None) -> str:
    entry = entry or first_entry(referral)
    return f"/agency/candidates/{referral.public_id}/{entry.public_id}/"


def selection_on(referral: Referral) -> Selection:
    return Selection.objects.get(opening=referral.opening)


def nominee_of(referral: Referral, company: Any) -> Any:
    """The first name of the certificate is a confirmed nominee of this company, whose terms are not on file."""
    return ConfirmedNominationFactory(
        partner__company=company,
        cohort=referral.opening.cohort,
        nominee=first_entry(referral).application.applicant.user,
    )


def placed(status: str = "pending_checks", **fields: Any) -> Placement:
    """A placement whose gates are all open."""
    return made.checked_placement(status=status, **fields)
