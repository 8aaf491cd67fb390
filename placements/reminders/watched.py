"""Dates that stand in other tables than the checklist: offers, certificates, waivers, divestitures, exceptions, courses
(domain.md §6.2). Their ladders are in placements/seed/reminders.toml, under the keys of these rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet
from django.urls import reverse

from agencies.permissions import live_memberships
from placements.models import (
    ChecklistItem,
    DivestitureCertificate,
    EthicsWaiver,
    Offer,
    OfferKind,
    Placement,
    RecusalStatement,
    Referral,
    StartException,
    StepRole,
    TrainingEnrollment,
    VettingWaiver,
)
from placements.reminders.ladders import PERSON, ladder_of
from placements.reminders.people import Concern, Directory, is_of_company
from placements.workflow import LIVE_STATES
from techforce.core.reminders import Manner, ReminderRule, Rung
from techforce.core.watching import watch

RETURN_AFTER = timedelta(days=16)
"""When a certificate that nobody returned is overdue (domain.md §6.2)."""

REINVEST_AFTER = timedelta(days=60)
"""26 U.S.C. 1043(a): what is bought within sixty days of the sale."""

OF_LIVE = Q(placement__status__in=LIVE_STATES)

Found = Iterable[tuple[int, date | datetime | None]]


# ── Which are open, and their dates ──────────────────────────────────────────────────────────────────────────────────


def unanswered(kind: str) -> Callable[[QuerySet[Offer]], Found]:
    """Sent offers whose time runs."""
    return lambda offers: offers.filter(kind=kind, status="sent", clock_paused_at__isnull=True).values_list(
        "pk", "response_due_at"
    )


def unreturned(referrals: QuerySet[Referral]) -> Found:
    waiting = referrals.filter(status="open", certificate__status="issued")
    for key, due_on, issued_at in waiting.values_list("pk", "due_on", "certificate__issued_at"):
        yield key, due_on or (issued_at and issued_at + RETURN_AFTER)


def expiring_lists(referrals: QuerySet[Referral]) -> Found:
    return referrals.filter(status="open", certificate__status="issued").values_list(
        "pk", "certificate__expires_on"
    )


def vetting_waivers(waivers: QuerySet[VettingWaiver]) -> Found:
    return waivers.filter(OF_LIVE, revoked_on__isnull=True).values_list("pk", "expires_on")


def ethics_waivers(waivers: QuerySet[EthicsWaiver]) -> Found:
    """Of people who serve or are about to."""
    serving = Placement.objects.filter(selection=OuterRef("selection"), status__in=LIVE_STATES)
    current = waivers.filter(Exists(serving), revoked_on__isnull=True, expires_on__isnull=False)
    return current.values_list("pk", "expires_on")


def uninvested(certificates: QuerySet[DivestitureCertificate]) -> Found:
    sold = certificates.filter(OF_LIVE, sold_on__isnull=False, reinvested_on__isnull=True)
    for key, sold_on in sold.values_list("pk", "sold_on"):
        yield key, sold_on and sold_on + REINVEST_AFTER


def ending_recusals(statements: QuerySet[RecusalStatement]) -> Found:
    current = statements.filter(OF_LIVE, superseded_at__isnull=True, ends_on__isnull=False)
    return current.values_list("pk", "ends_on")


def open_exceptions(exceptions: QuerySet[StartException]) -> Found:
    return exceptions.filter(OF_LIVE, followed_up_on__isnull=True).values_list("pk", "due_on")


def open_courses(enrollments: QuerySet[TrainingEnrollment]) -> Found:
    return enrollments.filter(OF_LIVE, status="assigned", due_on__isnull=False).values_list("pk", "due_on")


def ageing_results(items: QuerySet[ChecklistItem]) -> Found:
    """Results that are good for a number of days, before entry on duty: afterwards they have done their work."""
    days = Func(
        F("step__valid_days"), function="make_interval", template="%(function)s(days => %(expressions)s)"
    )
    results = items.filter(
        status="done",
        step__valid_days__isnull=False,
        effective_on__isnull=False,
        corrections__isnull=True,
        checklist__superseded_at__isnull=True,
        checklist__placement__status__in=("pending_checks", "ready"),
    )
    last_day = ExpressionWrapper(F("effective_on") + days, output_field=DateField())
    return results.annotate(last_day=last_day).values_list("pk", "last_day")


# ── Whom they concern ────────────────────────────────────────────────────────────────────────────────────────────────


def of_placement(row: Any) -> Any:
    return row.placement


def of_selection(row: Any) -> Concern:
    return Concern(row.selection.opening, row.selection.applicant)


def of_offer(offer: Offer) -> Concern:
    return Concern(offer.opening, offer.applicant)


def of_referral(referral: Referral) -> Concern:
    return Concern(referral.opening)


def room_of_selection(waiver: EthicsWaiver) -> str:
    """The placement for which it was given; the page of conflicts is closed to HR."""
    placement = Placement.objects.filter(selection=waiver.selection_id).order_by("-pk").first()
    return reverse("agency_placement", args=[placement.public_id]) if placement else reverse("agency")


# ── Rules ────────────────────────────────────────────────────────────────────────────────────────────────────────────


PLACEMENT_ROWS = tuple(
    f"placement__{name}" for name in ("applicant__user", "opening", "supervisor", "nomination")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One of these rules: `page` is where the person reads what it is, `room` where the agency does."""

    key: str
    model: Any
    dates: Callable[[Any], Found]
    concern: Callable[[Any], Any] = of_placement
    page: Callable[[Any], str] = lambda row: reverse("my_service")
    room: Callable[[Any], str] = lambda row: reverse("agency_placement", args=[row.placement.public_id])
    related: tuple[str, ...] = PLACEMENT_ROWS
    is_legal: bool = False

    def recipients(self, due: Sequence[tuple[Any, Rung]]) -> Mapping[int, Iterable[Any]]:
        concerns = {row.pk: self.concern(row) for row, _rung in due}
        directory = Directory(list(concerns.values()))
        return {row.pk: self._people(concerns[row.pk], rung, directory) for row, rung in due}

    def _people(self, concern: Any, rung: Rung, directory: Directory) -> list[Any]:
        found: dict[Any, None] = {}
        for word in rung.threshold.audience:
            role = StepRole.CANDIDATE if word == PERSON else word
            found |= dict.fromkeys(directory.find(concern, (role,)))
        return list(found)

    def manner(self, row: Any, rung: Rung, person: Any) -> Manner:
        if self._is_theirs(row, person):
            return Manner.CAPPED
        is_due_by_law = self.is_legal and rung.threshold.days == 0
        return Manner.SINGLE if is_due_by_law or is_of_company(person) else Manner.DIGEST

    def path(self, row: Any, person: Any) -> str:
        if self._is_theirs(row, person):
            return self.page(row)
        if live_memberships(person) or not person.is_staff:
            return self.room(row)
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def _is_theirs(self, row: Any, person: Any) -> bool:
        applicant = self.concern(row).applicant
        return applicant is not None and applicant.user_id == person.pk


