"""Every list of the road costs the same queries with one row and with three, also where the rows differ in state and
hang on many others. The lists of single tables in the admin: test_access.py."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from agencies.models import Opening
from applicants.models import Application
from partners.models import Partner
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import (
    AgencyParticipationFactory,
    OfficeFactory,
    OfficePartnerRelationshipFactory,
    OpeningPlaceFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.factories.applicants import (
    AgencyInterviewFactory,
    ApplicantFactory,
    CaseMessageFactory,
    CaseThreadFactory,
    DocumentTextFactory,
    OpeningInterestFactory,
    QualifiedApplicationFactory,
    RatingFactory,
    SubmittedApplicationFactory,
)
from tests.factories.partners import (
    ConfirmedNominationFactory,
    InvitedNominationFactory,
    LeaveFactory,
    PartnerFactory,
    PartnerMembershipFactory,
    coordinator,
)
from tests.factories.program import CohortFactory, DisciplineFactory, VettingTierFactory
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, desk
from tests.techforce.addresses import SITE, STAFF
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)

AddRow = Callable[[int], Any]
List = tuple[Client, str, AddRow]


# ── Rows of an agency ─────────────────────────────────────────────────────────────────────────────
def candidates_of(role: str) -> List:
    """Each by a certificate of its own, some of them nominated, in every standing of a selection."""
    opening = PublishedOpeningFactory()

    def add(number: int) -> None:
        entry = made.CertificateEntryFactory(
            certificate__cohort=opening.cohort, application__applicant=ApplicantFactory()
        )
        application = entry.application
        made.ReferralFactory(certificate=entry.certificate, opening=opening)
        OpeningInterestFactory(application=application, opening=opening)
        ConfirmedNominationFactory(cohort=opening.cohort, nominee=application.applicant.user)
        status = ("proposed", "interviewing", "held")[number % 3]
        made.SelectionFactory(opening=opening, application=application, status=status)

    return desk(role, opening), "/agency/candidates/", add


def offers_of(role: str) -> List:
    opening = PublishedOpeningFactory(seats=9)

    def add(number: int) -> None:
        selection = made.SelectionFactory(opening=opening, status="offered")
        paused = {"clock_paused_at": timezone.now()} if number % 2 else {}
        made.SentOfferFactory(selection=selection, **paused)
        made.OfferFactory(selection=made.SelectionFactory(opening=opening, status="selected"))

    return desk(role, opening), "/agency/offers/", add


def public_figures() -> List:
    opening = PublishedOpeningFactory()
    edition = made.EditionFactory()

    def add(number: int) -> None:
        made.FigureFactory(edition=edition, agency=opening.agency, tier=VettingTierFactory(code=f"T{number}"))

    return desk(HR, opening), "/agency/numbers/", add


def placements_of(role: str, address: str = "/agency/placements/") -> List:
    """Of people lent by companies, each with late steps of several parties."""
    opening = PublishedOpeningFactory(seats=9)

    def add(number: int) -> None:
        selection = made.SelectionFactory(opening=opening, status="accepted")
        placement = made.LentPlacementFactory(selection=selection)
        LeaveFactory(nomination=placement.nomination)
        checklist = made.ChecklistFactory(placement=placement)
        late = {"due_on": today() - DAY, "undated_reason": ""}
        for step, owner in enumerate(("candidate", "ethics_official", "partner")):
            made.ChecklistItemFactory(
                checklist=checklist, step__code=f"C{number}{step}", step__owner_role=owner, **late
            )

    return desk(role, opening), address, add


def people_under_vetting() -> List:
    """By milestones, the first of them on file."""
    opening = PublishedOpeningFactory(seats=9)
    AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort, vetting_detail="milestones")

    def add(number: int) -> None:
        placement = made.PlacementFactory(selection__opening=opening)
        template = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
        checklist = made.ChecklistFactory(placement=placement, template=template, area="vetting")
        made.DoneItemFactory(checklist=checklist, step__code="V05")
        for code in ("V10", "V13"):
            own = {
                "step__code": code,
                "step__owner_role": "security_officer",
                "step__recorder_role": "security_officer",
            }
            made.ChecklistItemFactory(checklist=checklist, **own)

    return desk(SECURITY, opening), "/agency/vetting/", add


def conflicts(state: str = "") -> List:
    opening = PublishedOpeningFactory()

    def add(number: int) -> None:
        selection = made.SelectionFactory(opening=opening)
        nomination = ConfirmedNominationFactory(
            cohort=opening.cohort, nominee=selection.applicant.user, partner=PartnerFactory()
        )
        OfficePartnerRelationshipFactory(office=opening.office, company=nomination.partner.company)
        signed = {}
        if state:
            official = agency_member(ETHICS, agency=opening.agency)
            signed = {"status": "signed", "signed_result": "clear", "signed_by": official}
            signed["signed_at"] = timezone.now()
        made.DeterminationFactory(selection=selection, **signed)

    return desk(ETHICS, opening), f"/agency/conflicts/{state}", add


def certificate_to_return() -> List:
    opening = PublishedOpeningFactory()
    certificate = made.CertificateFactory(cohort=opening.cohort)
    referral = made.ReferralFactory(certificate=certificate, opening=opening)

    def add(number: int) -> None:
        application = QualifiedApplicationFactory(cohort=opening.cohort, applicant=ApplicantFactory())
        made.CertificateEntryFactory(certificate=certificate, application=application)
        made.SelectionFactory(opening=opening, application=application, status="not_selected")

    return desk(HR, opening), f"/agency/certificates/{referral.public_id}/", add


def openings_of_an_agency() -> List:
    office = OfficeFactory()
    cohort = CohortFactory()

    def add(number: int) -> None:
        status = ("published", "paused", "closed")[number % 3]
        opening = PublishedOpeningFactory(office=office, cohort=cohort, status=status)
        for _place in range(number + 1):
            OpeningPlaceFactory(opening=opening)

    return Desk(agency_member(HR, agency=office.agency)), "/agency/openings/", add


# ── Rows of everybody ─────────────────────────────────────────────────────────────────────────────
def public_openings() -> List:
    cohort = CohortFactory(status="open")
    application = SubmittedApplicationFactory(cohort=cohort)

    def add(number: int) -> None:
        opening: Opening = PublishedOpeningFactory(cohort=cohort)
        OpeningPlaceFactory(opening=opening)
        OpeningInterestFactory(application=application, opening=opening)

    return Desk(application.applicant.user), "/openings/", add


def own_application() -> List:
    """With openings marked, referrals and offers."""
    application: Application = QualifiedApplicationFactory(cohort=CohortFactory(status="open"))

    def add(number: int) -> None:
        opening = PublishedOpeningFactory(cohort=application.cohort)
        OpeningInterestFactory(application=application, opening=opening)
        AgencyInterviewFactory(application=application, opening=opening)
        entry = made.CertificateEntryFactory(certificate__cohort=opening.cohort, application=application)
        made.ReferralFactory(certificate=entry.certificate, opening=opening)
        selection = made.SelectionFactory(opening=opening, application=application, status="offered")
        over = {"status": "declined", "answered_at": timezone.now()} if number else {}
        made.SentOfferFactory(selection=selection, **over)

    return Desk(application.applicant.user), "/my/", add


def roster() -> List:
    partner: Partner = PartnerFactory()

    def add(number: int) -> None:
        InvitedNominationFactory(partner=partner)
        nomination = ConfirmedNominationFactory(partner=partner)
        LeaveFactory(nomination=nomination)
        application = QualifiedApplicationFactory(
            cohort=nomination.cohort, applicant__user=nomination.nominee
        )
        selection = made.SelectionFactory(
            application=application,
            status="accepted",
            opening=PublishedOpeningFactory(cohort=nomination.cohort),
        )
        made.LentPlacementFactory(selection=selection, nomination=nomination)

    return Desk(coordinator(partner=partner)), "/partner/", add


def colleagues() -> List:
    partner = PartnerFactory()

    def add(number: int) -> None:
        PartnerMembershipFactory(partner=partner)

    return Desk(coordinator(partner=partner)), "/partner/colleagues/", add


def own_questions() -> List:
    application = SubmittedApplicationFactory()

    def add(number: int) -> None:
        """In every state, of every topic that can be open more than once."""
        CaseThreadFactory(application=application, topic=("question", "records", "technical")[number])
        CaseThreadFactory(application=application, status="asked", owner=opm_staff(OpmRole.CASE_MANAGER))
        CaseThreadFactory(application=application, status="answered", due_on=None)

    return Desk(application.applicant.user), "/my/questions/", add


def one_conversation() -> List:
    thread = CaseThreadFactory()

    def add(number: int) -> None:
        for author in (thread.opened_by, opm_staff(OpmRole.CASE_MANAGER)):
            CaseMessageFactory(thread=thread, author=author, body=f"Message {number}")

    return Desk(thread.opened_by), f"/my/questions/{thread.public_id}/", add


# ── Rows of OPM ───────────────────────────────────────────────────────────────────────────────────
def staff(role: str) -> Desk:
    return Desk(opm_staff(role))


def to_rate() -> List:
    def add(number: int) -> None:
        RatingFactory(application=SubmittedApplicationFactory(), submitted_at=timezone.now())

    return staff(OpmRole.REVIEWER), "/admin/review/", add


def to_decide() -> List:
    def add(number: int) -> None:
        disciplines = [DisciplineFactory(code=code) for code in ("software", "data")]
        application = SubmittedApplicationFactory(status="in_review", disciplines=disciplines)
        for _rater in range(2):
            RatingFactory(application=application, submitted_at=timezone.now())

    return staff(OpmRole.HR_DECIDER), "/admin/decide/", add


def cases(page: str, topic: str) -> List:
    """Of different people, some with an owner, some late."""

    def add(number: int) -> None:
        owner = opm_staff(OpmRole.PROGRAM_MANAGER) if number % 2 else None
        CaseThreadFactory(topic=topic, owner=owner)
        CaseThreadFactory(topic=topic, owner=owner, due_on=today() - DAY)

    return staff(OpmRole.CASE_MANAGER), f"/admin/{page}/", add


def resumes_found() -> List:
    cohort = CohortFactory()

    def add(number: int) -> None:
        application = SubmittedApplicationFactory(cohort=cohort)
        DocumentTextFactory(document__application=application)

    return staff(OpmRole.HR_DECIDER), "/admin/search-resumes/?q=tide", add


def names_for_a_certificate() -> List:
    cohort, discipline = CohortFactory(), DisciplineFactory()

    def add(number: int) -> None:
        person = ApplicantFactory()
        QualifiedApplicationFactory(cohort=cohort, disciplines=[discipline], applicant=person)
        left = QualifiedApplicationFactory(cohort=cohort, disciplines=[discipline])
        Application.objects.filter(pk=left.pk).update(withdraws_at=timezone.now() + DAY)

    asked = f"cohort={cohort.pk}&discipline={discipline.pk}&authority=A&expires_on={today() + 99 * DAY}"
    return staff(OpmRole.PROGRAM_MANAGER), f"/admin/certificates/new/?{asked}", add


def work_page(role: str, *sources: Callable[[], List]) -> List:
    """OPM's first page, with rows of several lists behind its cards."""
    adders = [source()[2] for source in sources]

    def add(number: int) -> None:
        for each in adders:
            each(number)

    return staff(role), "/admin/", add


