"""Who at an agency is told by mail that something waits for them. The words are in placements/notifications.py."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from agencies.models import AgencyMembership, AgencyRole, Opening
from placements.checklists import STOPPING_GATES
from placements.models import Determination, Offer, Placement, Referral
from placements.services.gates import open_codes
from techforce.accounts.models import User
from techforce.core.models import MessageClass
from techforce.core.outbox import draft, enqueue_many


def members_with(opening: Opening, *roles: str) -> list[User]:
    """People who hold one of these roles for the opening's office today, each once."""
    live = AgencyMembership.objects.live().filter(
        Q(office__isnull=True) | Q(office=opening.office_id),
        agency=opening.agency_id,
        role__in=roles,
        user__is_active=True,
    )
    people = {
        membership.user.pk: membership.user for membership in live.select_related("user").order_by("pk")
    }
    return list(people.values())


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


def tell_open_gates(placement: Placement) -> None:
    """To HR, when every step before the firm offer, or before the start, is complete. Said once, and again after a
    placement that was ready went back to its checks."""
    if placement.status != "pending_checks":
        return
    for gate in STOPPING_GATES:
        if not open_codes([placement], gate):
            people = members_with(placement.opening, AgencyRole.HR_SPECIALIST)
            tell(f"{gate}_gate_open", placement, people, about=f"{placement.public_id}:{placement.version}")


def tell_ready(placement: Placement) -> None:
    """To HR, and to the supervisor who prepares the first day."""
    people = members_with(placement.opening, AgencyRole.HR_SPECIALIST)
    if placement.supervisor is not None:
        supervisors = [placement.supervisor]
    else:
        supervisors = members_with(placement.opening, AgencyRole.SUPERVISOR)
    everyone = {person.pk: person for person in [*people, *supervisors]}
    tell("placement_ready", placement, everyone.values(), about=f"{placement.public_id}:{placement.version}")
