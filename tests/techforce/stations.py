"""The stations of the road, each with the buttons that the people there press (issue 3); a station says which mails
it leads to."""

import datetime
import time
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agencies.models import Opening
from partners.models import Nomination
from placements.models import ChecklistItem
from placements.services import accept_offer, confirm_ready, seed_placements
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from techforce.core.models import OutboxMessage
from tests.agencies.opening_forms import page_of as opening_page
from tests.agencies.opening_forms import shown
from tests.applicants.filling import RESUME, Person, at, draft, open_cohort, typed
from tests.applicants.test_deciding import answers as results
from tests.factories import placements as made
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import (
    AgencyParticipationFactory,
    OpeningFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.factories.applicants import ApplicationFactory, SubmittedApplicationFactory
from tests.factories.program import CohortFactory, DisciplineFactory, SensitivityFactory, VettingTierFactory
from tests.partners.desks import NOMINATE, able_company, leave, link_mailed_to
from tests.partners.desks import answers as nomination
from tests.partners.desks import page_of as nomination_page
from tests.partners.test_nomination_pages import YES
from tests.placements import agency_room as room
from tests.placements.people import client_of
from tests.placements.test_agency_placements import open_step
from tests.placements.test_certificate_pages import NEW, qualified
from tests.placements.test_certificate_pages import answers as certificate
from tests.techforce.desk import Desk

DAY = datetime.timedelta(days=1)
DESIGNATED = {"designated_on": today(), "designation_record": "PD-7", "disclosure_filer": "none"}


class Walk:
    """Notes how each button was answered, and the longest wait."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.longest_s = 0.0

    def press(self, who: Client, path: str, **answers: Any) -> None:
        began = time.monotonic()
        self.codes[f"{len(self.codes)} {path}"] = who.post(path, answers).status_code
        self.longest_s = max(self.longest_s, time.monotonic() - began)

    def fill(self, who: Client, path: str, **answers: Any) -> None:
        self.press(who, path, **(typed(who.get(path)) | answers))


def in_days(number: int) -> str:
    return (today() + number * DAY).isoformat()


def applying(walk: Walk) -> set[str]:
    open_cohort()
    walk.press(Person(UserFactory()), "/apply/", legal_name="Ada Okoro")
    application = draft()
    person = Person(application.applicant.user)
    walk.fill(person, at(application, "employers"), now="Harbor Board")
    walk.fill(person, at(application, "resume"), file=SimpleUploadedFile("resume.txt", RESUME))
    walk.fill(person, at(application, "review"), certify="on")
    return {"application_received"}


def rating_and_deciding(walk: Walk) -> set[str]:
    application = SubmittedApplicationFactory(disciplines=[DisciplineFactory(code="software")])
    for _rater in range(2):
        rater = Desk(opm_staff(OpmRole.REVIEWER))
        walk.press(rater, "/admin/review/")
        page = f"/admin/review/{application.public_id}/"
        walk.press(rater, page, score="4", notes="Clear evidence.")
    decider = Desk(opm_staff(OpmRole.HR_DECIDER))
    walk.press(decider, f"/admin/decide/{application.public_id}/", **results(application, "qualified"))
    return {"application_decided"}


def posting_an_opening(walk: Walk) -> set[str]:
    opening = OpeningFactory(
        **DESIGNATED, vetting_tier=VettingTierFactory(), sensitivity=SensitivityFactory()
    )
    AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort)
    hr = Desk(agency_member(agency=opening.agency))
    begun = {"title": "Engineer", "office": opening.office_id, "cohort": opening.cohort_id}
    walk.press(hr, "/agency/openings/new/", **begun)
    walk.press(hr, opening_page(opening, "edit/"), **shown(hr, opening) | {"seats": "2"})
    walk.press(hr, opening_page(opening, "submit/"))
    manager = Desk(opm_staff(OpmRole.PROGRAM_MANAGER))
    walk.press(manager, f"/admin/agencies/opening/{opening.pk}/act/publish/")
    assert Opening.objects.get(pk=opening.pk).status == "published"
    return {"opening_published"}


def marking(walk: Walk) -> set[str]:
    opening = PublishedOpeningFactory(cohort=CohortFactory(status="open"))
    person = client_of(ApplicationFactory(cohort=opening.cohort).applicant.user)
    for answer in ("yes", "no"):
        walk.press(person, f"/openings/{opening.public_id}/interest/", interested=answer)
    return set()


def certifying(walk: Walk) -> set[str]:
    opening = PublishedOpeningFactory(discipline=DisciplineFactory(code="software"))
    asked = certificate(opening.cohort, opening.discipline)
    qualified(opening.cohort, opening.discipline)
    agency_member(agency=opening.agency)
    manager = Desk(opm_staff(OpmRole.PROGRAM_MANAGER))
    walk.press(manager, NEW, **asked, digest=manager.get(NEW, asked).context["preview"]["digest"])
    issued = opening.cohort.certificates.get()
    path = f"/admin/placements/certificate/{issued.pk}/act/refer/"
    walk.press(manager, path, opening=opening.pk, due_on=in_days(15))
    return {"application_referred", "certificate_waiting"}


def selecting(walk: Walk) -> set[str]:
    referral = room.referred(2)
    manager, approver = (room.desk(role, referral.opening) for role in (room.MANAGER, room.APPROVER))
    first, second = (room.page_of(referral, entry) for entry in referral.certificate.entries.order_by("pk"))
    for page in (first, second):
        walk.press(manager, f"{page}propose/")
    walk.press(manager, f"{first}interview/")
    walk.press(approver, f"{first}select/")
    walk.press(manager, f"{second}reject/", reason_code="skills_fit")
    return {"selection_decided"}


def offering(walk: Walk) -> set[str]:
    selection = made.SelectionFactory(status="selected")
    hr = room.desk(room.HR, selection.opening)
    walk.press(hr, f"/agency/offers/new/{selection.public_id}/", pay_rate="150000", starts_on=in_days(60))
    offer = selection.offers.get()
    walk.press(hr, f"/agency/offers/{offer.public_id}/send/", answer_by=in_days(5))
    return {"offer_sent"}


def accepting(walk: Walk) -> set[str]:
    offer = made.SentOfferFactory()
    agency_member(agency=offer.opening.agency)
    person = client_of(offer.applicant.user)
    walk.press(person, f"/my/offers/{offer.public_id}/accept/", version=offer.version)
    return {"offer_answered"}


def going_through_the_steps(walk: Walk) -> set[str]:
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    seed_placements()
    offer = made.SentOfferFactory()
    placement = accept_offer(offer=offer, by=offer.applicant.user)
    own = ChecklistItem.objects.get(checklist__placement=placement, code="V02")
    walk.press(client_of(offer.applicant.user), f"/my/service/steps/{own.public_id}/done/")
    item = open_step()
    ethics = room.desk(room.ETHICS, item.checklist.placement.opening)
    done = {"outcome": "all_no", "effective_on": in_days(0), "reference": "F-1"}
    walk.press(ethics, f"/agency/steps/{item.public_id}/complete/", **done)
    return {"step_assigned"}


def confirming(walk: Walk) -> set[str]:
    placement = room.placed()
    hr = room.desk(room.HR, placement.opening)
    walk.press(hr, f"/agency/placements/{placement.public_id}/confirm-ready/")
    return {"placement_ready"}


def starting(walk: Walk) -> set[str]:
    placement = room.placed()
    confirm_ready(placement=placement, by=agency_member(agency=placement.opening.agency))
    OutboxMessage.objects.all().delete()
    hr = room.desk(room.HR, placement.opening)
    day = {"effective_on": in_days(0)}
    walk.press(hr, f"/agency/placements/{placement.public_id}/activate/", **day)
    return {"service_begins"}


def lending(walk: Walk) -> set[str]:
    """The link of the first invitation has arrived before; the second one waits like every mail."""
    _partner, company = able_company()
    company.post(NOMINATE, nomination())
    first = Nomination.objects.get()
    link = link_mailed_to(first.invited_email)
    walk.press(company, NOMINATE, **nomination(email="second@mail.example"))
    nominee = Desk(UserFactory())
    nominee.get(link)
    walk.press(nominee, f"/nomination/{first.public_id}/", **YES)
    walk.press(company, nomination_page(first, "terms"), **leave())
    return {"nomination_invitation", "nomination_confirmed", "terms_recorded"}


STATIONS: tuple[Callable[[Walk], set[str]], ...] = (
    applying,
    rating_and_deciding,
    posting_an_opening,
    marking,
    certifying,
    selecting,
    offering,
    accepting,
    going_through_the_steps,
    confirming,
    starting,
    lending,
)
