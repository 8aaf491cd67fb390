"""Certificates, selections, offers, placements, checklists: dull and valid."""

import datetime
import hashlib
from typing import Any

import factory
import pgtrigger
from django.utils import timezone

from placements import models
from placements.services.placement import end_of_term
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, OfficeFactory, PublishedOpeningFactory
from tests.factories.applicants import QualifiedApplicationFactory
from tests.factories.partners import ConfirmedNominationFactory
from tests.factories.program import CohortFactory, CompanyFactory, DisciplineFactory, VettingTierFactory

ONE_YEAR = datetime.timedelta(days=365)


class CertificateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Certificate

    number = factory.Sequence(lambda n: f"TF-{n:05}")
    cohort = factory.SubFactory(CohortFactory)
    discipline = factory.SubFactory(DisciplineFactory)
    method = models.CertificateMethod.QUALIFIED
    authority = "5 CFR 213.3102(r)"
    expires_on = factory.LazyFunction(lambda: today() + ONE_YEAR)


class IssuedCertificateFactory(CertificateFactory):
    status = "issued"
    issued_at = factory.LazyFunction(timezone.now)


class CertificateEntryFactory(factory.django.DjangoModelFactory):
    """On a draft, because names change only there."""

    class Meta:
        model = models.CertificateEntry

    certificate = factory.SubFactory(CertificateFactory)
    application = factory.SubFactory(
        QualifiedApplicationFactory, cohort=factory.SelfAttribute("..certificate.cohort")
    )


class ReferralFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Referral

    certificate = factory.SubFactory(IssuedCertificateFactory)
    opening = factory.SubFactory(
        PublishedOpeningFactory, cohort=factory.SelfAttribute("..certificate.cohort")
    )
    cohort = factory.SelfAttribute("certificate.cohort")


class DispositionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Disposition

    referral = factory.SubFactory(ReferralFactory, certificate=factory.SubFactory(CertificateFactory))
    entry = factory.SubFactory(
        CertificateEntryFactory, certificate=factory.SelfAttribute("..referral.certificate")
    )
    certificate = factory.SelfAttribute("referral.certificate")
    code = models.DispositionCode.NOT_CONSIDERED
    decided_by = factory.SubFactory(UserFactory)
    decided_at = factory.LazyFunction(timezone.now)


class SelectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Selection

    opening = factory.SubFactory(PublishedOpeningFactory)
    application = factory.SubFactory(
        QualifiedApplicationFactory, cohort=factory.SelfAttribute("..opening.cohort")
    )
    applicant = factory.SelfAttribute("application.applicant")
    cohort = factory.SelfAttribute("application.cohort")


class MatchRoundFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MatchRound

    cohort = factory.SubFactory(CohortFactory)
    name = factory.Sequence(lambda n: f"Round {n}")
    opens_at = factory.LazyFunction(timezone.now)
    closes_at = factory.LazyAttribute(lambda row: row.opens_at + datetime.timedelta(days=7))


class MatchProofFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MatchProof

    match_round = factory.SubFactory(MatchRoundFactory)
    algorithm = "deferred acceptance 1"
    seed = 7
    input_digest = factory.LazyFunction(lambda: hashlib.sha256(b"in").hexdigest())
    output_digest = factory.LazyFunction(lambda: hashlib.sha256(b"out").hexdigest())
    seats = 3
    people = 5
    pairs = 3


class PayExceptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PayException

    selection = factory.SubFactory(SelectionFactory)
    pay_rate = 197_200
    authority = "5 CFR 531.212"
    reason = "Superior qualifications."
    approved_by = factory.SubFactory(UserFactory)
    approved_on = factory.LazyFunction(today)


class OfferFactory(factory.django.DjangoModelFactory):
    """A tentative draft in the middle of the band."""

    class Meta:
        model = models.Offer

    selection = factory.SubFactory(SelectionFactory, status="selected")
    applicant = factory.SelfAttribute("selection.applicant")
    opening = factory.SelfAttribute("selection.opening")
    cohort = factory.SelfAttribute("selection.cohort")
    pay_rate = 150_000
    pay_min = factory.SelfAttribute("cohort.pay_min")
    pay_max = factory.SelfAttribute("cohort.pay_max")
    starts_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=60))
    prepared_by = factory.SubFactory(UserFactory)


class SentOfferFactory(OfferFactory):
    selection = factory.SubFactory(SelectionFactory, status="offered")
    status = "sent"
    sent_at = factory.LazyFunction(timezone.now)
    response_due_at = factory.LazyAttribute(lambda row: row.sent_at + datetime.timedelta(days=5))


class AcceptedFirmOfferFactory(SentOfferFactory):
    kind = "firm"
    status = "accepted"
    answered_at = factory.LazyFunction(timezone.now)