of_offers = partial(
    Dated,
    model=Offer,
    concern=of_offer,
    page=lambda offer: reverse("my_offer", args=[offer.public_id]),
    room=lambda offer: reverse("agency_offer", args=[offer.public_id]),
    related=("opening", "applicant__user"),
)
of_referrals = partial(
    Dated,
    model=Referral,
    concern=of_referral,
    room=lambda referral: reverse("agency_certificate", args=[referral.public_id]),
    related=("opening", "certificate"),
)

DATED = (
    of_offers(key="tentative_offer", dates=unanswered(OfferKind.TENTATIVE)),
    of_offers(key="firm_offer", dates=unanswered(OfferKind.FIRM)),
    of_referrals(key="certificate_unreturned", dates=unreturned),
    of_referrals(key="certificate_expiring", dates=expiring_lists),
    Dated(key="vetting_waiver", model=VettingWaiver, dates=vetting_waivers),
    Dated(
        key="ethics_waiver",
        model=EthicsWaiver,
        dates=ethics_waivers,
        concern=of_selection,
        room=room_of_selection,
        related=("selection__opening", "selection__applicant__user"),
    ),
    Dated(key="divestiture", model=DivestitureCertificate, dates=uninvested, is_legal=True),
    Dated(key="recusal_end", model=RecusalStatement, dates=ending_recusals),
    Dated(key="start_exception", model=StartException, dates=open_exceptions),
    Dated(key="training_course", model=TrainingEnrollment, dates=open_courses),
    Dated(
        key="result_ageing",
        model=ChecklistItem,
        dates=ageing_results,
        concern=lambda item: item.checklist.placement,
        room=lambda item: reverse("agency_placement", args=[item.checklist.placement.public_id]),
        related=("step", *(f"checklist__{name}" for name in PLACEMENT_ROWS)),
    ),
)


def _register(dated: Dated) -> ReminderRule:
    return watch(
        dated.key,
        dated.model,
        ladder=ladder_of(dated.key).counted,
        dates=dated.dates,
        recipients=dated.recipients,
        path=dated.path,
        manner=dated.manner,
        related=dated.related,
        is_legal=dated.is_legal,
    )


RULES = tuple(_register(dated) for dated in DATED)
