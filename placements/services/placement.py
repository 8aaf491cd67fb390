"""A person's service: its opening, entry on duty, extension and end. What happened is recorded as it happened."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Opening
from agencies.services import release_seat, take_seat
from placements.models import (
    ConflictResult,
    Offer,
    OfferKind,
    Placement,
    PlacementExtension,
    StartException,
)
from placements.services.agency_notices import tell_ready
from placements.services.asking_again import return_to_checks, watch_service_again
from placements.services.checklist import cancel_open_items, open_checklists
from placements.services.closing import withdraw_offers_of_fallen
from placements.services.conflict import propose_determination
from placements.services.dates import redate
from placements.services.gates import open_codes
from placements.services.lending import bind_nomination, kind_of, standing_nomination
from placements.services.locks import lock, lock_many
from placements.services.mirror import mirror_determination
from placements.services.notices import tell_beginning, tell_start_moved
from placements.services.step_notices import tell_owners_of_new_steps
from techforce.accounts.models import User
from techforce.core.audit import record_event
from techforce.core.calendar import add_business_days, add_months, today
from techforce.core.closures import closures
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition

FOLLOW_UP_BUSINESS_DAYS = 5
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
def confirm_ready(*, placement: Placement, by: Any) -> Placement:
    """All gates are open: the person may start."""
    ready: Placement = transition(placement, "confirm_ready", by=by)
    tell_ready(ready)
    return ready


@service
def enter_on_duty(*, placement: Placement, effective_on: datetime.date, by: Any) -> Placement:
    """Record the day on which the person entered on duty; the term counts from it."""
    active: Placement = transition(placement, "activate", by=by, values=_dates_from(placement, effective_on))
    redate([active], by=by)
    tell_beginning(active)
    return active


@service
def enter_on_duty_by_exception(
    *, placement: Placement, effective_on: datetime.date, authority: str, reason: str, by: Any
) -> Placement:
    """Record a start although a gate is open: named authority, reason, follow-up in five business days."""
    if not by.has_perm("placements.approve_start_exception", placement):
        raise NotPermitted(_("Only the agency's approving official may allow a start with an open step."))
    codes = open_codes([placement], "entry_on_duty").get(placement.pk)
    if not codes:
        raise Refused(_("No step is open. Record an ordinary entry on duty."))
    StartException.objects.create(
        placement=placement,
        authority=authority,
        reason=reason,
        open_codes=codes,
        approved_by=by,
        effective_on=effective_on,
        approved_at=timezone.now(),
        due_on=add_business_days(today(), FOLLOW_UP_BUSINESS_DAYS, closures()),
    )
    active: Placement = transition(
        placement, "activate_with_exception", by=by, values=_dates_from(placement, effective_on)
    )
    redate([active], by=by)
    tell_beginning(active)
    return active


@service
def record_start_follow_up(*, placement: Placement, followed_up_on: datetime.date, by: Any) -> StartException:
    """The steps that were open at a start by exception were looked at again."""
    if not by.has_perm("placements.approve_start_exception", placement):
        raise NotPermitted(_("Only the agency's approving official records the follow-up."))
    on_file = StartException.objects.select_for_update().filter(placement=placement)
    exception: StartException | None = on_file.first()
    if exception is None or exception.followed_up_on is not None:
        raise Refused(_("No start by exception waits for a follow-up here."))
    exception.followed_up_on = followed_up_on
    exception.save(update_fields=["followed_up_on"])
    record_event("placements.startexception:follow_up", subject=exception, by=by)
    return exception


def _dates_from(placement: Placement, effective_on: datetime.date) -> dict[str, datetime.date]:
    """The term counts from entry on duty. After a transfer the total of all terms stays, so the end stays too."""
    if effective_on > today():
        raise Refused(_("Record the entry on duty on the day itself or later."))
    return _term_from(placement, effective_on)


def _term_from(placement: Placement, effective_on: datetime.date) -> dict[str, datetime.date]:
    first_end = end_of_term(effective_on, placement.opening.term_months)
    left_on = placement.transferred_from.ended_on if placement.transferred_from else None
    if left_on is None:
        return {"starts_on": effective_on, "initial_ends_on": first_end, "ends_on": first_end}
    if not left_on < effective_on <= placement.ends_on:
        raise Refused(
            _("After a transfer the start lies between the end of the last placement and of the term.")
        )
    return {"starts_on": effective_on, "initial_ends_on": min(first_end, placement.ends_on)}


@service
def move_planned_start(*, placement: Placement, starts_on: datetime.date, by: Any) -> Placement:
    """Plan another day for entry on duty. A placement that was ready goes back to its checks, because dates that count
    from the start move with it."""
    if not by.has_perm("placements.authorize_start", placement):
        raise NotPermitted(_("Only the agency's HR specialists plan the start."))
    locked: Placement = lock(placement)
    if locked.status not in ("pending_checks", "ready"):
        raise Refused(_("The person has started. Record an extension or an early end instead."))
    if starts_on <= today():
        raise Refused(_("Plan a day that is still to come."))
    _refuse_while_firm_offer_is_out(locked)
    if locked.status == "ready":
        return_to_checks(placement=locked, reason_code="start_moved", by=by)
    moved_from = locked.starts_on
    detail = {"from": moved_from.isoformat(), "to": starts_on.isoformat()}
    Placement.objects.filter(pk=locked.pk).update(**_term_from(locked, starts_on), version=F("version") + 1)
    record_event("placements.placement:move_start", subject=locked, by=by, detail=detail)
    redate([locked], by=by)
    placement.refresh_from_db()
    if starts_on != moved_from:
        tell_start_moved(placement, moved_from)
    return placement


def _refuse_while_firm_offer_is_out(placement: Placement) -> None:
    """Sending one waits for the placement's lock, which the caller holds."""
    out = Offer.objects.filter(selection=placement.selection_id, kind=OfferKind.FIRM, status="sent")
    if placement.selection_id is not None and out.exists():
        raise Refused(_("Withdraw the firm offer first: it names the day that you want to move."))


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