class PlacementFactory(factory.django.DjangoModelFactory):
    """Pending checks, of someone from outside, for 24 months from today."""

    class Meta:
        model = models.Placement

    selection = factory.SubFactory(SelectionFactory, status="accepted")
    applicant = factory.SelfAttribute("selection.applicant")
    opening = factory.SelfAttribute("selection.opening")
    cohort = factory.SelfAttribute("selection.cohort")
    starts_on = factory.LazyFunction(today)
    initial_ends_on = factory.LazyAttribute(lambda row: end_of_term(row.starts_on, row.cohort.term_months))
    ends_on = factory.SelfAttribute("initial_ends_on")
    term_months = factory.SelfAttribute("cohort.term_months")
    mechanism_limit_months = factory.SelfAttribute("cohort.mechanism_limit_months")


class LentPlacementFactory(PlacementFactory):
    """Of a nominee on leave of absence, whose terms are not on file yet."""

    kind = "leave_of_absence"
    nomination = factory.SubFactory(
        ConfirmedNominationFactory,
        cohort=factory.SelfAttribute("..cohort"),
        nominee=factory.SelfAttribute("..applicant.user"),
    )


class ActivePlacementFactory(PlacementFactory):
    status = "active"
    entry_recorded_at = factory.LazyFunction(timezone.now)


class EndedPlacementFactory(ActivePlacementFactory):
    """Completed a year ago, after twelve months."""

    status = "completed"
    starts_on = factory.LazyFunction(lambda: today() - 2 * ONE_YEAR)
    ended_on = factory.LazyFunction(lambda: today() - ONE_YEAR)
    end_recorded_at = factory.LazyFunction(timezone.now)


class PlacementExtensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PlacementExtension

    placement = factory.SubFactory(ActivePlacementFactory)
    previous_ends_on = factory.SelfAttribute("placement.ends_on")
    new_ends_on = factory.LazyAttribute(lambda row: row.previous_ends_on + datetime.timedelta(days=90))
    approved_by = factory.SubFactory(UserFactory)
    approved_on = factory.LazyFunction(today)


class StartExceptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.StartException

    placement = factory.SubFactory(PlacementFactory)
    authority = "Agency head"
    reason = "The office would stand still."
    open_codes = factory.LazyFunction(lambda: ["V20"])
    approved_by = factory.SubFactory(UserFactory)
    effective_on = factory.LazyFunction(today)
    approved_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=7))


class DeterminationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Determination

    selection = factory.SubFactory(SelectionFactory)
    proposed_result = models.ConflictResult.REVIEW


class EthicsWaiverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.EthicsWaiver

    selection = factory.SubFactory(SelectionFactory)
    company = factory.SubFactory(CompanyFactory)
    authority = "208_b1"
    scope = "All matters but procurement."
    issued_by = "Deputy Secretary"
    issued_on = factory.LazyFunction(today)
    document_reference = "EW-1"


class EthicsAnswersFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.EthicsAnswers

    placement = factory.SubFactory(PlacementFactory)
    answered_by = factory.SelfAttribute("placement.applicant.user")
    had_other_employer = False
    has_spouse_at_work = False
    holds_much_stock = False
    holds_private_equity = False
    keeps_outside_work = False
    has_future_job = False


class DisclosureExtensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DisclosureExtension

    item = factory.SubFactory("tests.factories.placements.ChecklistItemFactory")
    form = "oge_450"
    days_asked = 30
    reason = "A statement of a broker is late."
    asked_by = factory.SelfAttribute("item.checklist.placement.applicant.user")
    old_due_on = factory.LazyFunction(today)


class RecusalStatementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.RecusalStatement

    placement = factory.SubFactory(PlacementFactory)
    company = factory.SubFactory(CompanyFactory)
    scope = "All party matters."
    signed_on = factory.LazyFunction(today)


class ScreeningArrangementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ScreeningArrangement

    placement = factory.SubFactory(PlacementFactory)
    gatekeeper = factory.SubFactory(UserFactory)
    signed_on = factory.LazyFunction(today)


class DivestitureCertificateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DivestitureCertificate

    placement = factory.SubFactory(PlacementFactory)
    company = factory.SubFactory(CompanyFactory)
    requested_on = factory.LazyFunction(today)


class ChecklistTemplateFactory(factory.django.DjangoModelFactory):
    """An ethics template without steps, in use for people from outside."""

    class Meta:
        model = models.ChecklistTemplate
        django_get_or_create = ("kind", "tier")

    kind = "outside"
    tier = None
    status = "published"
    effective_on = datetime.date(2026, 1, 1)
    published_at = factory.LazyFunction(timezone.now)
    digest = "0" * 64


class DraftTemplateFactory(ChecklistTemplateFactory):
    """Which staff still edit."""

    status = "draft"
    published_at = None


