"""The conflict screen: a rule proposes, an ethics official of the agency signs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from placements.models import Determination, Selection
from placements.models.conflict import SIGNABLE_RESULTS
from placements.permissions import is_the_person
from placements.workflow.selection import UNDER_CONSIDERATION
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many


@service
def propose_determination(
    *, selection: Selection, result: str, rule_codes: Sequence[str] = (), is_restricted: bool = False, by: Any
) -> Determination:
    """File what the screen proposes for a selection. It never clears anybody by itself."""
    if not by.has_perm("placements.screen", selection):
        raise NotPermitted(_("Your role does not allow screening for conflicts."))
    return Determination.objects.create(
        selection=selection, proposed_result=result, rule_codes=list(rule_codes), is_restricted=is_restricted
    )


@service
def sign_determination(*, determination: Determination, result: str, by: Any) -> Determination:
    """Sign the result. A block stops the selection at once."""
    if result not in SIGNABLE_RESULTS:
        raise Refused(_("Sign a decision: clear, recusal, remedy or block."))
    values = {"signed_by": by, "signed_result": result}
    signed: Determination = transition(determination, "sign", by=by, values=values)
    if result == "block" and determination.selection_id:
        stopped = Selection.objects.filter(
            pk=determination.selection_id, status__in=[*UNDER_CONSIDERATION, "held"]
        )
        transition_many(stopped, "block", by=by)
    return signed


@service
def rescreen(*, determination: Determination, result: str, reason_code: str, by: Any) -> Determination:
    """A fact was corrected or the duties changed: the old determination is superseded by a new proposal."""
    transition(determination, "supersede", by=by, reason_code=reason_code)
    return Determination.objects.create(
        selection_id=determination.selection_id,
        placement_id=determination.placement_id,
        proposed_result=result,
        rule_codes=determination.rule_codes,
        is_restricted=determination.is_restricted,
    )


@guard("placements.not_about_oneself")
def not_about_oneself(rows: Sequence[Any], change: Change) -> Mapping[int, str]:
    """I16: nobody decides about themselves, whatever their roles."""
    sentence = _("Someone else has to decide this, because it is about you.")
    return {row.pk: sentence for row in rows if is_the_person(change.by, row)}
