"""Rows are locked in one order: Cohort, Opening, Applicant, Application, Selection, Offer, Placement, Item
(architecture §3). A service that moves several of them takes their locks with these, first to last."""

from typing import Any

from django.db import models

from placements.models import Placement


def lock(row: models.Model) -> Any:
    """The row as it stands now, locked until the transaction ends."""
    return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)


def lock_many(rows: models.QuerySet[Any]) -> list[Any]:
    """The rows in primary-key order, locked; openings among others are referred to, so keys stay free."""
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def lock_live_placement(selection_id: int | None) -> Placement | None:
    """The live placement of a selection, locked; None where there is none."""
    live = Placement.objects.live().filter(selection=selection_id, selection__isnull=False)
    placement: Placement | None = live.select_for_update(of=("self",)).first()
    return placement
