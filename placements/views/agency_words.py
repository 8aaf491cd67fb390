"""How a state is said to an agency: a word and the shape of its tag. Nothing here tells why."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from placements.models import ChecklistItem, Selection

KINDS = {
    "shortlisted": "active",
    "interviewing": "active",
    "selected": "active",
    "offered": "active",
    "accepted": "success",
    "ready": "success",
    "active": "success",
    "sent": "active",
    "pending_checks": "active",
    "suspended": "warning",
    "withdrawn": "warning",
    "expired": "warning",
    "declined": "warning",
    "returned": "warning",
    "blocked": "warning",
    "not_met": "error",
    "fell_through": "warning",
    "done": "success",
    "excused": "success",
    "not_applicable": "success",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agency stands with a person; `is_available` says whether there is anything more to show."""

    label: str
    kind: str = "neutral"
    is_available: bool = True


def standing_of(application: Any, selection: Selection | None) -> Standing:
    if selection is not None and selection.status == "conflict_blocked":
        return Standing(_("Not available for this opening"), is_available=False)
    if selection is not None:
        return Standing(selection.get_status_display(), kind_of(selection.status))
    if application.status != "qualified":
        return Standing(_("Not available any more"), is_available=False)
    return Standing(_("Not considered yet"))


def kind_of(status: str) -> str:
    """The shape of a state's tag."""
    return KINDS.get(status, "neutral")


def progress_of(item: ChecklistItem) -> Standing:
    """A step for those who may not know what was found: in progress, or complete."""
    return Standing(_("Complete"), "success") if item.is_settled else Standing(_("In progress"), "active")
