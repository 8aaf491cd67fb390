"""Who may do what with checklists and their steps, and whose workbench is whose."""

from typing import Any

import rules

from agencies.permissions import live_memberships
from placements.permissions.acting import (
    in_office,
    is_concerned,
    is_ethics_official,
    is_hr_specialist,
    is_security_officer,
    is_security_officer_of_the_whole,
    is_the_person,
    opening_of,
    reads_restricted,
    works_at,
    works_on_case,
)
from placements.querysets import AREA_OF_ROLE, STEP_OF_ROLE
from techforce.accounts.permissions import is_administrator, is_case_manager
from techforce.core.permissions import is_system

COUNTS_FROM_CHANGE = "CHANGE"
"""The anchor of a step that is asked for anew whenever duties change."""


@rules.predicate
def handles_step(user: Any, obj: Any) -> bool:
    """Does or records the step for the agency, or keeps its whole area."""
    if obj is None:
        return any(membership.role in STEP_OF_ROLE for membership in live_memberships(user))
    roles = {
        role for role, step_role in STEP_OF_ROLE.items() if step_role in (obj.owner_role, obj.recorder_role)
    }
    roles |= {role for role, area in AREA_OF_ROLE.items() if obj.checklist.area == area}
    return works_at(user, opening_of(obj), frozenset(roles))


@rules.predicate
def records_step(user: Any, obj: Any) -> bool:
    """Is the recorder of the step, or keeps its whole area."""
    if obj is None:
        return handles_step(user, None)
    roles = {role for role, step_role in STEP_OF_ROLE.items() if step_role == obj.recorder_role}
    roles |= {role for role, area in AREA_OF_ROLE.items() if obj.checklist.area == area}
    return works_at(user, opening_of(obj), frozenset(roles))


@rules.predicate
def may_excuse(user: Any, obj: Any) -> bool:
    """Holds a role that the template lets excuse this step."""
    if obj is None:
        return handles_step(user, None)
    roles = frozenset(role for role, step_role in STEP_OF_ROLE.items() if step_role in obj.step.excusable_by)
    return works_at(user, opening_of(obj), roles)


@rules.predicate
def owns_step(user: Any, obj: Any) -> bool:
    """The step is the person's own to do."""
    return obj is not None and obj.owner_role == "candidate" and is_the_person(user, obj)


@rules.predicate
def counts_from_change(user: Any, obj: Any) -> bool:
    """The step is asked for anew when duties change, which HR may report in the supervisor's place."""
    return obj is not None and COUNTS_FROM_CHANGE in obj.step.anchors


@rules.predicate
def is_opm_step(user: Any, obj: Any) -> bool:
    return obj is not None and "opm" in (obj.owner_role, obj.recorder_role)


for name in ("checklisttemplate", "checklisttemplatestep", "trainingcourse"):
    rules.add_perm(f"placements.view_{name}", rules.always_allow)
    rules.add_perm(f"placements.add_{name}", is_administrator)
    rules.add_perm(f"placements.change_{name}", is_administrator)
rules.add_perm("placements.publish_checklisttemplate", is_system | is_administrator)
rules.add_perm("placements.move_checklist", (is_administrator | is_case_manager) & ~is_concerned)
rules.add_perm(
    "placements.view_checklist", is_system | is_the_person | in_office(*STEP_OF_ROLE) | reads_restricted
)
rules.add_perm("placements.view_checklistitem", is_system | is_the_person | handles_step | reads_restricted)
rules.add_perm("placements.do_item", owns_step | handles_step | (is_hr_specialist & counts_from_change))
rules.add_perm("placements.work_on_item", (handles_step | (works_on_case & is_opm_step)) & ~is_concerned)
rules.add_perm("placements.record_item", (records_step | (works_on_case & is_opm_step)) & ~is_concerned)
rules.add_perm("placements.excuse_item", may_excuse & ~is_concerned)
rules.add_perm(
    "placements.reopen_item", is_system | ((records_step | (works_on_case & is_opm_step)) & ~is_concerned)
)
rules.add_perm("placements.mirror_item", is_system)
rules.add_perm("placements.apply_conditions", is_system | (handles_step & ~is_concerned))
rules.add_perm(
    "placements.carry_items",
    is_system | ((is_hr_specialist | is_security_officer) & ~is_concerned) | works_on_case,
)
rules.add_perm("placements.view_vettingwaiver", is_system | is_security_officer | reads_restricted)
for name in ("add", "change"):
    rules.add_perm(f"placements.{name}_vettingwaiver", is_security_officer & ~is_concerned)

# Whose workbench it is, and who records vetting by milestones.
rules.add_perm("placements.keep_vetting", is_security_officer)
rules.add_perm("placements.keep_ethics", is_ethics_official)
rules.add_perm("placements.record_milestone", is_security_officer & ~is_concerned)
rules.add_perm("placements.choose_vetting_detail", is_security_officer_of_the_whole)
