"""People who apply, applications, what is made of them: dull and valid."""

import datetime
import hashlib
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone

from applicants.models import (
    Applicant,
    Application,
    ApplicationDiscipline,
    ApplicationStatus,
    AssessmentInvitation,
    AssessmentPlan,
    AssessmentStage,
    AssessmentStep,
    CaseMessage,
    CaseThread,
    DeadlineExtension,
    DisciplineOutcome,
    Document,
    DocumentStatus,
    DocumentText,
    Interview,
    OpeningInterest,
    OutcomeResult,
    Rating,
    Recusal,
    RecusalBasis,
    Snapshot,
    StageKind,
)
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.program import CohortFactory, DisciplineFactory


class ApplicantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Applicant

    user = factory.SubFactory(UserFactory)
    legal_name = "Robin Reyes"
    city = "Columbus"
    state = "OH"


class ApplicationFactory(factory.django.DjangoModelFactory):
    """A draft that is ready to submit, in one discipline; pass `disciplines=[…]` for others."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    applicant = factory.SubFactory(ApplicantFactory)
    cohort = factory.SubFactory(CohortFactory)
    answers = factory.LazyFunction(lambda: {"experience": "Five years of software."})
    is_us_citizen = True
    is_adult = True
    veterans_preference = "none"
    is_shareable = True
    certified_at = factory.LazyFunction(timezone.now)

    disciplines = factory.LazyFunction(lambda: [DisciplineFactory()])

    @classmethod
    def _create(cls, model_class: type[Application], *_args: Any, **fields: Any) -> Application:
        """In one transaction, because a submitted application without a discipline cannot be committed."""
        disciplines = fields.pop("disciplines")
        with transaction.atomic():
            application = model_class.objects.create(**fields)
            for rank, discipline in enumerate(disciplines, start=1):
                application.choices.create(discipline=discipline, rank=rank)
        return application


class SubmittedApplicationFactory(ApplicationFactory):
    status = ApplicationStatus.SUBMITTED
    submitted_at = factory.LazyFunction(timezone.now)


class QualifiedApplicationFactory(SubmittedApplicationFactory):
    status = ApplicationStatus.QUALIFIED
    decided_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def outcomes(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for choice in self.choices.order_by("rank"):  # type: ignore[attr-defined]
            DisciplineOutcomeFactory(application=self, discipline=choice.discipline)


class ApplicationDisciplineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApplicationDiscipline

    application = factory.SubFactory(ApplicationFactory, disciplines=[])
    discipline = factory.SubFactory(DisciplineFactory)
    rank = 1


class OpeningInterestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpeningInterest

    application = factory.SubFactory(ApplicationFactory)
    opening = factory.SubFactory(
        PublishedOpeningFactory, cohort=factory.SelfAttribute("..application.cohort")
    )


class SnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Snapshot

    application = factory.SubFactory(SubmittedApplicationFactory)
    sequence = 1
    content = factory.LazyFunction(lambda: {"answers": {"experience": "Five years of software."}})


class DisciplineOutcomeFactory(factory.django.DjangoModelFactory):
    """Qualified for a year, in the application's first choice."""

    class Meta:
        model = DisciplineOutcome

    application = factory.SubFactory(SubmittedApplicationFactory)
    discipline = factory.LazyAttribute(
        lambda made: made.application.choices.order_by("rank").first().discipline
    )
    result = OutcomeResult.QUALIFIED
    decided_by = factory.SubFactory(UserFactory)
    expires_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=365))


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Document

    application = factory.SubFactory(ApplicationFactory)
    format = "pdf"
    label = "resume.pdf"
    size = 40_000
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())


class CleanDocumentFactory(DocumentFactory):
    """Scanned and rewritten; the bytes are left out."""

    status = DocumentStatus.CLEAN
    scanned_at = factory.LazyFunction(timezone.now)
    clean_sha256 = factory.SelfAttribute("sha256")
    has_text = True


class DocumentTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DocumentText

    document = factory.SubFactory(CleanDocumentFactory)
    text = "Robin Reyes built the tide tables of three harbors."


class AssessmentPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AssessmentPlan

    cohort = factory.SubFactory(CohortFactory)
    discipline = factory.SubFactory(DisciplineFactory)


class AssessmentStageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AssessmentStage

    plan = factory.SubFactory(AssessmentPlanFactory)
    position = 1
    kind = StageKind.TECHNICAL_ASSESSMENT
    title = "Coding exercise"


class AssessmentStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AssessmentStep

    application = factory.SubFactory(SubmittedApplicationFactory)
    stage = factory.SubFactory(
        AssessmentStageFactory, plan__cohort=factory.SelfAttribute("...application.cohort")
    )


class AssessmentInvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AssessmentInvitation

    step = factory.SubFactory(AssessmentStepFactory, status="invited")
    invited_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=7))


class InterviewFactory(factory.django.DjangoModelFactory):
    """Times are offered for an assessment step."""

    class Meta:
        model = Interview

    assessment_step = factory.SubFactory(AssessmentStepFactory)
    application = factory.SelfAttribute("assessment_step.application")


class AgencyInterviewFactory(factory.django.DjangoModelFactory):
    """An agency's, tomorrow at this hour, for an hour."""

    class Meta:
        model = Interview

    application = factory.SubFactory(ApplicationFactory)
    opening = factory.SubFactory(
        PublishedOpeningFactory, cohort=factory.SelfAttribute("..application.cohort")
    )
    status = "booked"
    starts_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=1))
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + datetime.timedelta(hours=1))
    place = "https://meet.example/room"


class DeadlineExtensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeadlineExtension

    application = factory.SubFactory(ApplicationFactory)
    reason_code = "sign_in_outage"
    old_closes_at = factory.SelfAttribute("application.cohort.closes_at")
    new_closes_at = factory.LazyAttribute(lambda row: row.old_closes_at + datetime.timedelta(days=1))
    by = factory.SubFactory(UserFactory)


class RatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rating

    rater = factory.SubFactory(UserFactory)
    application = factory.SubFactory(SubmittedApplicationFactory)
    score = 4
    notes = "Clear evidence."


class RecusalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recusal

    user = factory.SubFactory(UserFactory)
    applicant = factory.SubFactory(ApplicantFactory)
    basis = RecusalBasis.ACQUAINTED


class CaseThreadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseThread

    application = factory.SubFactory(SubmittedApplicationFactory)
    applicant = factory.SelfAttribute("application.applicant")
    opened_by = factory.SelfAttribute("applicant.user")
    due_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=5))


class CaseMessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CaseMessage

    thread = factory.SubFactory(CaseThreadFactory)
    author = factory.SelfAttribute("thread.opened_by")
    body = "When will I hear from you?"
