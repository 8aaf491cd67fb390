"""The many steps of a checklist that the walk does not press one by one.

Each has the same page and the same two buttons, which the walk uses for some of them and the pages' own tests for all
kinds. The others are recorded through the services, in the same database, by whoever the template names.
"""

from placements.checklists import applies
from placements.models import ChecklistItem, Placement
from placements.services import complete_item, set_item_aside
from placements.services.conditions import facts_of
from placements.workflow import OPEN_ITEM_STATES
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.demo.people import PEOPLE

RECORDERS = {
    "security_officer": "security-officer",
    "ethics_official": "ethics-official",
    "hr_specialist": "hr-specialist",
    "hiring_manager": "hiring-manager",
    "supervisor": "supervisor",
    "appointing_official": "approving-official",
    "opm": "case-manager",
}
# An earlier result is accepted, so that no investigation has to be waited for.
OUTCOMES = {"V03": "accept", "C02": "all_no", "C06": "does_not_file"}


def placement_of(email: str) -> Placement:
    found: Placement = Placement.objects.get(applicant__user__email=email)
    return found


def settle_up_to(gate: str, email: str) -> None:
    """Every step that the gate waits for, in the order of the template."""
    gates = {"entry_on_duty": ["firm_offer", "entry_on_duty"]}.get(gate, [gate])
    placement = placement_of(email)
    waiting = ChecklistItem.objects.of_placements([placement.pk]).filter(gate__in=gates)
    for item in waiting.filter(step__decided_by="").order_by("checklist__area", "step__position"):
        item.refresh_from_db()
        if item.status in OPEN_ITEM_STATES:
            settle(item, placement)


def settle(item: ChecklistItem, placement: Placement) -> None:
    by = User.objects.get(email=PEOPLE[RECORDERS[item.recorder_role]].email)
    if applies(item.step.condition, facts_of([placement.pk])[placement.pk]) is False:
        set_item_aside(item=item, by=by)
    else:
        outcome = OUTCOMES.get(item.code, item.accepted_outcomes[0])
        complete_item(item=item, outcome=outcome, effective_on=today(), by=by)
