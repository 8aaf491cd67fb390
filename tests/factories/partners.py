"""Partner companies, nominations, terms of a loan: dull and valid."""

import datetime
import hashlib
from typing import Any

import factory
from django.utils import timezone

from partners.models import (
    EquityDeclaration,
    LoanKind,
    LoanTerms,
    Nomination,
    Partner,
    PartnerAgreement,
    PartnerMembership,
    PartnerRole,
)
from techforce.accounts.models import User
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.program import CohortFactory, CompanyFactory

ONE_YEAR = datetime.timedelta(days=365)


class PartnerFactory(factory.django.DjangoModelFactory):
    """An active partner; `PartnerAgreementFactory` gives it an agreement."""

    class Meta:
        model = Partner

    company = factory.SubFactory(CompanyFactory)
    status = "active"
    work_email_domains = factory.LazyAttribute(lambda row: f"{row.company.slug}.example")


class PartnerMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartnerMembership

    user = factory.SubFactory(UserFactory)
    partner = factory.SubFactory(PartnerFactory)
    role = PartnerRole.COORDINATOR
    accepted_at = factory.LazyFunction(timezone.now)


class PartnerAgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartnerAgreement

    partner = factory.SubFactory(PartnerFactory)
    reference = factory.Sequence(lambda n: f"PA-{n:04}")
    starts_on = factory.LazyFunction(lambda: today() - ONE_YEAR)
    ends_on = factory.LazyFunction(lambda: today() + ONE_YEAR)
    signed_on = factory.LazyAttribute(lambda row: row.starts_on)


class NominationFactory(factory.django.DjangoModelFactory):
    """A draft; the other factories are further on."""

    class Meta:
        model = Nomination

    partner = factory.SubFactory(PartnerFactory)
    cohort = factory.SubFactory(CohortFactory)
    nominated_by = factory.SubFactory(UserFactory)
    full_name = "Robin Reyes"
    invited_email = factory.Sequence(lambda n: f"nominee-{n}@mail.example")
    present_role = "Engineering manager"


class InvitedNominationFactory(NominationFactory):
    status = "invited"
    token_digest = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    invited_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda row: row.invited_at + datetime.timedelta(days=30))


class ConfirmedNominationFactory(NominationFactory):
    status = "confirmed"
    nominee = factory.SubFactory(UserFactory)
    confirmed_at = factory.LazyFunction(timezone.now)


class LeaveFactory(factory.django.DjangoModelFactory):
    """An unpaid leave of absence with a right to return."""

    class Meta:
        model = LoanTerms

    nomination = factory.SubFactory(ConfirmedNominationFactory)
    kind = LoanKind.LEAVE
    has_return_right = True
    leave_type = "personal"
    leave_starts_on = factory.LazyFunction(today)


class SeparationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LoanTerms

    nomination = factory.SubFactory(ConfirmedNominationFactory)
    kind = LoanKind.SEPARATION
    has_return_right = False
    last_day_on = factory.LazyFunction(today)


class EquityDeclarationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EquityDeclaration

    nomination = factory.SubFactory(ConfirmedNominationFactory)
    company = factory.SelfAttribute("nomination.partner.company")
    is_private_company = False
    holds_vested_stock = True
    declared_by = factory.SelfAttribute("nomination.nominee")


def coordinator(**fields: Any) -> User:
    """A person who coordinates for a partner company (`partner=`)."""
    return PartnerMembershipFactory(**fields).user  # type: ignore[no-any-return]
