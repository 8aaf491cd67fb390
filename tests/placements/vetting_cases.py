"""People in vetting, and what their agency promised about it."""

import datetime
from typing import Any

from agencies.models import Opening
from placements.models import Placement
from techforce.core.calendar import EASTERN, today
from tests.factories import placements as made
from tests.factories.agencies import ClearanceCommitmentFactory
from tests.factories.program import VettingTierFactory

DAY = datetime.timedelta(days=1)


def in_vetting(
    opening: Opening, *, days_ago: int = 0, item: Any = made.ChecklistItemFactory, **fields: Any
) -> Placement:
    """Somebody who accepted the tentative offer so long ago, with one vetting step before the firm offer."""
    placement: Placement = made.PlacementFactory(
        selection__opening=opening, selection__application__status="placed", starts_on=today() + 60 * DAY
    )
    moment = datetime.datetime.now(tz=EASTERN) - days_ago * DAY
    made.SentOfferFactory(
        selection=placement.selection, status="accepted", sent_at=moment - DAY, answered_at=moment
    )
    template = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    checklist = made.ChecklistFactory(placement=placement, template=template, area="vetting")
    item(checklist=checklist, step__code="V12", step__owner_role="security_officer",
         step__recorder_role="security_officer", **fields)  # fmt: skip
    return placement


def promise(opening: Opening, days: int, **fields: Any) -> None:
    fields = {"starts_on": today() - 300 * DAY} | fields
    ClearanceCommitmentFactory(agency=opening.agency, tier=VettingTierFactory(), days=days, **fields)
