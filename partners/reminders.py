"""Reminders about agreements with companies, invitations that nobody answers, and vesting dates (domain.md §6.2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from partners.models import EquityDeclaration, Nomination, PartnerAgreement, PartnerMembership
from partners.workflow import NominationStatus, PartnerStatus
from techforce.core.ladders import declare
from techforce.core.reminders import Manner, Rung
from techforce.core.reminders.watching import watch
from techforce.program.reminders import program_managers

declare(Path(__file__).parent / "seed" / "reminders.toml")


def ending(agreements: QuerySet[PartnerAgreement]) -> Iterable[tuple[int, date]]:
    """Signed ones of companies that take part, as long as no later one is signed."""
    later = PartnerAgreement.objects.filter(
        partner=OuterRef("partner"), signed_on__isnull=False, ends_on__gt=OuterRef("ends_on")
    )
    current = agreements.filter(~Exists(later), signed_on__isnull=False, partner__status=PartnerStatus.ACTIVE)
    return current.values_list("pk", "ends_on")


def unanswered(nominations: QuerySet[Nomination]) -> Iterable[tuple[int, datetime | None]]:
    return nominations.filter(status=NominationStatus.INVITED).values_list("pk", "expires_at")


def vesting(declarations: QuerySet[EquityDeclaration]) -> Iterable[tuple[int, date | None]]:
    """Of people who are lent now: what vests may change what they must stay away from."""
    current = declarations.filter(
        superseded_at__isnull=True,
        next_vest_on__isnull=False,
        nomination__status=NominationStatus.ACTIVE,
        nomination__nominee__is_active=True,
    )
    return current.values_list("pk", "next_vest_on")


def coordinators(due: Sequence[tuple[Nomination, Rung]]) -> Mapping[int, Iterable[Any]]:
    """The invited person has no account yet; the company that invited can ask."""
    companies = {nomination.partner_id for nomination, _rung in due}
    live = PartnerMembership.objects.live().filter(partner__in=companies, user__is_active=True)
    found = defaultdict(list)
    for membership in live.select_related("user").order_by("pk"):
        found[membership.partner_id].append(membership.user)
    return {nomination.pk: dict.fromkeys(found[nomination.partner_id]) for nomination, _rung in due}


def nominee(due: Sequence[tuple[EquityDeclaration, Rung]]) -> Mapping[int, Iterable[Any]]:
    return {declaration.pk: [declaration.nomination.nominee] for declaration, _rung in due}


AGREEMENT = watch(
    "partner_agreement",
    PartnerAgreement,
    dates=ending,
    recipients=program_managers,
    path=lambda agreement, person: reverse("admin:partners_partneragreement_change", args=[agreement.pk]),
)
NOMINATION = watch(
    "nomination_unanswered",
    Nomination,
    dates=unanswered,
    recipients=coordinators,
    path=lambda nomination, person: reverse("partner_nomination", args=[nomination.public_id]),
    manner=lambda nomination, rung, person: Manner.SINGLE,
)
VESTING = watch(
    "vesting",
    EquityDeclaration,
    dates=vesting,
    recipients=nominee,
    path=lambda declaration, person: reverse("nomination", args=[declaration.nomination.public_id]),
    manner=lambda declaration, rung, person: Manner.CAPPED,
    related=("nomination__nominee",),
)
