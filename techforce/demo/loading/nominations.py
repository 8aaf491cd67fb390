"""Nominations in every state, and on what terms each company lets its people go."""

import datetime
import secrets
from typing import Any

from applicants.models import Application
from partners.models import LoanKind, LoanTerms, Nomination, Partner
from partners.models.nomination import INVITATION_LASTS
from partners.services.nomination import digest
from partners.services.notices import send_invitation
from techforce.accounts.models import User
from techforce.core.calendar import add_months
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import happened, moment, read
from techforce.demo.loading.service import first_day
from techforce.demo.loading.story import Step, Story
from techforce.demo.people import HOME_COMPANY

LEAVE_MONTHS = 24
BY_THE_NOMINEE = ("confirm", "decline", "activate")


def load_nominations(seeded: Seeded) -> None:
    story = Story()
    for entry in sorted(read("partners")["nominations"], key=begun):
        partner = Partner.objects.get(company__slug=entry["company"])
        cohort = cohorts.by_slug(entry.get("cohort", cohorts.CURRENT))
        key = {"partner": partner, "cohort": cohort, "invited_email": entry["email"]}
        if Nomination.objects.filter(**key).exists():
            continue
        nomination = build(entry, key)
        token = secrets.token_urlsafe(32)
        tell(story, nomination, entry, token)
        nomination.save()
        save_terms(nomination, entry)
        if nomination.status == "invited":
            send_invitation(nomination, token)
        seeded.count(nomination, is_new=True)
    story.write()


def begun(entry: dict[str, Any]) -> int:
    """The day of the invitation; a draft is the newest."""
    return Step.parse(entry["path"][0]).day if entry["path"] else 0


def build(entry: dict[str, Any], key: dict[str, Any]) -> Nomination:
    steps = [Step.parse(text) for text in entry["path"]]
    return Nomination(
        **key,
        full_name=entry["name"],
        present_role=entry["role"],
        division=entry["division"],
        planned_kind=entry.get("kind", ""),
        nominated_by=nominator(entry),
        created_at=moment(steps[0].day - 1 if steps else -1, hour=9),
    )


def tell(story: Story, nomination: Nomination, entry: dict[str, Any], token: str) -> None:
    nominee = User.objects.filter(email=entry["email"]).first()
    actors = {"expire": User.objects.system(), "invite": nominator(entry), "revoke": nominator(entry)}
    by = nominee or User.objects.system()
    story.tell(nomination, entry["path"], lambda arrow: actors.get(arrow, by))
    if nomination.invited_at:
        nomination.expires_at = nomination.invited_at + INVITATION_LASTS
    if nomination.status == "invited":
        nomination.token_digest = digest(token)
    if nomination.confirmed_at:
        nomination.nominee = nominee
        nomination.application = (
            Application.objects.live().filter(applicant__user=nominee, cohort=nomination.cohort).first()
        )


def nominator(entry: dict[str, Any]) -> User:
    """The company's coordinator, or the program office for a company without one in the demonstration."""
    return account("coordinator" if entry["company"] == HOME_COMPANY else "program-manager")


def save_terms(nomination: Nomination, entry: dict[str, Any]) -> None:
    """A right to come back, or a last day of work: never both. Leave begins with the service, or a little before."""
    if "kind" not in entry:
        return
    begins = first_day(entry["leaves"])
    is_leave = entry["kind"] == LoanKind.LEAVE
    LoanTerms.objects.create(
        nomination=nomination,
        kind=entry["kind"],
        created_at=happened(nomination.confirmed_at),
        **(leave(begins) if is_leave else {"has_return_right": False, "last_day_on": begins}),
    )


def leave(begins: datetime.date) -> dict[str, Any]:
    return {
        "has_return_right": True,
        "leave_type": "public_service",
        "leave_starts_on": begins,
        "expected_return_on": add_months(begins, LEAVE_MONTHS),
    }
