"""A person's service: its opening, extension, transfer and end. What happened is recorded as it happened."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from agencies.models import Opening
from agencies.services import release_seat, take_seat
from placements.models import (
    ConflictResult,
    Offer,
    Placement,
    PlacementExtension,
)
from placements.services.asking_again import watch_service_again
from placements.services.checklist import cancel_open_items, open_checklists
from placements.services.closing import withdraw_offers_of_fallen
from placements.services.conflict import propose_determination
from placements.services.dates import redate
from placements.services.lending import bind_nomination, kind_of, standing_nomination
from placements.services.locks import lock, lock_many
from placements.services.mirror import mirror_determination
from placements.services.step_notices import tell_owners_of_new_steps
from techforce.accounts.models import User
from techforce.core.audit import record_event
from techforce.core.calendar import add_months, today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition

ONE_DAY = datetime.timedelta(days=1)


def end_of_term(starts_on: datetime.date, months: int) -> datetime.date:
    """Not-to-exceed date: the day before the same day `months` later (domain.md §2.4)."""
    return add_months(starts_on, months) - ONE_DAY


def open_placement(offer: Offer, *, by: Any) -> Placement:
    """The placement of an accepted tentative offer, with both checklists. The caller has taken the seat."""
    nomination = standing_nomination(offer.applicant, offer.cohort_id)
    ends_on = end_of_term(offer.starts_on, offer.opening.term_months)
    placement = Placement.objects.create(
        applicant_id=offer.applicant_id,
        opening_id=offer.opening_id,
        cohort=offer.cohort,
        selection_id=offer.selection_id,
        nomination=nomination,
        kind=kind_of(nomination),
        starts_on=offer.starts_on,
        initial_ends_on=ends_on,
        ends_on=ends_on,
        term_months=offer.cohort.term_months,
        mechanism_limit_months=offer.cohort.mechanism_limit_months,
    )
    record_event("placements.placement:open", subject=placement, by=by, detail={"offer": offer.pk})
    bind_nomination(placement)
    open_checklists(placement)
    mirror_determination(placement)
    redate([placement], by=by)
    tell_owners_of_new_steps(placement)
    return placement


@service
def suspend_placement(*, placement: Placement, reason_code: str, by: Any) -> Placement:
    suspended: Placement = transition(placement, "suspend", by=by, reason_code=reason_code)
    return suspended


@service
def resume_placement(*, placement: Placement, by: Any) -> Placement:
    resumed: Placement = transition(placement, "resume", by=by)
    watch_service_again(resumed)
    return resumed


@service
def extend_placement(*, placement: Placement, ends_on: datetime.date, by: Any) -> PlacementExtension:
    """Move the not-to-exceed date later, within the limit of the mechanism for all terms together (I5)."""
    if not by.has_perm("placements.extend_placement", placement):
        raise NotPermitted(_("Only the agency's approving official extends a placement."))
    locked = Placement.objects.select_for_update(of=("self",)).get(pk=placement.pk)
    if locked.status not in ("active", "suspended") or ends_on <= locked.ends_on:
        raise Refused(_("Only a placement under way is extended, and to a later day."))
    extension = PlacementExtension.objects.create(
        placement=locked,
        previous_ends_on=locked.ends_on,
        new_ends_on=ends_on,
        approved_by=by,
        approved_on=today(),
    )
    Placement.objects.filter(pk=locked.pk).update(ends_on=ends_on, version=F("version") + 1)
    detail = {"from": locked.ends_on.isoformat(), "to": ends_on.isoformat()}
    record_event("placements.placement:extend", subject=locked, by=by, detail=detail)
    redate([locked], by=by)
    placement.refresh_from_db()
    return extension


@service
def end_placement_early(*, placement: Placement, ended_on: datetime.date, reason: str, by: Any) -> Placement:
    """Record that service ended before its time, on `ended_on`."""
    if ended_on > today():
        raise Refused(_("Record the end of service on the day itself or later."))
    ended: Placement = transition(
        placement, "curtail", by=by, reason_code=reason, values={"ended_on": ended_on}
    )
    if reason == "deceased":
        cancel_open_items(ended)
    redate([ended], by=by)
    return ended


@service
def complete_placement(*, placement: Placement, by: Any) -> Placement:
    """The term has run its course."""
    completed: Placement = transition(placement, "complete", by=by, values={"ended_on": placement.ends_on})
    redate([completed], by=by)
    return completed


@service
def close_placement(*, placement: Placement, outcome: str, by: Any) -> Placement:
    """Say what became of the person after the term."""
    closed: Placement = transition(placement, "close", by=by, values={"outcome": outcome})
    return closed


@service
def record_fall_through(*, placement: Placement, reason_code: str, by: Any) -> Placement:
    """It came to nothing before the start: the seat is free again and the person is back among the qualified."""
    release_seat(opening=placement.opening, by=by)
    if placement.selection is not None:
        application = placement.selection.application
        transition(
            application, "return_to_pool", by=User.objects.system(), detail={"placement": placement.pk}
        )
        withdraw_offers_of_fallen(placement.selection, reason_code=reason_code)
    ended: Placement = transition(placement, "fall_through", by=by, reason_code=reason_code)
    cancel_open_items(placement)
    return ended


@service
def transfer_placement(*, placement: Placement, opening: Any, starts_on: datetime.date, by: Any) -> Placement:
    """End this placement the day before `starts_on` and open the next one, which has its own checks and its own
    conflict screen. The total of all terms stays; the seat left is free again."""
    if not by.has_perm("placements.transfer", opening):
        raise NotPermitted(_("Your role does not allow a transfer to this opening."))
    lock_many(Opening.objects.filter(pk__in=[placement.opening_id, opening.pk]))
    locked: Placement = lock(placement)
    if opening.cohort_id != locked.cohort_id or opening.pk == locked.opening_id:
        raise Refused(_("A transfer leads to another opening of the same cohort."))
    if not locked.starts_on < starts_on <= locked.ends_on:
        raise Refused(_("A transfer begins during the term of the placement that it ends."))
    take_seat(opening=opening, by=by)
    release_seat(opening=locked.opening, by=by)
    transition(placement, "transfer", by=by, values={"ended_on": starts_on - ONE_DAY})
    redate([placement], by=by)
    return _open_following(placement, opening, starts_on, by)


def _open_following(placement: Placement, opening: Any, starts_on: datetime.date, by: Any) -> Placement:
    following = Placement.objects.create(
        applicant_id=placement.applicant_id,
        opening=opening,
        cohort_id=placement.cohort_id,
        transferred_from=placement,
        nomination_id=placement.nomination_id,
        kind=placement.kind,
        appointment_mechanism=placement.appointment_mechanism,
        starts_on=starts_on,
        initial_ends_on=min(placement.ends_on, end_of_term(starts_on, placement.term_months)),
        ends_on=placement.ends_on,
        term_months=placement.term_months,
        mechanism_limit_months=placement.mechanism_limit_months,
    )
    detail = {"transferred_from": placement.pk}
    record_event("placements.placement:open", subject=following, by=by, detail=detail)
    open_checklists(following)
    propose_determination(placement=following, result=ConflictResult.REVIEW, by=by)
    redate([following], by=by)
    tell_owners_of_new_steps(following)
    return following


@guard("placements.term_is_over")
def term_is_over(rows: Sequence[Placement], change: Change) -> Mapping[int, str]:
    return {row.pk: _("The term is not over yet.") for row in rows if row.ends_on > today()}


@guard("placements.outcome_is_given")
def outcome_is_given(rows: Sequence[Placement], change: Change) -> Mapping[int, str]:
    return (
        {} if change.values.get("outcome") else {row.pk: _("Say what became of the person.") for row in rows}
    )
