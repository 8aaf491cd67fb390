"""A small program in which everybody has a part: three agencies with two offices each, three partner companies,
three people who are placed, and one of every role, near the rows and far from them."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from agencies.models import Agency, AgencyRole, Office, Opening
from partners.models import Nomination, Partner
from placements.models import Placement, Selection
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from tests.factories import agencies, applicants, core, partners, placements, program
from tests.factories.accounts import DelegationFactory, OpmMembershipFactory, UserFactory, opm_staff

OURS = ("core", "accounts", "program", "agencies", "applicants", "partners", "placements")
SIDES = ("home", "away", "far")
WITHOUT_READERS = {"core.IdempotencyKey"}
"""Only `core.idempotency` reads it, by its user."""


def our_models() -> list[type[models.Model]]:
    """Every table that people reach; histories are read through their records."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and not model._meta.proxy
        and not model.__name__.endswith("History")
        and model._meta.label not in WITHOUT_READERS
    ]


@dataclass(kw_only=True)
class Side:
    """One agency, one company and one person, with everything that can happen between them."""

    person: User
    agency: Agency
    office: Office
    other_office: Office
    opening: Opening
    partner: Partner
    nomination: Nomination
    selection: Selection
    placement: Placement
    reader: User


class World:
    def __init__(self) -> None:
        self.sides = {
            name: build_side(UserFactory() if name != "far" else opm_staff(OpmRole.CASE_MANAGER))
            for name in SIDES
        }
        build_shared_rows()
        build_states(self.sides["home"])
        self.people = {name: again(user) for name, user in build_people(self.sides)}

    @cached_property
    def rows(self) -> dict[type[models.Model], list[Any]]:
        return {model: list(model._base_manager.order_by("pk")) for model in our_models()}

    def can_sign_in(self) -> dict[str, User]:
        return {
            name: user
            for name, user in self.people.items()
            if user.is_authenticated and user.is_active and user.kind == User.Kind.PERSON
        }

    def staff(self, role: str) -> User:
        return self.people[f"OPM {role}"]


def again(user: Any) -> Any:
    """The same person as a later request finds them, with nothing remembered."""
    return user if user.is_anonymous else User.objects.get(pk=user.pk)


# ── Rows ──────────────────────────────────────────────────────────────────────────────────────────
def build_side(person: User) -> Side:
    cohort = program.CohortFactory(status="open")
    program.CohortDisciplineFactory(cohort=cohort)
    program.WindowExtensionFactory(cohort=cohort)
    program.TrackDefinitionFactory(cohort=cohort)
    partner = partners.PartnerFactory()
    office = agencies.OfficeFactory()
    opening = agencies.PublishedOpeningFactory(
        cohort=cohort, office=office, sensitivity=program.SensitivityFactory(code="critical")
    )
    nomination = partners.ConfirmedNominationFactory(partner=partner, cohort=cohort, nominee=person)
    application = applicants.QualifiedApplicationFactory(cohort=cohort, applicant__user=person)
    selection = placements.SelectionFactory(opening=opening, application=application, status="accepted")
    placement = placements.PlacementFactory(
        selection=selection, kind="leave_of_absence", nomination=nomination
    )
    side = Side(
        person=person,
        agency=office.agency,
        office=office,
        other_office=agencies.OfficeFactory(agency=office.agency),
        opening=opening,
        partner=partner,
        nomination=nomination,
        selection=selection,
        placement=placement,
        reader=agencies.RelationshipReaderFactory(relationship__office=office).user,
    )
    build_agency(side)
    build_application(side)
    build_partner(side)
    build_certificate(side)
    build_case(side)
    return side


def build_agency(side: Side) -> None:
    draft = agencies.OpeningFactory(cohort=side.opening.cohort, office=side.office)
    agencies.OpeningFactory(cohort=side.opening.cohort, office=side.other_office)
    for opening in (draft, side.opening):
        agencies.OpeningPlaceFactory(opening=opening)
        agencies.PayBandExceptionFactory(opening=opening)
    agencies.OpeningRevisionFactory(opening=side.opening)
    agencies.AgencyParticipationFactory(agency=side.agency, cohort=side.opening.cohort)
    agencies.ClearanceCommitmentFactory(agency=side.agency)
    agencies.OfficePartnerRelationshipFactory(office=side.office, company=side.partner.company)
    agencies.ApiClientFactory(agency=side.agency)


