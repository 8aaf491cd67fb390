"""Coordinators at their desk, what they send, and the link that a nominee finds in the mail."""

import datetime
import re
from typing import Any

from django.core import mail

from partners.models import Nomination, Partner
from techforce.core.mail.mailer import send_due
from tests.factories.partners import PartnerAgreementFactory, coordinator
from tests.factories.program import CohortFactory
from tests.techforce.desk import Desk

ROSTER = "/partner/"
NOMINATE = "/partner/nominate/"


def able_company() -> tuple[Partner, Desk]:
    """With an agreement in force, and its coordinator signed in."""
    partner = PartnerAgreementFactory().partner
    return partner, Desk(coordinator(partner=partner))


def answers(**other: Any) -> dict[str, Any]:
    """A complete nomination form."""
    return {
        "cohort": CohortFactory(status="open").slug,
        "full_name": "Robin Reyes",
        "email": "robin@mail.example",
        "present_role": "Engineering manager",
        "has_federal_accounts": "no",
        "has_federal_bids": "no",
        "planned_kind": "leave_of_absence",
        **other,
    }


def mails_to(address: str) -> list[Any]:
    while send_due():
        pass
    return [message for message in mail.outbox if message.to == [address]]


def link_mailed_to(address: str) -> str:
    found = re.search(r"/nomination/\S+", mails_to(address)[-1].body)
    assert found
    return found[0]


def page_of(nomination: Nomination, *rest: str) -> str:
    return "/".join(["/partner/nominations", str(nomination.public_id), *rest, ""])


def text(answer: Any) -> str:
    """What the page says, spaces as one reads them."""
    return " ".join(answer.content.decode().split())


def day(name: str, when: datetime.date) -> dict[str, str]:
    return {f"{name}_year": str(when.year), f"{name}_month": str(when.month), f"{name}_day": str(when.day)}


def leave(**other: str) -> dict[str, str]:
    """Complete terms of a leave of absence."""
    return {
        "kind": "leave_of_absence",
        **day("begins_on", datetime.date(2030, 1, 7)),
        "leave_type": "public_service",
        "has_return_right": "yes",
        **day("expected_return_on", datetime.date(2032, 1, 8)),
        "is_unpaid": "on",
        **other,
    }


def separation(**other: str) -> dict[str, str]:
    """Complete terms of a separation."""
    begins = day("begins_on", datetime.date(2030, 1, 4))
    return {"kind": "separation", **begins, "is_unpaid": "on", **other}
