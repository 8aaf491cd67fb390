"""What stays open when a person leaves: offers nobody can answer any more, and selections that lead nowhere."""

from collections.abc import Collection
from types import MappingProxyType
from typing import Any

from django.db.models import Q, QuerySet

from placements.models import Offer, Selection
from placements.services.interviews import cancel_pending_interviews
from placements.services.locks import lock_many
from placements.services.notices import tell_withdrawal
from placements.workflow.selection import UNDER_CONSIDERATION
from techforce.accounts.models import User
from techforce.core.services import service
from techforce.core.workflow import transition_many

OPEN_OFFERS = ("draft", "sent")
CLOSED_BY_A_WITHDRAWAL = (*UNDER_CONSIDERATION, "offered", "held")
WHY_AN_OFFER_GOES = MappingProxyType(
    {
        "withdrew": "person_withdrew",
        "no_show": "person_withdrew",
        "requirements_not_met": "requirements_not_met",
        "conflict": "requirements_not_met",
        "position_cancelled": "position_cancelled",
    }
)
"""By the reason for which a placement fell through."""


@service
def close_selections_of_withdrawn(*, by: Any) -> int:
    """End what agencies had open with people whose withdrawal took effect; beat calls it. They asked for it and were
    written when it happened, so they are not written again. Returns how many selections it ended."""
    return close_withdrawn(Selection.objects.filter(application__status="withdrawn"), by=by)


def close_withdrawn(selections: QuerySet[Selection], *, by: Any) -> int:
    """End those of the selections that are open; the caller knows that their people withdrew."""
    open_offers = Offer.objects.filter(selection__in=selections, status__in=OPEN_OFFERS)
    is_open = Q(status__in=CLOSED_BY_A_WITHDRAWAL) | Q(
        pk__in=set(open_offers.values_list("selection", flat=True))
    )
    rows = lock_many(selections.filter(is_open))
    _withdraw_offers([row.pk for row in rows], reason_code="person_withdrew", by=by)
    closing = [row.pk for row in rows if row.status in CLOSED_BY_A_WITHDRAWAL]
    detail = {"because": "application_withdrawn"}
    over = Selection.objects.filter(pk__in=closing)
    closed = transition_many(over, "fill_elsewhere", by=by, detail=detail).rows
    cancel_pending_interviews(closed)
    return len(closed)


def withdraw_offers_of_fallen(selection: Selection, *, reason_code: str) -> None:
    """The placement of this selection fell through. Whoever had an offer to answer is told that it is gone. The caller
    does not hold the placement yet (architecture §3)."""
    lock_many(Selection.objects.filter(pk=selection.pk))
    code = WHY_AN_OFFER_GOES.get(
        reason_code, "error_corrected"
    )  # another reason is refused with the placement
    for offer, status in _withdraw_offers([selection.pk], reason_code=code, by=User.objects.system()):
        if status == "sent":
            tell_withdrawal(offer)


def _withdraw_offers(selections: Collection[int], *, reason_code: str, by: Any) -> list[tuple[Offer, str]]:
    """The open offers of these selections, which the caller has locked, each with the state that it was in."""
    found = lock_many(Offer.objects.filter(selection__in=selections, status__in=OPEN_OFFERS))
    before = {offer.pk: offer.status for offer in found}
    moved = transition_many(
        Offer.objects.filter(pk__in=before).select_related("applicant"),
        "withdraw",
        by=by,
        reason_code=reason_code,
    ).rows
    return [(offer, before[offer.pk]) for offer in moved]
