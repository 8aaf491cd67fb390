"""I16: whoever handed a step in does not verify it, alone, in bulk, by a milestone, a row or in somebody's place."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from placements.models import ChecklistItem
from techforce.core.workflow import Change, guard


@guard("placements.verified_by_another")
def verified_by_another(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """Where an office does a step and records it too, nobody hands it in: its word is the record by design
    (docs/architecture.md names these steps). The database holds the same for one and the same person."""
    handed_in = {row.pk: row.submitted_by_id for row in rows if row.submitted_by_id}
    hands = _hands_of(change.by) if handed_in else frozenset()
    sentence = _("Someone else has to check this, because you handed it in.")
    return {key: sentence for key, person in handed_in.items() if person in hands}


def _hands_of(user: Any) -> frozenset[int]:
    """The user, those whose duties they carry, and those who carry theirs."""
    takers = user.delegations_given.live().order_by("pk").values_list("taker", flat=True)
    return frozenset({*user.stands_for, *takers})