LISTS: dict[str, Callable[[], List]] = {
    "openings": public_openings,
    "my_application": own_application,
    "my_questions": own_questions,
    "my_question": one_conversation,
    "agency_openings": openings_of_an_agency,
    "agency_candidates, hiring manager": lambda: candidates_of(MANAGER),
    "agency_candidates, HR": lambda: candidates_of(HR),
    "agency_numbers": public_figures,
    "agency_offers": lambda: offers_of(HR),
    "agency_offers, approving official": lambda: offers_of(APPROVER),
    "agency_placements": lambda: placements_of(HR),
    "agency_placements, security": lambda: placements_of(SECURITY),
    "agency, HR": lambda: placements_of(HR, "/agency/"),
    "agency, ethics": lambda: placements_of(ETHICS, "/agency/"),
    "agency_vetting": people_under_vetting,
    "agency_ethics": lambda: placements_of(ETHICS, "/agency/ethics/"),
    "agency_conflicts": conflicts,
    "agency_conflicts, signed": lambda: conflicts("?state=signed"),
    "agency_certificate": certificate_to_return,
    "partner": roster,
    "partner_colleagues": colleagues,
    "review_queue": to_rate,
    "decide_queue": to_decide,
    "search_resumes": resumes_found,
    "case_queue": lambda: cases("questions", "question"),
    "accommodation_queue": lambda: cases("accommodations", "accommodation"),
    "late_case_queue": lambda: cases("late-cases", "technical"),
    "certificate_new": names_for_a_certificate,
    "index, program manager": lambda: work_page(OpmRole.PROGRAM_MANAGER, names_for_a_certificate),
    "index, case manager": lambda: work_page(
        OpmRole.CASE_MANAGER,
        lambda: cases("questions", "question"),
        lambda: cases("accommodations", "accommodation"),
    ),
    "index, HR": lambda: work_page(OpmRole.HR_DECIDER, to_decide, to_rate),
}
NOT_HERE = {
    # tests/placements/test_my_service.py, test_commitment_pages.py
    "my_service",
    "agency_commitments",
    # a form, or about one application
    "my_information",
    "my_question_ask",
    "my_ethics_answers",
    "my_withdraw",
    "my_withdraw_undo",
    "my_calendar",
    "my_calendar_renew",
    "my_calendar_revoke",
    "apply",
    "agency_import",
    "agency_opening_add",
    "agency_steps_record",
    "agency_vetting_detail",
    "my_steps_submit",
    "partner_nominate",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_three_costs_as_many_queries_as_a_list_of_one(name: str) -> None:
    client, address, add = LISTS[name]()
    add(0)
    read(client, address)  # what is asked once a session is asked now
    one, words_of_one = read(client, address)
    for number in (1, 2):
        add(number)
    three, words_of_three = read(client, address)
    assert len(three) == len(one), grown(one, three)
    assert words_of_three != words_of_one, "the rows are not on the page"


def read(client: Client, address: str) -> tuple[list[str], str]:
    """The queries of a page, and its words."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return [query["sql"] for query in queries], strip_tags(answer.content.decode())


def grown(one: Iterable[str], three: Iterable[str]) -> str:
    return "\n".join(f"{times} more: {sql}" for sql, times in (Counter(three) - Counter(one)).items())


def test_no_list_of_the_road_is_forgotten() -> None:
    road = ("openings", "my/", "agency/", "partner/", "apply/")
    pages = {a.name for a in SITE if a.route.startswith(road) and not a.parameters}
    pages |= {
        a.name
        for a in STAFF
        if a.route.startswith(("admin/review", "admin/decide", "admin/cert", "admin/search"))
        and not a.parameters
    }
    assert pages - NOT_HERE <= {name.partition(",")[0] for name in LISTS}
