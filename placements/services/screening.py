"""What the conflict screens of placements come to, for many placements in a fixed number of queries (I17)."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import Q

from placements.models import ConflictResult, Determination, EthicsWaiver, Placement

WAIVED = "waived"


def outcomes_of_screens(placements: Collection[Placement]) -> dict[int, str]:
    """The outcome for each placement, empty while its screen still stops a firm offer. Asked of its selection before
    service and of the placement itself after a transfer or a change of duties."""
    selections = [placement.selection_id for placement in placements if placement.selection_id]
    waived = set(
        EthicsWaiver.objects.in_force().filter(selection__in=selections).values_list("selection", flat=True)
    )
    found: dict[tuple[int | None, int | None], list[Determination]] = defaultdict(list)
    subjects = Q(placement__in=[placement.pk for placement in placements]) | Q(selection__in=selections)
    for row in Determination.objects.current().filter(subjects).order_by("pk"):
        found[row.placement_id, row.selection_id].append(row)
    return {
        placement.pk: _outcome(
            found[placement.pk, None] + found[None, placement.selection_id], placement.selection_id in waived
        )
        for placement in placements
    }


def _outcome(determinations: Sequence[Determination], is_waived: bool) -> str:
    """The most restrictive of the signed results. None at all, one unsigned, or a block without a waiver: empty."""
    results = [row.signed_result for row in determinations]
    if not results or not all(results):
        return ""
    worst = max(results, key=ConflictResult.values.index)
    if worst != ConflictResult.BLOCK:
        return worst
    return WAIVED if is_waived else ""
