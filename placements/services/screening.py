"""What the conflict screens of placements come to, for many placements in a fixed number of queries (I17)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q

from placements import conflicts
from placements.models import ConflictResult, Determination, EthicsWaiver, Placement
from placements.services.facts import known_about

WAIVED = "waived"

CASE = ("selection__opening", "selection__applicant", "placement__opening", "placement__applicant")


def outcomes_of_screens(placements: Collection[Placement]) -> dict[int, str]:
    """The outcome for each placement, empty while its screen still stops a firm offer. Asked of its selection before
    service and of the placement itself after a transfer or a change of duties. A block with a waiver on file costs
    further queries, because what it rests on is looked up."""
    selections = [placement.selection_id for placement in placements if placement.selection_id]
    waivers = waivers_of(selections)
    found: dict[tuple[int | None, int | None], list[Determination]] = defaultdict(list)
    subjects = Q(placement__in=[placement.pk for placement in placements]) | Q(selection__in=selections)
    for row in Determination.objects.current().filter(subjects).select_related(*CASE).order_by("pk"):
        found[row.placement_id, row.selection_id].append(row)
    return {
        placement.pk: _outcome(
            found[placement.pk, None] + found[None, placement.selection_id],
            waivers.get(placement.selection_id, ()),
        )
        for placement in placements
    }


def waivers_of(selections: Collection[int]) -> Mapping[int | None, Sequence[conflicts.Waiver]]:
    """The waivers in force of each selection that has any."""
    rows = EthicsWaiver.objects.in_force().filter(selection__in=selections).order_by("pk")
    found: dict[int | None, list[conflicts.Waiver]] = defaultdict(list)
    for selection, authority, family in rows.values_list("selection", "authority", "company__family_root"):
        found[selection].append(conflicts.Waiver(authority, family))
    return dict(found)


def is_waived(determination: Determination, waivers: Sequence[conflicts.Waiver]) -> bool:
    """Whether these waivers pass this block, by what is known today."""
    if not waivers:
        return False
    facts = known_about(determination.case).facts()
    return conflicts.is_waived(facts, determination.rule_codes, waivers)


def _outcome(determinations: Sequence[Determination], waivers: Sequence[conflicts.Waiver]) -> str:
    """The most restrictive of the signed results. None at all, one unsigned, or a block without a waiver: empty."""
    results = [row.signed_result for row in determinations]
    if not results or not all(results):
        return ""
    worst = max(results, key=ConflictResult.values.index)
    if worst != ConflictResult.BLOCK:
        return worst
    blocks = [row for row in determinations if row.signed_result == ConflictResult.BLOCK]
    return WAIVED if all(is_waived(row, waivers) for row in blocks) else ""
