"""People, OPM roles, delegations: dull and valid."""

import datetime
from typing import Any
from uuid import uuid4

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone

from techforce.accounts.models import Delegation, OpmMembership, OpmRole, User
from techforce.core.calendar import today

PASSWORD = "seven quiet otters swim"
TOTP_SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    # Attempts are counted by address, in a broker that outlives a run of the tests.
    email = factory.LazyFunction(lambda: f"person-{uuid4().hex[:12]}@mail.example")
    full_name = "Robin Reyes"

    @classmethod
    def _create(cls, model_class: type[User], **fields: Any) -> User:
        return model_class.objects.create_user(password=fields.pop("password", PASSWORD), **fields)

    @factory.post_generation
    def address(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class OpmMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpmMembership

    user = factory.SubFactory(UserFactory)
    role = OpmRole.CASE_MANAGER
    accepted_at = factory.LazyFunction(timezone.now)


class OpmInvitationFactory(factory.django.DjangoModelFactory):
    """Not saved: `services.invite` does that."""

    class Meta:
        model = OpmMembership
        strategy = factory.BUILD_STRATEGY

    role = OpmRole.REVIEWER
    invited_email = "invited@agency.example"


class DelegationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Delegation

    giver = factory.SubFactory(UserFactory)
    taker = factory.SubFactory(UserFactory)
    starts_on = factory.LazyFunction(today)
    ends_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=14))


def opm_staff(*roles: str, **fields: Any) -> User:
    """A person with these OPM roles (case manager if none is named)."""
    user = UserFactory(**fields)
    for role in roles or (OpmRole.CASE_MANAGER,):
        OpmMembershipFactory(user=user, role=role)
    return User.objects.get(pk=user.pk)  # without roles remembered from before


def give_second_factor(user: User) -> list[str]:
    """An authenticator app with a seed that the tests know; returns the recovery codes."""
    TOTP.activate(user, TOTP_SEED)
    return RecoveryCodes.activate(user).generate_codes()


def app_code() -> str:
    """What the authenticator app shows now."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(TOTP_SEED, counters[len(counters) // 2]))
