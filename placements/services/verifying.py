"""I16: whoever handed a step in does not verify it, alone, in bulk, by a milestone, a row or in somebody's place."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from agencies.permissions import live_memberships
from agencies.workflow import AgencyRole
from placements.models import Checklist, ChecklistItem
from placements.querysets import STEP_OF_ROLE
from techforce.core.workflow import Change, guard


@guard("placements.verified_by_another")
def verified_by_another(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """Where an office does a step and records it too, nobody hands it in: its word is the record by design
    (docs/architecture.md names these steps). The database holds the same for one and the same person. What another
    office of the agency does and nobody handed in, nobody of that office records in a second role."""
    handed_in = {row.pk: row.submitted_by_id for row in rows if row.submitted_by_id}
    hands = _hands_of(change.by) if handed_in else frozenset()
    sentence = _("Someone else has to check this, because you handed it in.")
    refused = {key: sentence for key, person in handed_in.items() if person in hands}
    return refused | _of_both_offices([row for row in rows if not row.submitted_by_id], change.by)


def _of_both_offices(rows: Sequence[ChecklistItem], user: Any) -> dict[int, str]:
    asked = [row for row in rows if row.owner_role != row.recorder_role]
    held = [(STEP_OF_ROLE.get(AgencyRole(one.role)), one) for one in live_memberships(user)]
    if not {row.owner_role for row in asked} & {role for role, _membership in held}:
        return {}
    checklists = Checklist.objects.filter(pk__in=[row.checklist_id for row in asked]).order_by("pk")
    scopes = checklists.values_list("pk", "placement__opening__agency", "placement__opening__office")
    scope = {key: (agency, office) for key, agency, office in scopes}
    sentence = _("Someone else has to record this, because doing it is a duty of yours too.")
    return {
        row.pk: sentence
        for row in asked
        if any(role == row.owner_role and one.covers(*scope[row.checklist_id]) for role, one in held)
    }


def _hands_of(user: Any) -> frozenset[int]:
    """The user, those whose duties they carry, and those who carry theirs."""
    takers = user.delegations_given.live().order_by("pk").values_list("taker", flat=True)
    return frozenset({*user.stands_for, *takers})
