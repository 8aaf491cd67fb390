"""People at each station of the road, and their pages as they read them."""

import datetime
import html
import re
from typing import Any

from django.test import Client
from django.utils import timezone

from applicants.models import Application
from placements.models import Offer, Placement
from techforce.accounts.models import User
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.factories.applicants import ApplicationFactory, SubmittedApplicationFactory
from tests.factories.program import CohortFactory
from tests.techforce.desk import Desk

DAY = datetime.timedelta(days=1)
DECIDED = ("qualified", "not_qualified", "placed", "lapsed")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(user: User, path: str = "/my/", status: int = 200) -> str:
    """The words of the page's main part, as a person reads them."""
    answer = client_of(user).get(path)
    assert answer.status_code == status
    return words_of(answer)


def words_of(answer: Any) -> str:
    main = answer.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    text = html.unescape(re.sub(r"<[^>]+>", " ", main)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(text.split())


def application_in(status: str) -> Application:
    if status == "draft":
        return ApplicationFactory(cohort=CohortFactory(status="open"))
    moment, fields = timezone.now(), {}
    if status in DECIDED:
        fields = {"decided_at": moment}
    if status == "withdrawn":
        fields = {"withdraws_at": moment, "withdrawn_at": moment}
    return SubmittedApplicationFactory(status=status, **fields)


def offer_in(status: str, kind: str = "tentative") -> Offer:
    fields: dict[str, Any] = {"answered_at": timezone.now()} if status in ("accepted", "declined") else {}
    return made.SentOfferFactory(status=status, kind=kind, **fields)


def placement_in(status: str) -> Placement:
    """With the application that led to it."""
    own = {"selection__application__status": "placed"}
    if status in ("pending_checks", "ready", "fell_through"):
        return made.PlacementFactory(status=status, **own)
    if status in ("active", "suspended"):
        return made.ActivePlacementFactory(status=status, starts_on=today() - 30 * DAY, **own)
    outcome = "left" if status == "closed" else ""
    return made.EndedPlacementFactory(status=status, outcome=outcome, **own)


def member_client(offer: Offer) -> Client:
    """An HR specialist of the offer's agency, signed in with a second factor."""
    return Desk(agency_member(agency=offer.opening.agency))
