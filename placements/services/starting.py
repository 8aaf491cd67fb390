"""The first day: whether all is ready for it, the entry on duty, and another day when plans change."""

import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from placements.models import Offer, OfferKind, Placement, StartException
from placements.reminders import PLACEMENT
from placements.services.agency_notices import tell_ready
from placements.services.asking_again import return_to_checks
from placements.services.dates import redate
from placements.services.gates import open_codes
from placements.services.locks import lock
from placements.services.notices import tell_beginning, tell_start_moved
from placements.services.placement import end_of_term
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.calendar import EASTERN, add_business_days, today
from techforce.core.closures import closures
from techforce.core.errors import NotPermitted, Refused
from techforce.core.moments import deadline_text
from techforce.core.services import service
from techforce.core.workflow import transition

FOLLOW_UP_BUSINESS_DAYS = 5


@service
def confirm_ready(*, placement: Placement, by: Any) -> Placement:
    """All gates are open: the person may start."""
    ready: Placement = transition(placement, "confirm_ready", by=by)
    reminders.watch_again(ready, PLACEMENT)
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
    if placement.transferred_from is None and effective_on < (first := _accepted_on(placement)):
        sentence = _("Nobody enters on duty before the offer was accepted, on %(day)s.")
        raise Refused(sentence % {"day": deadline_text(first)})
    return _term_from(placement, effective_on)


def _accepted_on(placement: Placement) -> datetime.date:
    """The day of the firm offer's acceptance; before that, of the tentative one's, with which the placement began."""
    firm = Offer.objects.filter(selection=placement.selection_id, kind=OfferKind.FIRM, status="accepted")
    accepted_at = firm.order_by("-pk").values_list("answered_at", flat=True).first()
    return (accepted_at or placement.created_at).astimezone(EASTERN).date()


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
