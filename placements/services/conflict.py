"""The conflict screen: a rule proposes, an ethics official of the agency signs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from placements import conflicts
from placements.models import Determination, Placement, Selection
from placements.models.conflict import SIGNABLE_RESULTS
from placements.permissions.acting import is_the_person
from placements.services.agency_notices import stopped_gates, tell_determination_waits, tell_open_gates
from placements.services.facts import is_by_rule, is_outdated, known_about
from placements.services.interviews import cancel_pending_interviews
from placements.services.locks import lock, lock_live_placement
from placements.services.mirror import mirror_determination
from placements.workflow.selection import UNDER_CONSIDERATION
from techforce.accounts.models import User
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many


@service
def propose_determination(
    *,
    selection: Selection | None = None,
    placement: Placement | None = None,
    result: str,
    rule_codes: Sequence[str] = (),
    is_restricted: bool = False,
    by: Any,
) -> Determination:
    """File what the screen proposes for a selection, or for a placement that is screened again. It never clears
    anybody by itself."""
    if not by.has_perm("placements.screen", selection or placement):
        raise NotPermitted(_("Your role does not allow screening for conflicts."))
    return _propose(
        Determination(
            selection=selection,
            placement=placement,
            proposed_result=result,
            rule_codes=list(rule_codes),
            is_restricted=is_restricted,
        ),
        by,
    )


def _propose(determination: Determination, by: Any) -> Determination:
    """Save it under the lock of its placement, whose conflict step goes back to review."""
    placement = _lock_case(determination)
    same = {"selection": determination.selection_id, "placement": determination.placement_id}
    if Determination.objects.current().filter(**same).exists():
        raise Refused(_("A conflict screen is on file. Screen again instead."))
    determination.save()
    record_event("placements.determination:propose", subject=determination, by=by)
    tell_determination_waits(determination)
    _mirror(placement)
    return determination


@service
def screen_case(*, case: Selection | Placement, by: Any) -> Determination:
    """Compare what is on file with what is known today. A new proposal takes the place of one, signed or not, whose
    facts have changed; what a person proposed by hand stays. The rules decide, so the system is the actor."""
    proposal = conflicts.screen(known_about(case).facts())
    current: Determination | None = Determination.objects.current().filter(**_subject_of(case)).first()
    if current is not None and not (is_by_rule(current) and is_outdated(current, proposal)):
        return current
    system = User.objects.system()
    if current is not None:
        _supersede(current, "fact_corrected", system)
    return _propose_by_rule(case, proposal, system)


@service
def screen_again(*, determination: Determination, reason_code: str, by: Any) -> Determination:
    """The official has the rules look once more at what is known today; what was signed is superseded."""
    case = determination.case
    _supersede(determination, reason_code, by)
    return _propose_by_rule(case, conflicts.screen(known_about(case).facts()), by)


def _supersede(determination: Determination, reason_code: str, by: Any) -> None:
    _lock_case(determination)
    transition(determination, "supersede", by=by, reason_code=reason_code)


def _propose_by_rule(case: Any, proposal: conflicts.Proposal, by: Any) -> Determination:
    return _propose(
        Determination(
            **_subject_of(case),
            proposed_result=proposal.result,
            rule_codes=list(proposal.rules),
            is_restricted=proposal.is_restricted,
        ),
        by,
    )


def _subject_of(case: Selection | Placement) -> dict[str, Any]:
    return {"selection": case} if isinstance(case, Selection) else {"placement": case}


@service
def sign_determination(*, determination: Determination, result: str, by: Any) -> Determination:
    """Sign the result. A block stops the selection at once; anything else lets a blocked one be considered again."""
    if result not in SIGNABLE_RESULTS:
        raise Refused(_("Sign a decision: clear, recusal, remedy or block."))
    placement = _lock_case(determination)
    before = stopped_gates(placement) if placement is not None else frozenset()
    values = {"signed_by": by, "signed_result": result}
    signed: Determination = transition(determination, "sign", by=by, values=values)
    selection = Selection.objects.filter(determinations=determination)
    if result == "block":
        stoppable = selection.filter(status__in=[*UNDER_CONSIDERATION, "held"])
        cancel_pending_interviews(transition_many(stoppable, "block", by=by).rows)
    else:
        transition_many(selection.filter(status="conflict_blocked"), "unblock", by=by)
    _mirror(placement)
    if placement is not None:
        tell_open_gates(placement, before=before, change=signed)
    return signed


@service
def rescreen(*, determination: Determination, result: str, reason_code: str, by: Any) -> Determination:
    """A fact was corrected or the duties changed: the old determination is superseded by a new proposal."""
    _lock_case(determination)
    transition(determination, "supersede", by=by, reason_code=reason_code)
    return _propose(
        Determination(
            selection_id=determination.selection_id,
            placement_id=determination.placement_id,
            proposed_result=result,
            rule_codes=determination.rule_codes,
            is_restricted=determination.is_restricted,
        ),
        by,
    )


def _lock_case(determination: Determination) -> Placement | None:
    """Whoever sends a firm offer or authorizes the start waits for this decision, and the other way round."""
    if determination.placement is not None:
        locked: Placement = lock(determination.placement)
        return locked
    if determination.selection is not None:
        lock(determination.selection)
    return lock_live_placement(determination.selection_id)


def _mirror(placement: Placement | None) -> None:
    if placement is not None:
        mirror_determination(placement)


@guard("placements.not_about_oneself")
def not_about_oneself(rows: Sequence[Any], change: Change) -> Mapping[int, str]:
    """I16: nobody decides about themselves, whatever their roles."""
    sentence = _("Someone else has to decide this, because it is about you.")
    return {row.pk: sentence for row in rows if is_the_person(change.by, row)}
