"""What people are told by mail about openings, offers and service. The mails name no agency, pay or reason."""

from collections.abc import Mapping
from typing import Any

from applicants.models import Application
from placements.models import (
    Determination,
    DisclosureExtension,
    NumbersEdition,
    Offer,
    Placement,
    Referral,
    Selection,
)
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage
from techforce.core.moments import announced

KNOWN_FROM_AN_OFFER = ("offered", "accepted", "held", "declined", "filled_elsewhere")


# ── To the person ─────────────────────────────────────────────────────────────────────────────────
@template("application_referred")
def load_referred(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That an agency has it, not which; nothing once the person has left."""
    application = Application.objects.live().filter(pk=message.subject_id).first()
    return {"reference_number": application.reference_number} if application else None


@template("selection_decided")
def load_outcome(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That an agency decided; nothing where an offer says so, or the person has left."""
    application = Application.objects.live().filter(pk=message.subject_id).first()
    told = Selection.objects.filter(application=message.subject_id, opening=message.context["opening"])
    if application is None or told.filter(status__in=KNOWN_FROM_AN_OFFER).exists():
        return None
    return {"reference_number": application.reference_number}


@template("offer_sent")
def load_offer(message: OutboxMessage) -> Mapping[str, Any] | None:
    """The kind and the deadline, while there is still something to answer."""
    offer = Offer.objects.filter(pk=message.subject_id, status="sent").first()
    if offer is None or offer.response_due_at is None:
        return None
    return {
        "public_id": offer.public_id,
        "is_firm": offer.kind == "firm",
        "due_at": offer.response_due_at,
        "day": announced(offer.response_due_at).date(),
    }


@template("offer_withdrawn")
def load_withdrawn_offer(message: OutboxMessage) -> Mapping[str, Any] | None:
    offer = Offer.objects.filter(pk=message.subject_id, status="withdrawn").first()
    return {"public_id": offer.public_id} if offer else None


@template("service_begins")
def load_beginning(message: OutboxMessage) -> Mapping[str, Any] | None:
    placement = Placement.objects.filter(pk=message.subject_id, status__in=["active", "suspended"]).first()
    return {"starts_on": placement.starts_on} if placement else None


@template("extension_answered")
def load_extension_answer(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That there is an answer, not which."""
    answered = DisclosureExtension.objects.filter(pk=message.subject_id, status__in=["granted", "declined"])
    extension = answered.select_related("item").first()
    return {"item_id": extension.item.public_id} if extension else None


# ── To the agency: that something waits, and where ────────────────────────────────────────────────
@template("certificate_waiting")
def load_certificate(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Its number and the day by which it comes back, while it is out."""
    referral = Referral.objects.filter(pk=message.subject_id, status="open").first()
    if referral is None:
        return None
    return {"number": referral.certificate.number, "due_on": referral.due_on}


@template("offer_answered")
def load_answer(message: OutboxMessage) -> Mapping[str, Any] | None:
    offer = Offer.objects.filter(pk=message.subject_id, status__in=["accepted", "declined"]).first()
    return {"public_id": offer.public_id} if offer else None


@template("determination_waiting")
def load_determination(message: OutboxMessage) -> Mapping[str, Any] | None:
    waiting = Determination.objects.filter(pk=message.subject_id, status="proposed").first()
    return {"public_id": waiting.public_id} if waiting else None


@template("extension_asked")
def load_extension(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While it waits and is still needed."""
    waiting = DisclosureExtension.objects.waiting().filter(pk=message.subject_id).first()
    return {"public_id": waiting.public_id} if waiting else None


@template("placement_ready")
def load_ready(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While it is still so."""
    placement = Placement.objects.filter(pk=message.subject_id, status="ready").first()
    return {"public_id": placement.public_id, "starts_on": placement.starts_on} if placement else None


# ── About the public numbers ──────────────────────────────────────────────────────────────────────
@template("numbers_preview")
def load_numbers(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While there is still time to correct them."""
    edition = NumbersEdition.objects.filter(pk=message.subject_id, status="preview").first()
    return {"publish_on": edition.publish_on} if edition else None
