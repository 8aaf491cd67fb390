"""What agencies bring to the cohort: offices, pledges, promises, and someone who writes their openings."""

from typing import Any

from agencies.models import (
    Agency,
    AgencyParticipation,
    AgencyRole,
    ClearanceCommitment,
    Office,
    OfficePartnerRelationship,
)
from techforce.accounts.models import User
from techforce.core.seeding import Seeded, put
from techforce.demo.loading import cohorts
from techforce.demo.loading.accounts import put_agency_role, put_user
from techforce.demo.loading.content import day, read
from techforce.demo.people import PEOPLE
from techforce.program.models import Company, VettingTier

COMMITTED = -40


def load_offices(seeded: Seeded) -> None:
    """Before the accounts, of which some act for one office."""
    for entry in read("openings")["openings"]:
        city, state = entry["places"][0].split(", ")
        key = {"agency": Agency.objects.get(code=entry["agency"]), "name": entry["office"]}
        put(seeded, Office, key, initial={"city": city, "state": state})


def load_participation(seeded: Seeded) -> None:
    content = read("agencies")
    for entry in content["agencies"]:
        specialist = put_specialist(seeded, entry)
        agency = Agency.objects.get(code=entry["code"])
        put_pledge(seeded, agency, entry, specialist)
        put_promises(seeded, agency, content["commitment_days"])


def load_relationships(seeded: Seeded) -> None:
    """What offices have to do with companies: the conflict screen reads it."""
    for entry in read("partners")["relationships"]:
        key = {
            "office": Office.objects.get(agency__code=entry["agency"], name=entry["office"]),
            "company": Company.objects.get(slug=entry["company"]),
            "kind": entry["kind"],
            "contract_number": entry["contract_number"],
        }
        initial = {
            "value_band": entry["value_band"],
            "source": "agency",
            "confidence": "high",
            "as_of_on": day(-entry["days_ago"]),
        }
        put(seeded, OfficePartnerRelationship, key, initial=initial)


def put_specialist(seeded: Seeded, entry: dict[str, Any]) -> User:
    if not entry["hr"]:
        return hr_specialist(entry["code"])
    email = specialist_email(entry)
    user = put_user(seeded, email, entry["hr"])
    put_agency_role(seeded, user, AgencyRole.HR_SPECIALIST, entry["code"])
    return user


def specialist_email(entry: dict[str, Any]) -> str:
    if not entry["hr"]:
        return PEOPLE["hr-specialist"].email
    first, last = entry["hr"].lower().split(" ")
    return f"{first}.{last}@{entry['code'].lower()}.example"


def specialist_emails() -> dict[str, str]:
    """By the code of the agency."""
    return {entry["code"]: specialist_email(entry) for entry in read("agencies")["agencies"]}


def hr_specialist(agency_code: str) -> User:
    """Who writes the openings of this agency."""
    return User.objects.get(email=specialist_emails()[agency_code])


def put_pledge(seeded: Seeded, agency: Agency, entry: dict[str, Any], specialist: User) -> None:
    initial = {
        "seats_pledged": entry["seats"],
        "vetting_detail": entry.get("vetting_detail", "full"),
        "is_funding_confirmed": True,
        "has_policy_in_place": True,
        "contact_name": specialist.full_name,
        "contact_email": specialist.email,
        "committed_by": specialist,
        "committed_on": day(COMMITTED),
    }
    put(seeded, AgencyParticipation, {"agency": agency, "cohort": cohorts.current()}, initial=initial)


def put_promises(seeded: Seeded, agency: Agency, days: dict[str, int]) -> None:
    for tier in VettingTier.objects.order_by("rank"):
        initial = {"days": days[tier.code], "starts_on": day(COMMITTED)}
        put(seeded, ClearanceCommitment, {"agency": agency, "tier": tier}, initial=initial)
