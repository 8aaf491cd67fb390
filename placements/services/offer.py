"""Tentative and firm offers: made by HR, answered by the person."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Opening
from agencies.services import take_seat
from applicants.models import Applicant
from placements.models import Offer, OfferKind, PayException, Placement, Selection
from placements.services.agency_notices import tell_offer_answered
from placements.services.dates import redate_placement_of
from placements.services.gates import open_codes
from placements.services.interviews import cancel_pending_interviews
from placements.services.locks import lock, lock_live_placement, lock_many
from placements.services.mirror import mirror_determination
from placements.services.notices import tell_offer, tell_withdrawal
from placements.services.placement import open_placement, record_fall_through
from placements.services.screening import outcomes_of_screens
from placements.services.selection import fill_others, hold_others, not_available, unavailable_words
from techforce.accounts.models import User
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many


@service
def allow_pay_outside_band(
    *, selection: Selection, pay_rate: Decimal, authority: str, reason: str, by: Any
) -> PayException:
    """Approve exactly this rate for this selection (I5)."""
    if not by.has_perm("placements.add_payexception", selection):
        raise NotPermitted(_("Your role does not allow pay outside the band."))
    exception = PayException.objects.create(
        selection=selection,
        pay_rate=pay_rate,
        authority=authority,
        reason=reason,
        approved_by=by,
        approved_on=today(),
    )
    record_event("placements.payexception:add", subject=exception, by=by)
    return exception


@service
def draft_offer(
    *,
    selection: Selection,
    pay_rate: Decimal,
    starts_on: datetime.date,
    kind: str = OfferKind.TENTATIVE,
    pay_exception: PayException | None = None,
    by: Any,
) -> Offer:
    """Prepare an offer. Pay lies in the cohort's band or has an exception; the database refuses anything else."""
    if not by.has_perm("placements.make_offer", selection):
        raise NotPermitted(_("Your role does not allow preparing an offer."))
    lock(selection.application)
    if not_available([selection.pk]):
        raise Refused(unavailable_words())
    cohort = selection.cohort
    if pay_exception is None and not cohort.pay_min <= pay_rate <= cohort.pay_max:
        raise Refused(_("The rate lies outside the cohort's pay band. It needs an approved exception."))
    return Offer.objects.create(
        selection=selection,
        applicant_id=selection.applicant_id,
        opening_id=selection.opening_id,
        cohort=cohort,
        kind=kind,
        pay_rate=pay_rate,
        pay_min=cohort.pay_min,
        pay_max=cohort.pay_max,
        pay_exception=pay_exception,
        starts_on=starts_on,
        prepared_by=by,
    )


@service
def send_offer(*, offer: Offer, response_due_at: datetime.datetime, by: Any) -> Offer:
    """Send a drafted offer; the selection moves with a tentative one. Whoever signs the conflict screen or sends a
    step back waits until a firm offer is out, and the other way round."""
    lock(offer.selection.application)
    if offer.kind == OfferKind.TENTATIVE:
        transition(offer.selection, "offer", by=by)
    else:
        lock(offer.selection)
        lock(offer)
        if placement := lock_live_placement(offer.selection_id):
            mirror_determination(placement)
    sent: Offer = transition(offer, "send", by=by, values={"response_due_at": response_due_at})
    if sent.kind == OfferKind.FIRM:
        redate_placement_of(sent, by=by)
    tell_offer(sent)
    return sent


@service
def accept_offer(*, offer: Offer, version: int | None = None, by: Any) -> Placement:
    """The person accepts. A tentative offer takes a seat and opens the placement; a firm one ends what other
    agencies held. Raises Conflict when the last seat is gone, another placement is already live, or the offer is no
    longer the `version` that the person read."""
    if not by.has_perm("placements.answer_offer", offer):
        raise NotPermitted(_("Only the person to whom the offer was made can accept it."))
    if offer.kind == OfferKind.FIRM:
        return _accept_firm(offer, version, by)
    take_seat(opening=offer.opening, by=by)
    Applicant.objects.select_for_update(of=("self",), no_key=True).get(pk=offer.applicant_id)
    system = User.objects.system()
    application = lock(offer.selection.application)
    if application.is_withdrawing:
        raise Refused(_("You asked to withdraw your application. Undo the withdrawal before you accept."))
    if Placement.objects.live().filter(applicant=offer.applicant_id).exists():
        raise Conflict(
            _("You have already accepted another position. Withdraw from it before you accept this one.")
        )
    lock_many(Selection.objects.filter(applicant=offer.applicant_id))
    transition(application, "place", by=system, detail={"offer": offer.pk})
    transition(offer.selection, "accept", by=by)
    cancel_pending_interviews([offer.selection])
    hold_others(offer.selection, by=system)
    transition(offer, "accept", by=by, values={"clock_paused_at": None}, version=version)
    tell_offer_answered(offer)
    return open_placement(offer, by=by)


def _accept_firm(offer: Offer, version: int | None, by: Any) -> Placement:
    lock_many(Selection.objects.filter(applicant=offer.applicant_id))
    fill_others(offer.selection, by=User.objects.system())
    transition(offer, "accept", by=by, values={"clock_paused_at": None}, version=version)
    tell_offer_answered(offer)
    placement = lock_live_placement(offer.selection_id)
    if placement is None:
        raise Conflict(_("This placement has come to nothing. Write to the agency."))
    return placement


@service
def decline_offer(*, offer: Offer, reason_code: str, by: Any) -> Offer:
    """The person says no. After a firm offer that ends the placement: seat and person are free again."""
    if offer.kind == OfferKind.FIRM:
        return _decline_firm(offer, reason_code, by)
    transition(offer.selection, "decline", by=by, reason_code=reason_code)
    cancel_pending_interviews([offer.selection])
    return _decline(offer, reason_code, by)


