"""Who may do what with the public numbers."""

from typing import Any

import rules

from agencies.permissions import live_memberships
from agencies.workflow import AgencyRole
from placements.permissions.acting import of_whole_agency
from techforce.accounts.permissions import is_opm
from techforce.core.permissions import is_system

CORRECTS_NUMBERS = (AgencyRole.HR_SPECIALIST, AgencyRole.APPROVING_OFFICIAL, AgencyRole.SECURITY_OFFICER)


@rules.predicate
def is_published(user: Any, obj: Any) -> bool:
    """The edition, or that of the figure, is published."""
    return obj is not None and getattr(obj, "edition", obj).status == "published"


@rules.predicate
def is_of_own_agency(user: Any, obj: Any) -> bool:
    """The figure, or a figure of the edition, is about an agency of the user."""
    keys = {one.agency_id for one in live_memberships(user)}
    if obj is None or not keys:
        return bool(keys)
    figures = getattr(obj, "figures", None)
    return obj.agency_id in keys if figures is None else figures.filter(agency__in=keys).exists()


rules.add_perm("placements.view_numbersedition", is_published | is_system | is_opm | is_of_own_agency)
rules.add_perm("placements.view_numbersfigure", is_system | is_opm | is_of_own_agency)
rules.add_perm("placements.publish_numbersedition", is_system)
rules.add_perm(
    "placements.correct_numbersfigure",
    of_whole_agency(*CORRECTS_NUMBERS) & ~is_published,
)
