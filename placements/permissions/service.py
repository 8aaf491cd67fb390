"""Who may do what with placements, training and private calendars."""

from typing import Any

import rules

from agencies.workflow import AgencyRole
from applicants.permissions import recused_from
from placements.models import Placement
from placements.permissions.acting import (
    authorizes_starts,
    in_office,
    is_approving_official,
    is_concerned,
    is_ethics_official,
    is_hr_specialist,
    is_member,
    is_security_officer,
    is_the_person,
    reads_cases,
    reads_restricted,
    works_on_case,
)
from techforce.accounts.permissions import is_case_manager, is_program_manager
from techforce.core.permissions import is_system


@rules.predicate
def is_own_feed(user: Any, obj: Any) -> bool:
    return obj is not None and bool(user.is_authenticated) and obj.user_id == user.pk


@rules.predicate
def counts_somebody_recused_from(user: Any, obj: Any) -> bool:
    """A row of numbers about an office that has somebody from whom the reader stands aside."""
    if obj is None or not (people := recused_from(user)):
        return False
    return Placement.objects.filter(opening__office=obj.office_id, applicant__in=people).exists()


rules.add_perm("placements.view_calendarfeed", is_system | is_own_feed)
# Every step by title, owner and date, and whether it is complete; never what was found.
rules.add_perm("placements.view_readiness", (is_hr_specialist | is_approving_official) & ~is_concerned)
# How fast vetting goes against the agency's promise: for whom each case is their work, and for whoever escalates.
rules.add_perm(
    "placements.view_commitments",
    (is_hr_specialist | is_approving_official | is_security_officer) & ~is_concerned,
)
rules.add_perm("placements.oversee_commitments", is_case_manager | is_program_manager)
rules.add_perm(
    "placements.view_vettingrecord",
    is_system | ((is_case_manager | is_program_manager) & ~counts_somebody_recused_from),
)
sees_placement = is_system | is_the_person | reads_cases | is_member
for name in ("placement", "placementextension", "trainingenrollment"):
    rules.add_perm(f"placements.view_{name}", sees_placement)
rules.add_perm("placements.authorize_start", (is_hr_specialist | is_system) & ~is_concerned)
rules.add_perm("placements.approve_start_exception", is_approving_official & ~is_concerned)
rules.add_perm("placements.view_startexception", is_system | authorizes_starts | reads_restricted)
rules.add_perm("placements.manage_service", (is_hr_specialist | is_case_manager) & ~is_concerned)
rules.add_perm("placements.release_seat", is_system | ((is_hr_specialist | is_case_manager) & ~is_concerned))
rules.add_perm(
    "placements.reclassify_placement",
    is_system | ((is_case_manager | is_hr_specialist | is_ethics_official) & ~is_concerned),
)
rules.add_perm(
    "placements.report_change",
    in_office(AgencyRole.SUPERVISOR, AgencyRole.HR_SPECIALIST) & ~is_concerned,
)
rules.add_perm("placements.extend_placement", is_approving_official & ~is_concerned)
rules.add_perm("placements.complete_service", (is_hr_specialist | is_system) & ~is_concerned)
rules.add_perm("placements.close_placement", works_on_case | is_hr_specialist)
rules.add_perm("placements.transfer", works_on_case)

# ── Training ────────────────────────────────────────────────────────────────────────────────────────
rules.add_perm("placements.add_trainingenrollment", is_hr_specialist | is_case_manager)
rules.add_perm(
    "placements.record_training", (is_hr_specialist | is_ethics_official | is_case_manager) & ~is_concerned
)
rules.add_perm("placements.excuse_training", (is_hr_specialist | is_ethics_official) & ~is_concerned)
