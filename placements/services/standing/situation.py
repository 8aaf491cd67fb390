"""Where a person stands and whose move it is, in one sentence. Pure: looks only at the case."""

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application
from applicants.workflow import ApplicationStatus, InformationReason, NotQualifiedReason
from placements.models import Offer, OfferKind, Placement
from placements.services.standing import words
from placements.services.standing.case import Case
from placements.services.standing.step_words import why_undated
from placements.services.standing.words import Move, Words
from placements.workflow import PlacementStatus
from techforce.core.moments import EASTERN, days_until

BEFORE_DUTY = (PlacementStatus.PENDING_CHECKS, PlacementStatus.READY)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`due` is the moment that counts now, in its zone, and `what` is due then; `undated` says why there is none.
    `reason` says in plain words what is missing or why not."""

    words: Words
    due: datetime.datetime | datetime.date | None = None
    zone: str = EASTERN
    what: Any = ""
    undated: Any = ""
    reason: Any = ""

    @property
    def is_your_move(self) -> bool:
        return self.words.move == Move.YOU

    @property
    def is_late(self) -> bool:
        return self.due is not None and days_until(self.due, self.zone) < 0


def standing_of(case: Case) -> Standing | None:
    """None for whoever has not applied."""
    application = case.application
    if application is None:
        return None
    if application.is_withdrawing:
        return Standing(words=words.WITHDRAWING, due=application.withdraws_at)
    if application.status == ApplicationStatus.DRAFT:
        return _of_draft(application)
    if application.status == ApplicationStatus.QUALIFIED:
        return _of_qualified(case)
    if application.status == ApplicationStatus.PLACED:
        return _of_placed(case)
    return _of_other(case, application)


def _of_draft(application: Application) -> Standing:
    if application.is_too_late:
        return Standing(words=words.TOO_LATE)
    cohort = application.cohort
    return Standing(
        words=words.APPLICATION[ApplicationStatus.DRAFT], due=application.closes_at, zone=cohort.time_zone
    )


def _of_qualified(case: Case) -> Standing:
    if case.offer_to_answer:
        return of_offer(case.offer_to_answer, case.now)
    if "interviewing" in case.selections.values():
        return Standing(words=words.INTERVIEWING)
    if case.referrals:
        return Standing(words=words.IS_REFERRED)
    return Standing(words=words.APPLICATION[ApplicationStatus.QUALIFIED])


def _of_placed(case: Case) -> Standing:
    if case.placement is None:
        return Standing(words=words.APPLICATION[ApplicationStatus.PLACED])
    offer = case.offer_to_answer
    if offer and offer.opening_id == case.placement.opening_id:
        return of_offer(offer, case.now)
    return of_placement(case, case.placement)


def of_offer(offer: Offer, now: datetime.datetime) -> Standing:
    """An offer that waits, whose clock stands still, or whose time is over although nobody has closed it yet."""
    if offer.status != "sent":
        return Standing(words=words.OFFER[offer.kind, offer.status])
    if offer.clock_paused_at is not None:
        return Standing(words=words.CLOCK_PAUSED)
    if offer.response_due_at is not None and offer.response_due_at <= now:
        return Standing(words=words.OVERDUE, due=offer.response_due_at)
    return Standing(words=words.OFFER[offer.kind, offer.status], due=offer.response_due_at)


def of_placement(case: Case, placement: Placement) -> Standing:
    """With the earliest thing of the person's own, else the next date of the service."""
    found = _words_of_placement(case, placement)
    if step := case.next_step:
        what = _("Your next step: %(title)s") % {"title": step.step.title}
        return Standing(words=found, due=step.due_on, what=what, undated=why_undated(step))
    if placement.status in BEFORE_DUTY:
        return Standing(words=found, due=placement.starts_on, what=_("Your planned first day"))
    if placement.status in (PlacementStatus.ACTIVE, PlacementStatus.SUSPENDED):
        return Standing(words=found, due=placement.ends_on, what=_("The last day of your term"))
    return Standing(words=found)


def _words_of_placement(case: Case, placement: Placement) -> Words:
    found = words.PLACEMENT[placement.status]
    if placement.status not in BEFORE_DUTY:
        return replace(found, move=Move.YOU) if case.steps_for_you else found
    if case.accepted(OfferKind.FIRM):
        sentence = words.FIRM_ACCEPTED_STEPS_FOR_YOU if case.steps_for_you else words.FIRM_ACCEPTED
        found = found if placement.status == PlacementStatus.READY else replace(found, sentence=sentence)
    elif case.steps_for_you:
        found = replace(found, sentence=words.STEPS_FOR_YOU)
    return replace(found, move=Move.YOU) if case.steps_for_you else found


def _of_other(case: Case, application: Application) -> Standing:
    status = application.status
    found = words.APPLICATION[status]
    if status == ApplicationStatus.LAPSED and not case.referrals:
        found = replace(found, label=words.NOT_REFERRED)
    return Standing(words=found, reason=reason_in_words(status, case.reason_code))


def reason_in_words(status: str, code: str) -> Any:
    """What is missing, or why not qualified; empty for a state without a reason."""
    reasons = {
        ApplicationStatus.NEEDS_INFORMATION.value: InformationReason,
        ApplicationStatus.NOT_QUALIFIED.value: NotQualifiedReason,
    }.get(status)
    return dict(reasons.choices).get(code, "") if reasons else ""
