"""Who at an agency is told by mail that something waits for them. What the mails say is in placements/notifications.py,
except where a gate has to be asked."""

from collections.abc import Collection, Mapping
from typing import Any

from agencies.models import AgencyRole, Opening
from agencies.permissions import Members
from placements.checklists import STOPPING_GATES
from placements.models import ChecklistItem, Determination, Offer, OfferKind, Placement, Referral
from placements.services.gates import gates_of, open_codes
from techforce.accounts.models import User
from techforce.core.mail.notifications import template
from techforce.core.mail.outbox import draft, enqueue_many
from techforce.core.models import MessageClass, OutboxMessage


def members_with(opening: Opening, *roles: str) -> list[User]:
    """People who hold one of these roles for the opening's office today, each once."""
    return Members([opening.agency_id], *roles).holding(opening, *roles)


def tell(key: str, subject: Any, people: Collection[User], *, about: str = "") -> None:
    """One message a person; the same key about the same thing goes out once."""
    thing = about or str(subject.public_id)
    enqueue_many(
        draft(
            key,
            message_class=MessageClass.TRANSACTIONAL,
            subject=subject,
            recipient=person,
            dedupe_key=f"{key}:{thing}:{person.pk}",
        )
        for person in people
    )


def tell_certificate_waits(referral: Referral) -> None:
    people = members_with(referral.opening, AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER)
    tell("certificate_waiting", referral, people)


def tell_determination_waits(determination: Determination) -> None:
    """To the ethics officials and to nobody else (trust.md I18)."""
    officials = members_with(determination.case.opening, AgencyRole.ETHICS_OFFICIAL)
    tell("determination_waiting", determination, officials)


def tell_offer_answered(offer: Offer) -> None:
    tell("offer_answered", offer, members_with(offer.opening, AgencyRole.HR_SPECIALIST))


def stopped_gates(placement: Placement) -> frozenset[str]:
    """The gates that some step stops now. Ask before a change, and tell afterwards."""
    return gates_of([placement]).stopped(placement.pk)


def tell_open_gates(
    placement: Placement, *, before: Collection[str], change: ChecklistItem | Determination
) -> None:
    """To HR, when this change completed every step before the firm offer, or before the start. Said once a change that
    opens the gate, so again after it was closed in the meantime."""
    tell_opened_gates(placement, frozenset(before) - stopped_gates(placement), change)


def tell_opened_gates(
    placement: Placement, opened: Collection[str], change: ChecklistItem | Determination
) -> None:
    """Which of them is known already."""
    if placement.status != "pending_checks":
        return
    for gate in STOPPING_GATES:
        if gate in opened:
            people = members_with(placement.opening, AgencyRole.HR_SPECIALIST)
            tell(f"{gate}_gate_open", placement, people, about=f"{change.public_id}:{change.version}")


@template("firm_offer_gate_open")
def load_firm_gate(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While there is a firm offer to prepare. A transfer has none."""
    placement = _still_open(message, "firm_offer")
    if placement is None or placement.selection_id is None:
        return None
    live = Offer.objects.filter(kind=OfferKind.FIRM, status__in=["draft", "sent", "accepted"])
    return None if live.filter(selection=placement.selection_id).exists() else _words_of(placement)


@template("entry_on_duty_gate_open")
def load_entry_gate(message: OutboxMessage) -> Mapping[str, Any] | None:
    """While nobody has confirmed it and no step is open again."""
    placement = _still_open(message, "entry_on_duty")
    return _words_of(placement) if placement else None


def _still_open(message: OutboxMessage, gate: str) -> Placement | None:
    placement = Placement.objects.filter(pk=message.subject_id, status="pending_checks").first()
    return None if placement is None or open_codes([placement], gate) else placement


def _words_of(placement: Placement) -> Mapping[str, Any]:
    return {"public_id": placement.public_id, "starts_on": placement.starts_on}


def tell_ready(placement: Placement) -> None:
    """To HR, and to the supervisor who prepares the first day."""
    people = members_with(placement.opening, AgencyRole.HR_SPECIALIST)
    if placement.supervisor is not None:
        supervisors = [placement.supervisor]
    else:
        supervisors = members_with(placement.opening, AgencyRole.SUPERVISOR)
    everyone = {person.pk: person for person in [*people, *supervisors]}
    tell("placement_ready", placement, everyone.values(), about=f"{placement.public_id}:{placement.version}")
