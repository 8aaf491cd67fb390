"""Who may do what with the conflict screen, what limits a conflict, and what a person tells the ethics office."""

from typing import Any

import rules

from placements.permissions.acting import is_concerned, is_ethics_official, is_the_person, reads_restricted
from techforce.accounts.permissions import is_case_manager
from techforce.core.permissions import is_system


@rules.predicate
def is_restricted(user: Any, obj: Any) -> bool:
    return obj is not None and bool(obj.is_restricted)


@rules.predicate
def is_signed(user: Any, obj: Any) -> bool:
    return obj is not None and obj.status == "signed"


rules.add_perm(
    "placements.view_determination",
    is_system | ((is_ethics_official | (reads_restricted & ~is_restricted)) & ~is_concerned),
)
rules.add_perm("placements.screen", is_system | ((is_ethics_official | is_case_manager) & ~is_concerned))
rules.add_perm(
    "placements.supersede_determination",
    is_system | ((is_ethics_official | (is_case_manager & ~is_signed & ~is_restricted)) & ~is_concerned),
)
rules.add_perm("placements.sign_determination", is_ethics_official & ~is_concerned)
for name in ("ethicswaiver", "recusalstatement", "screeningarrangement", "divestiturecertificate"):
    rules.add_perm(
        f"placements.view_{name}", is_system | is_the_person | is_ethics_official | reads_restricted
    )
    rules.add_perm(f"placements.add_{name}", is_ethics_official & ~is_concerned)
    rules.add_perm(f"placements.change_{name}", is_ethics_official & ~is_concerned)

rules.add_perm("placements.view_ethicsanswers", is_system | is_the_person | is_ethics_official)
rules.add_perm("placements.add_ethicsanswers", is_the_person)

rules.add_perm("placements.view_disclosureextension", is_system | is_the_person | is_ethics_official)
rules.add_perm("placements.add_disclosureextension", is_the_person)
rules.add_perm("placements.withdraw_extension", is_the_person)
rules.add_perm("placements.decide_extension", is_ethics_official & ~is_concerned)
rules.add_perm("placements.lapse_extension", is_system)
