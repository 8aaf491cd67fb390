"""Nominations in every state, and on what terms each company lets its people go."""

import datetime
import secrets
from typing import Any

from applicants.models import Application
from partners.models import LoanKind, LoanTerms, Nomination, Partner
from partners.models.nomination import INVITATION_LASTS
from partners.services.nomination import digest
from techforce.accounts.models import User
from techforce.core.calendar import add_months
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import day, moment, read
from techforce.demo.loading.story import Story
from techforce.demo.people import HOME_COMPANY

PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "invited": ("invite",),
    "declined": ("invite", "decline"),
    "confirmed": ("invite", "confirm"),
    "active": ("invite", "confirm", "activate"),
}
DAYS_BETWEEN = 2
LEAVE_BEGINS, LEAVE_MONTHS = 75, 24


def load_nominations(seeded: Seeded) -> None:
    story = Story()
    for entry in read("partners")["nominations"]:
        partner = Partner.objects.get(company__slug=entry["company"])
        key = {"partner": partner, "cohort": cohorts.current(), "invited_email": entry["email"]}
        if Nomination.objects.filter(**key).exists():
            continue
        nomination = build(entry, key)
        tell(story, nomination, entry)
        nomination.save()
        save_terms(nomination, entry)
        seeded.count(nomination, is_new=True)
    story.write()


def build(entry: dict[str, Any], key: dict[str, Any]) -> Nomination:
    return Nomination(
        **key,
        full_name=entry["name"],
        present_role=entry["role"],
        division=entry["division"],
        nominated_by=nominator(entry),
        created_at=moment(-entry["days_ago"], hour=9),
    )


def tell(story: Story, nomination: Nomination, entry: dict[str, Any]) -> None:
    nominee = User.objects.filter(email=entry["email"]).first()
    for step, name in enumerate(PATHS[entry["state"]]):
        at = moment(step * DAYS_BETWEEN - entry["days_ago"], hour=14)
        by = nominator(entry) if name == "invite" else nominee or User.objects.system()
        if name == "invite":
            nomination.token_digest = digest(secrets.token_urlsafe(32))
            nomination.expires_at = at + INVITATION_LASTS
        if name in ("confirm", "decline"):
            nomination.token_digest = ""
        if name == "confirm":
            nomination.nominee = nominee
        if name == "activate":
            nomination.application = Application.objects.live().get(applicant__user=nominee)
        story.take(nomination, name, at=at, by=by)


def nominator(entry: dict[str, Any]) -> User:
    """The company's coordinator, or the program office for a company without one in the demonstration."""
    return account("coordinator" if entry["company"] == HOME_COMPANY else "program-manager")


def save_terms(nomination: Nomination, entry: dict[str, Any]) -> None:
    """A right to come back, or a last day of work: never both."""
    if "kind" not in entry:
        return
    begins = day(LEAVE_BEGINS)
    is_leave = entry["kind"] == LoanKind.LEAVE
    LoanTerms.objects.create(
        nomination=nomination,
        kind=entry["kind"],
        **(leave(begins) if is_leave else {"has_return_right": False, "last_day_on": begins}),
    )


def leave(begins: datetime.date) -> dict[str, Any]:
    return {
        "has_return_right": True,
        "leave_type": "public_service",
        "leave_starts_on": begins,
        "expected_return_on": add_months(begins, LEAVE_MONTHS),
    }