def build_application(side: Side) -> None:
    application = side.selection.application
    applicants.OpeningInterestFactory(application=application, opening=side.opening)
    applicants.SnapshotFactory(application=application)
    applicants.DocumentTextFactory(document__application=application)
    applicants.DocumentFactory(application=application)
    step = applicants.AssessmentStepFactory(application=application)
    invited = applicants.AssessmentStepFactory(
        application=application, stage__plan=step.stage.plan, stage__position=2, status="invited"
    )
    applicants.AssessmentInvitationFactory(step=invited)
    applicants.InterviewFactory(assessment_step=step)
    applicants.AgencyInterviewFactory(application=application, opening=side.opening)
    applicants.DeadlineExtensionFactory(application=application)
    applicants.RatingFactory(application=application)
    applicants.RatingFactory(application=application, submitted_at=timezone.now())
    applicants.RecusalFactory(applicant=application.applicant)
    applicants.CaseMessageFactory(thread__application=application)
    applicants.CaseThreadFactory(application=None, applicant=application.applicant, topic="technical")


def build_partner(side: Side) -> None:
    placements.CalendarFeedFactory(user=side.person)
    for _number in range(2):
        placements.CalendarFeedFactory(
            user=side.person, revoked_at=timezone.now() + datetime.timedelta(hours=1)
        )
    partners.PartnerAgreementFactory(partner=side.partner)
    partners.InvitedNominationFactory(partner=side.partner, cohort=side.opening.cohort)
    partners.LeaveFactory(nomination=side.nomination)
    partners.EquityDeclarationFactory(nomination=side.nomination)


def build_certificate(side: Side) -> None:
    entry = placements.CertificateEntryFactory(
        application=side.selection.application, certificate__cohort=side.opening.cohort
    )
    referral = placements.ReferralFactory(certificate=entry.certificate, opening=side.opening)
    placements.CertificateFactory(cohort=side.opening.cohort)
    placements.DispositionFactory(referral=referral, entry=entry)
    placements.MatchProofFactory(match_round__cohort=side.opening.cohort)
    placements.PayExceptionFactory(selection=side.selection)
    placements.FigureFactory(agency=side.agency)
    placements.MeasuredTimeFactory(agency=side.agency)
    placements.VettingRecordFactory(office=side.office)
    placements.OfferFactory(selection=side.selection)


def build_case(side: Side) -> None:
    placements.DeterminationFactory(selection=side.selection)
    placements.DeterminationFactory(selection=None, placement=side.placement, is_restricted=True)
    placements.EthicsWaiverFactory(selection=side.selection)
    for factory in (
        placements.EthicsAnswersFactory,
        placements.RecusalStatementFactory,
        placements.ScreeningArrangementFactory,
        placements.DivestitureCertificateFactory,
        placements.StartExceptionFactory,
        placements.VettingWaiverFactory,
        placements.TrainingEnrollmentFactory,
        placements.PlacementExtensionFactory,
    ):
        factory(placement=side.placement)
    build_checklists(side)


def build_checklists(side: Side) -> None:
    """One step for every role that does or records one."""
    ethics = placements.ChecklistFactory(placement=side.placement)
    vetting = placements.ChecklistFactory(
        placement=side.placement,
        area="vetting",
        template=placements.ChecklistTemplateFactory(kind="vetting", tier=program.VettingTierFactory()),
    )
    for number, (checklist, owner, recorder) in enumerate(
        [
            (ethics, "candidate", "ethics_official"),
            (ethics, "hr_specialist", "opm"),
            (ethics, "supervisor", "hr_specialist"),
            (vetting, "candidate", "security_officer"),
            (vetting, "hiring_manager", "appointing_official"),
        ],
        start=20,
    ):
        placements.ChecklistItemFactory(
            checklist=checklist,
            step__code=f"C{number}",
            step__position=number,
            step__owner_role=owner,
            step__recorder_role=recorder,
        )
    report = ethics.items.get(code="C20")
    placements.DisclosureExtensionFactory(item=report)


def build_shared_rows() -> None:
    for _number in range(3):
        core.AuditEventFactory()
        core.AccessEventFactory()
        core.ReminderLedgerFactory()
        core.WatchFactory()
        core.LadderFactory()
        core.BounceFactory()
        core.MailChoiceFactory()
        core.LegalHoldFactory()
        core.ClosureFactory()
        core.HeartbeatFactory()
        program.SkillDisciplineFactory()
        program.SkillSynonymFactory()
        program.CompanyAliasFactory()
        DelegationFactory()
    for code in ("data", "design", "research"):
        program.DisciplineFactory(code=code)
        program.OccupationalSeriesFactory(code=f"15{len(code)}0")
        program.QuestionnaireFactory(code=f"sf-{code}")
        program.SensitivityFactory(code=code)
        program.RecruitingChannelFactory(code=code)
        placements.TrainingCourseFactory()
        placements.ChecklistTemplateFactory(
            kind="vetting", tier=program.VettingTierFactory(code=code[0].upper())
        )


