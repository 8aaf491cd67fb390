"""What is said by mail about nominations. To the company only that something moved, and where to read it."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from partners.models import LoanTerms, Nomination
from partners.models.nomination import INVITATION_LASTS
from techforce.accounts.sealing import UNREADABLE, unseal
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage

LINK_SECONDS = int(INVITATION_LASTS.total_seconds())


@template("nomination_invitation")
def load_invitation(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Who nominates, and the link; None once the invitation was answered, taken back or sent again."""
    try:
        token = unseal(message.context["sealed_token"], max_age_seconds=LINK_SECONDS)
    except UNREADABLE:
        return None
    open_rows = Nomination.objects.filter(pk=message.subject_id, status="invited")
    nomination = open_rows.select_related("partner__company", "cohort").first()
    if nomination is None or message.dedupe_key != f"nomination-invitation:{nomination.token_digest}":
        return None
    return {
        "company": nomination.partner.company.name,
        "cohort": nomination.cohort.name,
        "expires_at": nomination.expires_at,
        "path": f"{reverse('nomination', args=[nomination.public_id])}?token={token}",
    }


def load_for_company(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Only where to read it: the person is named on a page that asks for sign-in."""
    nomination = Nomination.objects.filter(pk=message.subject_id).first()
    person = message.recipient
    if nomination is None or person is None or not person.has_perm("partners.view_nomination", nomination):
        return None
    return {"path": reverse("partner_nomination", args=[nomination.public_id])}


for key in ("nomination_confirmed", "nomination_declined", "nomination_expired"):
    template(key)(load_for_company)


@template("terms_recorded")
def load_terms(message: OutboxMessage) -> Mapping[str, Any] | None:
    """None when other terms took their place before this left: those have a message of their own."""
    terms = LoanTerms.objects.in_force().filter(pk=message.subject_id).select_related("nomination").first()
    return {"path": reverse("nomination", args=[terms.nomination.public_id])} if terms else None


@template("nomination_revoked")
def load_revoked(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Which company it was stands on the page, behind sign-in."""
    nomination = Nomination.objects.filter(pk=message.subject_id, status="revoked").first()
    return {"path": reverse("nomination", args=[nomination.public_id])} if nomination else None
