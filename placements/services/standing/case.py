"""Everything that one person's pages show, loaded in a fixed number of queries."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from applicants.models import (
    Application,
    CaseThread,
    DisciplineOutcome,
    Document,
    DocumentStatus,
    OpeningInterest,
)
from partners.models import Nomination
from placements.checklists import STOPPING_GATES
from placements.models import ChecklistItem, Offer, Placement, Referral, Selection
from placements.services.standing.step_words import FOR_YOU
from placements.workflow import LIVE_STATES
from techforce.accounts.addresses import needs_second_address
from techforce.core.models import AuditEvent

DECIDED = ("qualified", "not_qualified", "placed", "lapsed")
THREADS_SHOWN = 5
EXPLAINED = ("needs_information", "not_qualified")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One application and what became of it. `selections` and `referrals` map openings to a state and a moment: of
    these rows nothing else may reach the person."""

    user: Any
    application: Application | None = None
    others: tuple[Application, ...] = ()
    offers: tuple[Offer, ...] = ()
    placement: Placement | None = None
    steps: tuple[ChecklistItem, ...] = ()
    selections: Mapping[int, str] = field(default_factory=dict)
    referrals: Mapping[int, datetime.datetime] = field(default_factory=dict)
    interests: tuple[OpeningInterest, ...] = ()
    documents: tuple[Document, ...] = ()
    outcomes: tuple[DisciplineOutcome, ...] = ()
    nominations: tuple[Nomination, ...] = ()
    threads: tuple[CaseThread, ...] = ()
    needs_second_address: bool = False
    reason_code: str = ""
    now: datetime.datetime = field(default_factory=timezone.now)

    @property
    def referred_at(self) -> datetime.datetime | None:
        return min(self.referrals.values(), default=None)

    @property
    def offer_to_answer(self) -> Offer | None:
        """The newest one that waits for an answer."""
        return next((offer for offer in self.offers if offer.status == "sent"), None)

    @property
    def first_offer(self) -> Offer | None:
        """By which the person learned that they were selected."""
        return min(self.offers, key=lambda offer: offer.pk, default=None)

    def accepted(self, kind: str) -> Offer | None:
        """The newest of this kind that the person accepted."""
        return next((o for o in self.offers if o.kind == kind and o.status == "accepted"), None)

    @property
    def is_going(self) -> bool:
        """The placement is neither over nor come to nothing."""
        return self.placement is not None and self.placement.status in LIVE_STATES

    @property
    def own_steps(self) -> list[ChecklistItem]:
        return [step for step in self.steps if step.owner_role == "candidate"]

    @property
    def steps_for_you(self) -> list[ChecklistItem]:
        """What the person has to do, the earliest date first. Nothing once the placement is no longer going."""
        if not self.is_going:
            return []
        waiting = [step for step in self.own_steps if is_for_now(step)]
        return sorted(waiting, key=_by_date)

    @property
    def next_step(self) -> ChecklistItem | None:
        """Of what the person has to do that with the earliest date."""
        return next(iter(self.steps_for_you), None)


def _by_date(step: ChecklistItem) -> tuple[datetime.date, int]:
    return (step.due_on or datetime.date.max, step.pk)


def is_for_now(step: ChecklistItem) -> bool:
    """Asked for, or dated; what only a start that is still planned will bring comes later."""
    if step.status != "not_started":
        return step.status in FOR_YOU
    return step.due_on is not None and (not step.is_date_planned or step.gate in STOPPING_GATES)


def case_of(user: Any) -> Case:
    """The case of the application that matters now: the one under which the person serves, else the newest that was
    not withdrawn, else the newest."""
    placement = _placement_of(user)
    own = list(
        Application.objects.visible_to(user)
        .filter(applicant__user=user)
        .select_related("cohort", "applicant")
        .order_by("-pk")
    )
    nominations = _nominations_of(user)
    if not own:
        return Case(user=user, nominations=nominations, threads=_threads_of(user, None))
    application = _that_matters(own, placement)
    is_its_own = placement is not None and placement.cohort_id == application.cohort_id
    return Case(
        user=user,
        application=application,
        others=tuple(one for one in own if one != application),
        placement=placement if is_its_own else None,
        steps=_steps_of(user, placement) if placement is not None and is_its_own else (),
        nominations=nominations,
        needs_second_address=needs_second_address(user),
        **_rows_of(user, application),
    )


def _that_matters(own: list[Application], placement: Placement | None) -> Application:
    serving = [one for one in own if placement and one.cohort_id == placement.cohort_id]
    live = [one for one in own if one.status != "withdrawn"]
    if placement and placement.status in LIVE_STATES and serving:
        return next((one for one in serving if one.status != "withdrawn"), serving[0])
    return (live or own)[0]


def _placement_of(user: Any) -> Placement | None:
    """The newest, a live one before others."""
    rows = (
        Placement.objects.visible_to(user)
        .filter(applicant__user=user)
        .select_related("opening__agency", "opening__office", "transferred_from")
        .order_by("-pk")
    )
    found: list[Placement] = list(rows)
    return next((row for row in found if row.status in LIVE_STATES), found[0] if found else None)


def _steps_of(user: Any, placement: Placement) -> tuple[ChecklistItem, ...]:
    steps = ChecklistItem.objects.visible_to(user).of_placements([placement.pk])
    return tuple(
        steps.select_related("step", "checklist").order_by("checklist__area", "step__position", "pk")
    )


def _nominations_of(user: Any) -> tuple[Nomination, ...]:
    own = Nomination.objects.visible_to(user).filter(nominee=user)
    return tuple(own.select_related("partner__company", "cohort").order_by("-pk"))


def _threads_of(user: Any, application: Application | None) -> tuple[CaseThread, ...]:
    """The newest about the application, and what was asked before there was one."""
    own = CaseThread.objects.visible_to(user).of_person(user).current()
    about = own.filter(Q(application=application) | Q(application=None))
    return tuple(about.order_by("-pk")[:THREADS_SHOWN])


def _rows_of(user: Any, application: Application) -> dict[str, Any]:
    """The rows of one application. What is recorded before a decision stays back until it is made."""
    offers = Offer.objects.visible_to(user).filter(applicant__user=user, selection__application=application)
    selections = Selection.objects.filter(application=application, applicant__user=user).order_by("pk")
    referrals = Referral.objects.filter(
        certificate__entries__application=application, certificate__entries__removed_at__isnull=True
    ).order_by("-created_at")
    interests = application.interests.select_related("opening__agency").order_by("rank", "pk")
    documents = application.documents.exclude(status=DocumentStatus.REPLACED).order_by("-pk")
    outcomes = application.outcomes.select_related("discipline").order_by("discipline__rank", "pk")
    return {
        "offers": tuple(offers.select_related("opening__agency").order_by("-pk")),
        "selections": dict(selections.values_list("opening", "status")),
        "referrals": dict(referrals.values_list("opening", "created_at")),
        "interests": tuple(interests),
        "documents": tuple(documents),
        "threads": _threads_of(user, application),
        "outcomes": tuple(outcomes) if application.status in DECIDED else (),
        "reason_code": _reason_of(application) if application.status in EXPLAINED else "",
    }


def _reason_of(application: Application) -> str:
    """Why it came into the state in which it is."""
    events = AuditEvent.objects.about(application).filter(to_state=application.status)
    last = events.last()
    return last.reason_code if last else ""
