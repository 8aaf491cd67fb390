"""Considering people for openings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from placements.models import ConflictResult, Determination, Placement, Referral, Selection
from placements.services.certificate import is_usable, lock_open
from placements.services.conflict import screen_case
from placements.services.interviews import cancel_pending_interviews
from placements.services.locks import lock
from placements.services.notices import tell_outcome
from placements.services.screening import CASE, is_waived, waivers_of
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many

CAN_BE_HELD = ("selected", "offered")


@service
def propose_selection(*, referral: Referral, application: Any, by: Any) -> Selection:
    """Begin to consider a person of a referred certificate for the referral's opening."""
    if not by.has_perm("placements.add_selection", referral):
        raise NotPermitted(_("Your role does not allow considering people for this opening."))
    locked, standing = lock(application), lock_open(referral)
    if not is_usable(standing.certificate):
        raise Refused(_("This certificate can no longer be used."))
    if locked.status != "qualified":
        raise Refused(_("Only a qualified person is considered."))
    if not referral.certificate.entries.filter(application=application, removed_at__isnull=True).exists():
        raise Refused(_("This person is not on the referred certificate."))
    selection = Selection.objects.create(
        application=application,
        applicant_id=application.applicant_id,
        cohort_id=application.cohort_id,
        opening=referral.opening,
        referral=referral,
    )
    record_event("placements.selection:propose", subject=selection, by=by)
    screen_case(case=selection, by=by)
    return selection


@service
def shortlist_candidate(*, referral: Referral, application: Any, by: Any) -> Selection:
    """Begin to consider a person, and put them on the short list at once."""
    selection = propose_selection(referral=referral, application=application, by=by)
    shortlisted: Selection = transition(selection, "shortlist", by=by)
    return shortlisted


@service
def put_on_shortlist(*, selection: Selection, by: Any) -> Selection:
    """A person who is considered already."""
    shortlisted: Selection = transition(selection, "shortlist", by=by)
    return shortlisted


@service
def record_interview(*, selection: Selection, by: Any) -> Selection:
    """The agency talks with the person."""
    interviewing: Selection = transition(selection, "interview", by=by)
    return interviewing


def select_candidate(*, selection: Selection, by: Any) -> Selection:
    """The approving official selects; no selection passes a block (I17). Ties may have been recorded since the person
    was proposed, so the screen runs again, and what it finds stays on file when the selection is refused."""
    if by.has_perm("placements.select", selection):
        screen_case(case=selection, by=by)
    return _select(selection=selection, by=by)


@service
def _select(*, selection: Selection, by: Any) -> Selection:
    lock(selection.application)
    selected: Selection = transition(selection, "select", by=by, values={"selected_by": by})
    return selected


@service
def reject_candidate(*, selection: Selection, reason_code: str, by: Any) -> Selection:
    """Record that the person was not selected, and why."""
    rejected: Selection = transition(selection, "reject", by=by, reason_code=reason_code)
    cancel_pending_interviews([rejected])
    tell_outcome(rejected)
    return rejected


@service
def revive_selection(*, selection: Selection, by: Any) -> Selection:
    """Select again someone whose other offer came to nothing."""
    lock(selection.application)
    revived: Selection = transition(selection, "revive", by=by, values={"selected_by": by})
    return revived


def hold_others(selection: Selection, *, by: Any) -> int:
    """Hold the other agencies' selections of the person; they may be revived until the firm offer is accepted."""
    others = Selection.objects.filter(applicant=selection.applicant_id, status__in=CAN_BE_HELD)
    held = transition_many(others.exclude(pk=selection.pk), "hold", by=by).rows
    cancel_pending_interviews(held)
    return len(held)


def fill_others(selection: Selection, *, by: Any) -> int:
    """The person accepted a firm offer: what the other agencies held is over."""
    others = Selection.objects.filter(applicant=selection.applicant_id, status="held").exclude(
        pk=selection.pk
    )
    filled = transition_many(others, "fill_elsewhere", by=by).rows
    cancel_pending_interviews(filled)
    return len(filled)


def not_available(selections: Collection[int]) -> set[int]:
    """Those of these selections whose person left, is leaving, may not be placed, or is placed elsewhere. Until the
    person starts, the placement of a selection goes on to its firm offer."""
    can = Q(application__status="qualified", application__withdraws_at__isnull=True)
    own = Exists(Placement.objects.live().filter(selection=OuterRef("pk")))
    found = Selection.objects.filter(can | (Q(application__status="placed") & own), pk__in=selections)
    return set(selections) - set(found.values_list("pk", flat=True))


def unavailable_words() -> str:
    """The same for every cause: an agency does not learn which."""
    return _("This person is not available any more.")


@guard("placements.application_can_be_placed")
def application_can_be_placed(rows: Sequence[Selection], change: Change) -> Mapping[int, str]:
    return dict.fromkeys(not_available([row.pk for row in rows]), unavailable_words())


@guard("placements.no_conflict_blocks")
def no_conflict_blocks(rows: Sequence[Selection], change: Change) -> Mapping[int, str]:
    """I17: no selection past a block; only a waiver in force passes it. The sentence tells no reason."""
    current = Determination.objects.current().filter(selection__in=rows).select_related(*CASE)
    blocks = [row for row in current.order_by("pk") if row.standing_result == ConflictResult.BLOCK]
    waivers = waivers_of([row.selection_id for row in blocks])
    stopped = {row.selection_id for row in blocks if not is_waived(row, waivers.get(row.selection_id, ()))}
    sentence = _("The ethics official has to decide first.")
    return {row.pk: sentence for row in rows if row.pk in stopped}
