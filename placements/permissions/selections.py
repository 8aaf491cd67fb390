"""Who may do what with selections, match rounds and offers."""

from typing import Any

import rules

from placements.models import Selection
from placements.permissions.acting import (
    considers,
    is_approving_official,
    is_concerned,
    is_hr_specialist,
    is_member,
    is_the_person,
    prepares_offers,
    reads_cases,
)
from placements.querysets import TOLD_TO_THE_PERSON
from techforce.accounts.permissions import is_case_manager, is_opm, is_program_manager
from techforce.core.permissions import is_system


@rules.predicate
def was_told(user: Any, obj: Any) -> bool:
    """The selection was spoken about with the person."""
    return isinstance(obj, Selection) and obj.status in TOLD_TO_THE_PERSON


@rules.predicate
def is_draft(user: Any, obj: Any) -> bool:
    return obj is not None and obj.status == "draft"


rules.add_perm(
    "placements.view_selection",
    is_system | (is_the_person & was_told) | ((reads_cases | is_member) & ~is_concerned),
)
rules.add_perm("placements.consider", considers & ~is_concerned)
rules.add_perm("placements.add_selection", (considers | is_program_manager) & ~is_concerned)
rules.add_perm("placements.select", is_approving_official & ~is_concerned)
rules.add_perm("placements.carry_selection", is_system | is_hr_specialist | is_case_manager)
for name in ("matchround", "matchproof", "measuredtime"):
    rules.add_perm(f"placements.view_{name}", is_opm)
rules.add_perm("placements.add_matchround", is_program_manager)
rules.add_perm("placements.change_matchround", is_program_manager)
rules.add_perm("placements.run_match", is_program_manager)

rules.add_perm("placements.view_offer", is_system | (is_the_person & ~is_draft) | reads_cases | is_member)
rules.add_perm("placements.make_offer", (is_system | is_hr_specialist) & ~is_concerned)
rules.add_perm("placements.answer_offer", is_the_person)
rules.add_perm("placements.expire_offer", is_system)
rules.add_perm("placements.view_payexception", is_system | reads_cases | prepares_offers)
rules.add_perm("placements.add_payexception", (is_program_manager | is_approving_official) & ~is_concerned)
