"""Accounts: those that `/demo/` offers, with password and authenticator app, and the people around them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from agencies.models import Agency, AgencyMembership, Office
from partners.models import Partner, PartnerMembership
from techforce.accounts.models import OpmMembership, User
from techforce.accounts.second_factor import is_required
from techforce.core.seeding import Seeded, put
from techforce.demo.loading.content import day, moment
from techforce.demo.people import HOME_AGENCY, HOME_COMPANY, HOME_OFFICE, PASSWORD, PEOPLE, DemoPerson

JOINED = -980  # before the pilot
OFFICE_ROLES = ("supervisor",)
"""These act for one office, the others for the whole agency."""


def load_accounts(seeded: Seeded) -> None:
    """Everybody whom `/demo/` offers."""
    known = set(User.objects.filter(email__in=emails()).values_list("email", flat=True))
    # Hashing is slow on purpose, and all have one password.
    password = make_password(PASSWORD) if len(known) < len(PEOPLE) else ""
    for person in PEOPLE.values():
        put_user(seeded, person.email, person.name, password=password)


def load_roles(seeded: Seeded) -> None:
    """Once the offices and companies are there. Who holds a role gets an authenticator app."""
    for person in PEOPLE.values():
        put_roles(seeded, person, account(person.slug))
        put_authenticator(seeded, account(person.slug))


def account(slug: str) -> User:
    """The account of the person whom `/demo/` offers under this name; fresh, for it remembers its roles."""
    return User.objects.get(email=PEOPLE[slug].email)


def emails() -> list[str]:
    return [person.email for person in PEOPLE.values()]


def put_user(seeded: Seeded, email: str, name: str, *, password: str = "") -> User:
    """An account with a verified address. Without `password` nobody signs in to it."""
    initial = {
        "full_name": name,
        "password": password or f"{UNUSABLE_PASSWORD_PREFIX}demo",
        "date_joined": moment(JOINED),
    }
    user: User = put(seeded, User, {"email": email}, initial=initial)
    put(seeded, EmailAddress, {"user": user, "email": email}, initial={"verified": True, "primary": True})
    return user


def put_roles(seeded: Seeded, person: DemoPerson, user: User) -> None:
    if person.opm_role:
        put(seeded, OpmMembership, {"user": user, "role": person.opm_role}, initial=accepted())
    if person.agency_role:
        put_agency_role(seeded, user, person.agency_role, HOME_AGENCY)
    if person.partner_role:
        partner = Partner.objects.get(company__slug=HOME_COMPANY)
        key = {"user": user, "role": person.partner_role, "partner": partner}
        put(seeded, PartnerMembership, key, initial=accepted())


def put_agency_role(seeded: Seeded, user: User, role: str, agency_code: str) -> None:
    agency = Agency.objects.get(code=agency_code)
    office = Office.objects.get(agency=agency, name=HOME_OFFICE) if role in OFFICE_ROLES else None
    put(
        seeded,
        AgencyMembership,
        {"user": user, "role": role, "agency": agency, "office": office},
        initial=accepted(),
    )


def put_authenticator(seeded: Seeded, user: User) -> None:
    """A real one with a seed of its own, sealed as every other."""
    if (
        not is_required(user)
        or Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    ):
        return
    seeded.count(TOTP.activate(user, generate_totp_secret()).instance, is_new=True)


def accepted() -> dict[str, object]:
    """An invitation that was accepted when the demonstration began."""
    return {"accepted_at": moment(JOINED), "starts_on": day(JOINED)}
