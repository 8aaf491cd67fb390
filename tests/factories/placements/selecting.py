"""Certificates, matches, selections and offers."""

import datetime
import hashlib

import factory
from django.utils import timezone

from placements import models
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import QualifiedApplicationFactory
from tests.factories.program import CohortFactory, DisciplineFactory

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
