"""Agencies, members, openings: dull and valid."""

import datetime
import hashlib
from typing import Any

import factory
from django.utils import timezone

from agencies.models import (
    Agency,
    AgencyLevel,
    AgencyMembership,
    AgencyParticipation,
    AgencyRole,
    ApiClient,
    ApiScope,
    ClearanceCommitment,
    DisclosureFiler,
    Office,
    OfficePartnerRelationship,
    Opening,
    OpeningPlace,
    OpeningRevision,
    OpeningStatus,
    PayBandException,
    RelationshipKind,
    RelationshipReader,
    RelationshipSource,
)
from techforce.accounts.models import User
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.program import (
    CohortFactory,
    CompanyFactory,
    DisciplineFactory,
    OccupationalSeriesFactory,
    SensitivityFactory,
    VettingTierFactory,
)


class AgencyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agency

    code = factory.Sequence(lambda n: f"{n % 46656:0>4}"[-4:])
    name = factory.Sequence(lambda n: f"Agency {n}")
    level = AgencyLevel.DEPARTMENT


class OfficeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Office

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Office {n}")
    city = "Washington"
    state = "DC"


class AgencyMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgencyMembership

    user = factory.SubFactory(UserFactory)
    role = AgencyRole.HR_SPECIALIST
    agency = factory.SubFactory(AgencyFactory)
    accepted_at = factory.LazyFunction(timezone.now)


class AgencyParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgencyParticipation

    agency = factory.SubFactory(AgencyFactory)
    cohort = factory.SubFactory(CohortFactory)
    seats_pledged = 10
    is_funding_confirmed = True
    has_policy_in_place = True


class ClearanceCommitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClearanceCommitment

    agency = factory.SubFactory(AgencyFactory)
    tier = factory.SubFactory(VettingTierFactory)
    days = 60
    starts_on = factory.LazyFunction(today)


class OpeningFactory(factory.django.DjangoModelFactory):
    """A complete draft; `PublishedOpeningFactory` for one that the public sees."""

    class Meta:
        model = Opening

    cohort = factory.SubFactory(CohortFactory)
    office = factory.SubFactory(OfficeFactory)
    agency = factory.SelfAttribute("office.agency")
    title = "Software Engineer"
    discipline = factory.SubFactory(DisciplineFactory)
    series = factory.SubFactory(OccupationalSeriesFactory)
    grade_low = 13
    grade_high = 14
    pay_low = 140_000
    pay_high = 180_000
    seats = 3
    has_no_vendor_duties = True
    summary = "Build services for the public."
    duties = "Write and run software."
    requirements = "Experience in building software."
    evaluation = "We read your résumé and hold two interviews."
    opens_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=1))
    closes_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=30))


class PublishedOpeningFactory(OpeningFactory):
    status = OpeningStatus.PUBLISHED
    vetting_tier = factory.SubFactory(VettingTierFactory)
    sensitivity = factory.SubFactory(SensitivityFactory)
    designated_on = factory.LazyFunction(today)
    designation_record = "PD-0001"
    disclosure_filer = DisclosureFiler.OGE_450
    submitted_at = factory.LazyFunction(timezone.now)
    published_at = factory.LazyFunction(timezone.now)


class OpeningPlaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpeningPlace

    opening = factory.SubFactory(OpeningFactory)
    city = factory.Sequence(lambda n: f"City {n}")
    state = "DC"


class PayBandExceptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PayBandException

    opening = factory.SubFactory(OpeningFactory)
    pay_low = 100_000
    pay_high = 120_000
    authority = "Agency head"
    reason = "A locality with low pay."
    approved_by = factory.SubFactory(UserFactory)
    approved_on = factory.LazyFunction(today)


class OpeningRevisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpeningRevision

    opening = factory.SubFactory(PublishedOpeningFactory)
    number = 1
    changes = factory.LazyFunction(lambda: {"title": "Senior Software Engineer"})
    opening_version = 1
    proposed_by = factory.SubFactory(UserFactory)


class OfficePartnerRelationshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OfficePartnerRelationship

    office = factory.SubFactory(OfficeFactory)
    company = factory.SubFactory(CompanyFactory)
    kind = RelationshipKind.PRIME_CONTRACT
    contract_number = factory.Sequence(lambda n: f"47QFCA26F{n:04}")
    source = RelationshipSource.USASPENDING


class RelationshipReaderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RelationshipReader

    relationship = factory.SubFactory(
        OfficePartnerRelationshipFactory, kind=RelationshipKind.OPEN_SOLICITATION_BIDDER, is_restricted=True
    )
    user = factory.SubFactory(UserFactory)
    named_by = factory.SubFactory(UserFactory)


class ApiClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ApiClient

    user = factory.SubFactory(UserFactory, kind=User.Kind.SERVICE)
    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Hiring system {n}")
    scopes = factory.LazyFunction(lambda: [ApiScope.OPENINGS_READ])
    key_hash = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    expires_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=90))


def agency_member(role: str = AgencyRole.HR_SPECIALIST, **fields: Any) -> User:
    """A person with this role in an agency (`agency=`, `office=`)."""
    return AgencyMembershipFactory(role=role, **fields).user  # type: ignore[no-any-return]
