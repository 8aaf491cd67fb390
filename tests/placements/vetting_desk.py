"""A person whose vetting goes by the templates of the program, in an agency that records milestones or every step."""

from typing import Any

from placements.models import ChecklistItem, Placement
from placements.services import open_checklists, seed_placements
from tests.factories import placements as made
from tests.factories.agencies import AgencyParticipationFactory, PublishedOpeningFactory
from tests.factories.program import SensitivityFactory, VettingTierFactory


def vetted(
    tier: str = "NS-S", *, detail: str = "milestones", opening: Any = None, **fields: Any
) -> Placement:
    """Nothing but what was decided before is recorded yet."""
    tiers = {code: VettingTierFactory(code=code) for code in ("L", "M", "NS-S", "H", "NS-TS")}
    seed_placements()
    if opening is None:
        # No waiver is possible, so the adjudication alone opens the gate of a sensitive position.
        sensitivity = SensitivityFactory(code="special", is_waiver_possible=False)
        opening = PublishedOpeningFactory(vetting_tier=tiers[tier], sensitivity=sensitivity)
        AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort, vetting_detail=detail)
    placement: Placement = made.PlacementFactory(selection__opening=opening, **fields)
    open_checklists(placement)
    return placement


def step(placement: Placement, code: str) -> ChecklistItem:
    return ChecklistItem.objects.get(checklist__placement=placement, code=code, corrects=None)


def reference_of(placement: Placement) -> str:
    return str(placement.selection.application.reference_number)  # type: ignore[union-attr]