def _decline_firm(offer: Offer, reason_code: str, by: Any) -> Offer:
    lock_many(Opening.objects.filter(pk=offer.opening_id))
    lock(offer.selection.application)
    lock(offer.selection)
    declined = _decline(offer, reason_code, by)
    if placement := lock_live_placement(offer.selection_id):
        record_fall_through(placement=placement, reason_code="withdrew", by=User.objects.system())
    return declined


def _decline(offer: Offer, reason_code: str, by: Any) -> Offer:
    declined: Offer = transition(
        offer, "decline", by=by, reason_code=reason_code, values={"clock_paused_at": None}
    )
    tell_offer_answered(declined)
    return declined


@service
def withdraw_offer(*, offer: Offer, reason_code: str, by: Any) -> Offer:
    """The agency takes an offer back; the selection stays selected."""
    lock(offer.selection)
    locked: Offer = lock(offer)
    if locked.status == "sent" and locked.kind == OfferKind.TENTATIVE:
        transition(locked.selection, "take_back", by=by)
    withdrawn: Offer = transition(offer, "withdraw", by=by, reason_code=reason_code)
    if locked.kind == OfferKind.FIRM:
        redate_placement_of(withdrawn, by=by)
    if locked.status == "sent":
        tell_withdrawal(withdrawn)
    return withdrawn


@service
def pause_offer_clock(*, offer: Offer, by: Any) -> Offer:
    """The person asked about start, step or place: the time for the answer stands still."""
    if not by.has_perm("placements.answer_offer", offer):
        raise NotPermitted(_("Only the person to whom the offer was made can ask about it."))
    locked, now = lock(offer), timezone.now()
    if locked.clock_paused_at is None:
        if locked.status != "sent" or locked.response_due_at <= now:
            raise Refused(
                _("The time for the answer is over. Write to the agency if you still want the position.")
            )
        Offer.objects.filter(pk=locked.pk).update(clock_paused_at=now)
        record_event("placements.offer:pause_clock", subject=locked, by=by)
    offer.refresh_from_db()
    return offer


@service
def resume_offer_clock(*, offer: Offer, by: Any) -> Offer:
    """The agency has answered: what was left of the time is left again."""
    if not by.has_perm("placements.make_offer", offer):
        raise NotPermitted(_("Only the agency's HR specialists answer questions about an offer."))
    locked = lock(offer)
    if locked.status != "sent" or locked.clock_paused_at is None:
        raise Refused(_("No question about this offer is waiting for an answer."))
    due_at = locked.response_due_at + (timezone.now() - locked.clock_paused_at)
    Offer.objects.filter(pk=locked.pk).update(response_due_at=due_at, clock_paused_at=None)
    record_event("placements.offer:resume_clock", subject=locked, by=by)
    offer.refresh_from_db()
    return offer


@service
def expire_offers(*, by: Any) -> int:
    """Expire what nobody answered in time; beat calls it. Returns how many."""
    due = dict(Offer.objects.unanswered().values_list("pk", "selection"))
    lock_many(Selection.objects.filter(pk__in=due.values()))
    expired = transition_many(
        Offer.objects.unanswered().filter(pk__in=due), "expire", by=by, is_partial_allowed=True
    ).rows
    tentative = [offer.selection_id for offer in expired if offer.kind == OfferKind.TENTATIVE]
    transition_many(Selection.objects.filter(pk__in=tentative, status="offered"), "take_back", by=by)
    return len(expired)


@guard("placements.offer_may_go_out")
def offer_may_go_out(rows: Sequence[Offer], change: Change) -> Mapping[int, str]:
    """I17: no offer past a block, and no firm offer but past a signed screen; a firm offer needs its gates open."""
    firm = [row for row in rows if row.kind == OfferKind.FIRM]
    placements = {
        p.selection_id: p
        for p in Placement.objects.live().filter(selection__in=[r.selection_id for r in firm])
    }
    waiting = open_codes(placements.values(), "firm_offer")
    screens = outcomes_of_screens(placements.values())
    problems = {row.pk: _firm_problem(placements.get(row.selection_id), screens, waiting) for row in firm}
    gone = not_available([row.selection_id for row in rows])
    problems.update({row.pk: unavailable_words() for row in rows if row.selection_id in gone})
    return {key: sentence for key, sentence in problems.items() if sentence}


def _firm_problem(
    placement: Placement | None, screens: Mapping[int, str], waiting: Mapping[int, list[str]]
) -> str:
    if placement is None:
        return _("A firm offer follows an accepted tentative one.")
    if not screens[placement.pk]:
        return _("The ethics official has to sign first.")
    if waiting.get(placement.pk):
        return _("These steps are still open: %(codes)s.") % {"codes": ", ".join(waiting[placement.pk])}
    return ""


@guard("placements.offer_awaits_an_answer")
def offer_awaits_an_answer(rows: Sequence[Offer], change: Change) -> Mapping[int, str]:
    sentence = _("The time for the answer is over. Write to the agency if you still want the position.")
    return {
        row.pk: sentence
        for row in rows
        if row.clock_paused_at is None and row.response_due_at and row.response_due_at <= change.at
    }


@guard("placements.answer_is_overdue")
def answer_is_overdue(rows: Sequence[Offer], change: Change) -> Mapping[int, str]:
    return {
        row.pk: _("There is still time to answer.")
        for row in rows
        if row.clock_paused_at is not None or (row.response_due_at and row.response_due_at > change.at)
    }