class ChecklistTemplateStepFactory(factory.django.DjangoModelFactory):
    """Of a template that may be in use already, past the trigger that keeps its steps as they were published."""

    class Meta:
        model = models.ChecklistTemplateStep
        django_get_or_create = ("template", "code")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with pgtrigger.ignore("placements.ChecklistTemplateStep:published_steps_stay"):
            return super()._create(model_class, *args, **kwargs)

    template = factory.SubFactory(ChecklistTemplateFactory)
    position = 1
    code = "C02"
    title = "Short questions"
    owner_role = "candidate"
    recorder_role = "ethics_official"
    gate = "firm_offer"
    outcomes = factory.LazyFunction(lambda: ["recorded"])
    accepted_outcomes = factory.LazyFunction(lambda: ["recorded"])


def rewrite_step(step: models.ChecklistTemplateStep, **columns: Any) -> None:
    """Past the trigger too: the step says something else than when it was published."""
    with pgtrigger.ignore("placements.ChecklistTemplateStep:published_steps_stay"):
        models.ChecklistTemplateStep.objects.filter(pk=step.pk).update(**columns)


class ChecklistFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Checklist

    placement = factory.SubFactory(PlacementFactory)
    template = factory.SubFactory(ChecklistTemplateFactory)
    area = "ethics"


class ChecklistItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ChecklistItem

    checklist = factory.SubFactory(ChecklistFactory)
    step = factory.SubFactory(
        ChecklistTemplateStepFactory, template=factory.SelfAttribute("..checklist.template")
    )
    code = factory.SelfAttribute("step.code")
    gate = factory.SelfAttribute("step.gate")
    alternatives = factory.SelfAttribute("step.alternatives")
    accepted_outcomes = factory.SelfAttribute("step.accepted_outcomes")
    owner_role = factory.SelfAttribute("step.owner_role")
    recorder_role = factory.SelfAttribute("step.recorder_role")


class DoneItemFactory(ChecklistItemFactory):
    status = "done"
    outcome = "recorded"
    effective_on = factory.LazyFunction(today)
    recorded_at = factory.LazyFunction(timezone.now)
    recorded_by = factory.SubFactory(UserFactory)


class VettingWaiverFactory(factory.django.DjangoModelFactory):
    """Needs an opening whose sensitivity allows a waiver."""

    class Meta:
        model = models.VettingWaiver

    placement = factory.SubFactory(PlacementFactory)
    issued_by = "Deputy Secretary"
    emergency = "A system of national importance would fail."
    issued_on = factory.LazyFunction(today)
    expires_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=180))
    document_reference = "VW-1"


class TrainingCourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TrainingCourse

    code = factory.Sequence(lambda n: f"course-{n}")
    title = "Initial ethics training"


class TrainingEnrollmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TrainingEnrollment

    course = factory.SubFactory(TrainingCourseFactory)
    placement = factory.SubFactory(PlacementFactory)


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CalendarFeed

    user = factory.SubFactory(UserFactory)
    token_hash = factory.Sequence(lambda n: f"{n:064x}")


def checked_placement(placement: Any = None, *, is_firm: bool = True, **fields: Any) -> models.Placement:
    """A placement with both checklists, each with one step that is done: every gate is open. Its firm offer is
    accepted, unless that is what the test is about."""
    placement = placement or PlacementFactory(**fields)
    if placement.selection_id and is_firm:
        AcceptedFirmOfferFactory(selection=placement.selection)
    vetting = ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    for area, template, code in (("vetting", vetting, "V12"), ("ethics", ChecklistTemplateFactory(), "C02")):
        checklist = ChecklistFactory(placement=placement, template=template, area=area)
        DoneItemFactory(checklist=checklist, step__code=code)
    return placement  # type: ignore[no-any-return]


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.NumbersEdition

    as_of = factory.Sequence(lambda n: datetime.date(2026, 1, 5) + n * datetime.timedelta(days=7))
    publish_on = factory.LazyAttribute(lambda o: o.as_of + datetime.timedelta(days=7))


class MeasuredTimeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.MeasuredTime

    stretch = models.Stretch.TO_CLEAR
    tier = factory.SubFactory(VettingTierFactory)
    agency = factory.SubFactory(AgencyFactory)
    as_of = datetime.date(2026, 11, 2)
    count, ready, low, median, high = 20, 15, 30, 60, 90


class VettingRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.VettingRecord

    office = factory.SubFactory(OfficeFactory)
    tier = factory.SubFactory(VettingTierFactory)
    as_of = datetime.date(2026, 11, 2)
    kept, missed, unpromised = 3, 1, 0


class FigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.NumbersFigure

    edition = factory.SubFactory(EditionFactory)
    measure = models.Measure.OPENINGS
    amount = 12
