"""Where the recipient of a reminder reads what it is."""

from typing import Any

from django.urls import reverse

from agencies.permissions import live_memberships
from placements.models import ChecklistItem, Placement


def path_to_step(item: ChecklistItem, person: Any) -> str:
    """The step itself for those who handle it in the agency; others hear of it and find the placement."""
    placement = item.checklist.placement
    is_of_agency = person != placement.applicant.user and live_memberships(person)
    if is_of_agency and person.has_perm("placements.view_checklistitem", item):
        return reverse("agency_step", args=[item.public_id])
    return path_to_placement(placement, person)


def path_to_placement(placement: Placement, person: Any) -> str:
    if person == placement.applicant.user:
        return reverse("my_service")
    if live_memberships(person):
        return reverse("agency_placement", args=[placement.public_id])
    if person.is_staff:
        return reverse("admin:placements_placement_change", args=[placement.pk])
    return reverse("partner")