def build_states(side: Side) -> None:
    """The same kinds of rows in the states on which their readers depend."""
    cohort, now = side.opening.cohort, timezone.now()
    for status in ("submitted", "paused", "closed", "archived", "cancelled"):
        agencies.PublishedOpeningFactory(cohort=cohort, office=side.office, status=status)
    applicants.DocumentFactory(application=applicants.ApplicationFactory(cohort=cohort))
    for status in ("submitted", "in_review", "needs_information"):
        read = applicants.SubmittedApplicationFactory(cohort=cohort, status=status)
        applicants.RatingFactory(application=read, submitted_at=now)
    for status in ("not_qualified", "lapsed"):
        applicants.SubmittedApplicationFactory(cohort=cohort, status=status, decided_at=now)
    applicants.SubmittedApplicationFactory(
        cohort=cohort, status="withdrawn", withdraws_at=now, withdrawn_at=now
    )
    for status in ("proposed", "interviewing", "held", "declined", "conflict_blocked"):
        placements.SelectionFactory(opening=side.opening, status=status)
    placements.SentOfferFactory(selection=placements.SelectionFactory(opening=side.opening, status="offered"))


# ── People ────────────────────────────────────────────────────────────────────────────────────────
def build_people(sides: dict[str, Side]) -> list[tuple[str, Any]]:
    home, away = sides["home"], sides["away"]
    return [
        ("nobody", AnonymousUser()),
        ("stranger", UserFactory()),
        ("system", User.objects.system()),
        ("service account", agencies.ApiClientFactory(agency=home.agency).user),
        *((f"person {name}", side.person) for name, side in sides.items()),
        *((f"coordinator {name}", partners.coordinator(partner=sides[name].partner)) for name in sides),
        ("named reader", home.reader),
        *opm_people(home),
        *agency_people(home, away),
        *former_people(home),
    ]


def opm_people(home: Side) -> list[tuple[str, User]]:
    rater, manager = opm_staff(OpmRole.REVIEWER), opm_staff(OpmRole.CASE_MANAGER)
    queued = applicants.SubmittedApplicationFactory(cohort=home.opening.cohort)
    for author in (rater, None):
        fields = {"rater": author} if author else {}
        applicants.RatingFactory(application=queued, submitted_at=timezone.now(), **fields)
    taker = DelegationFactory(giver=manager).taker
    return [
        *((f"OPM {role}", opm_staff(role)) for role in OpmRole.values),
        *((f"OPM {role}, recused", recused(opm_staff(role), home)) for role in OpmRole.values),
        *(
            (f"OPM {role}, recused from the company", recused_from_company(opm_staff(role), home))
            for role in OpmRole.values
        ),
        ("OPM reviewer and administrator", opm_staff(OpmRole.REVIEWER, OpmRole.ADMINISTRATOR)),
        ("OPM reviewer who rated", rater),
        ("giver of a delegation", manager),
        ("taker of a delegation", taker),
    ]


def recused(user: User, side: Side) -> User:
    applicants.RecusalFactory(user=user, applicant=side.selection.applicant)
    return user


def recused_from_company(user: User, side: Side) -> User:
    applicants.RecusalFactory(user=user, applicant=None, company=side.partner.company)
    return user


def agency_people(home: Side, away: Side) -> list[tuple[str, User]]:
    places = {
        "of the agency": {"agency": home.agency},
        "of the office": {"agency": home.agency, "office": home.office},
        "of the other office": {"agency": home.agency, "office": home.other_office},
        "away": {"agency": away.agency},
    }
    return [
        (f"{role} {where}", agencies.agency_member(role, **place))
        for role in AgencyRole.values
        for where, place in places.items()
    ]


def former_people(home: Side) -> list[tuple[str, User]]:
    """Their memberships ended yesterday, or their account is closed."""
    yesterday = today() - datetime.timedelta(days=1)
    over = {"starts_on": yesterday, "ends_on": yesterday}
    closed = agencies.agency_member(AgencyRole.HR_SPECIALIST, agency=home.agency)
    OpmMembershipFactory(user=closed, role=OpmRole.AUDITOR)
    partners.coordinator(user=closed, partner=home.partner)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    return [
        ("former OPM auditor", OpmMembershipFactory(role=OpmRole.AUDITOR, **over).user),
        ("former HR specialist", agencies.agency_member(agency=home.agency, **over)),
        ("former coordinator", partners.coordinator(partner=home.partner, **over)),
        ("closed account", closed),
    ]
