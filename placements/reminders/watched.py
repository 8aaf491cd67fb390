"""Dates that stand in other tables than the checklist: offers, certificates, waivers, divestitures, exceptions, courses
(domain.md §6.2). Their ladders are in placements/seed/reminders.toml, under the keys of these rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse

from agencies.permissions import live_memberships
from placements.checklists import OUTSIDE_ROLES
from placements.models import (
    ChecklistItem,
    DisclosureExtension,
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
from placements.reminders.dates import (
    Found,
    ageing_results,
    ending_recusals,
    ethics_waivers,
    expiring_lists,
    former_employers,
    open_courses,
    open_exceptions,
    unanswered,
    unanswered_extensions,
    uninvested,
    unreturned,
    vetting_waivers,
)
from placements.reminders.ladders import DECLARED, OWNER, PERSON, RECORDER
from placements.reminders.notes import note_of
from placements.reminders.paths import path_to_step
from placements.reminders.people import Concern, Directory, is_of_company
from placements.reminders.returned import CAME_BACK, KEY, returned_steps
from techforce.core.ladders.thresholds import Threshold
from techforce.core.reminders import Manner, ReminderRule, Rung
from techforce.core.reminders.watching import watch

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


PLACEMENT_PARTS = ("applicant__user", "opening", "supervisor", "nomination")
PLACEMENT_ROWS = tuple(f"placement__{name}" for name in PLACEMENT_PARTS)
STEP_ROWS = ("step", *(f"checklist__{name}" for name in PLACEMENT_ROWS))


OF_THE_PERSON = {
    PERSON: StepRole.CANDIDATE,
    OWNER: StepRole.CANDIDATE,
    RECORDER: StepRole.HR_SPECIALIST,
}


def of_step(item: ChecklistItem) -> Mapping[str, str]:
    """An outside party has no account: whoever records its part asks it."""
    owner = item.recorder_role if item.owner_role in OUTSIDE_ROLES else item.owner_role
    return {PERSON: StepRole.CANDIDATE, OWNER: owner, RECORDER: item.recorder_role}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One of these rules: `page` is where the person reads what it is, `room` where the agency does, `roles` says who
    the words of its ladder are."""

    key: str
    model: Any
    dates: Callable[[Any], Found]
    concern: Callable[[Any], Any] = of_placement
    page: Callable[[Any], str] = lambda row: reverse("my_service")
    room: Callable[[Any], str] = lambda row: reverse("agency_placement", args=[row.placement.public_id])
    related: tuple[str, ...] = PLACEMENT_ROWS
    roles: Callable[[Any], Mapping[str, str]] = lambda row: OF_THE_PERSON
    template_key: str = "deadline_reminder"
    event: Any = ""

    @property
    def is_legal(self) -> bool:
        return DECLARED[self.key].is_legal

    def recipients(self, due: Sequence[tuple[Any, Rung]]) -> Mapping[int, Iterable[Any]]:
        concerns = {row.pk: self.concern(row) for row, _rung in due}
        directory = Directory(list(concerns.values()))
        return {row.pk: self._people(row, concerns[row.pk], rung, directory) for row, rung in due}

    def _people(self, row: Any, concern: Any, rung: Rung, directory: Directory) -> list[Any]:
        words = self.roles(row)
        found: dict[Any, None] = {}
        for word in rung.threshold.audience:
            found |= dict.fromkeys(directory.find(concern, (words.get(word, word),)))
        return list(found)

    def manner(self, row: Any, rung: Rung, person: Any) -> Manner:
        if self._is_theirs(row, person):
            return Manner.CAPPED
        is_due_by_law = self.is_legal and rung.threshold.days == 0
        return Manner.SINGLE if is_due_by_law or is_of_company(person) else Manner.DIGEST

    def note(self, row: Any, threshold: Threshold, person: Any) -> str:
        return note_of(self.key, threshold, person, is_theirs=self._is_theirs(row, person))

    def path(self, row: Any, person: Any) -> str:
        if self._is_theirs(row, person):
            return self.page(row)
        if live_memberships(person) or not person.is_staff:
            return self.room(row)
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])

    def _is_theirs(self, row: Any, person: Any) -> bool:
        applicant = self.concern(row).applicant
        return applicant is not None and applicant.user_id == person.pk


class Returned(Dated):
    """A step: whoever stands in for its owner may not be allowed to open it."""

    def path(self, row: Any, person: Any) -> str:
        return path_to_step(row, person)


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
    Dated(key="divestiture", model=DivestitureCertificate, dates=uninvested),
    Dated(key="recusal_end", model=RecusalStatement, dates=ending_recusals),
    Dated(
        key="former_employer_year",
        model=Placement,
        dates=former_employers,
        concern=lambda placement: placement,
        room=lambda placement: reverse("agency_placement", args=[placement.public_id]),
        related=PLACEMENT_PARTS,
    ),
    Dated(key="start_exception", model=StartException, dates=open_exceptions),
    Dated(key="training_course", model=TrainingEnrollment, dates=open_courses),
    Dated(
        key="result_ageing",
        model=ChecklistItem,
        dates=ageing_results,
        concern=lambda item: item.checklist.placement,
        room=lambda item: reverse("agency_placement", args=[item.checklist.placement.public_id]),
        related=STEP_ROWS,
    ),
    Dated(
        key="extension_waiting",
        model=DisclosureExtension,
        dates=unanswered_extensions,
        concern=lambda extension: extension.item.checklist.placement,
        page=lambda extension: reverse("my_extension", args=[extension.item.public_id]),
        room=lambda extension: reverse(
            "agency_placement", args=[extension.item.checklist.placement.public_id]
        ),
        related=tuple(f"item__{name}" for name in STEP_ROWS),
        roles=lambda extension: of_step(extension.item),
    ),
    Returned(
        key=KEY,
        model=ChecklistItem,
        dates=returned_steps,
        concern=lambda item: item.checklist.placement,
        related=STEP_ROWS,
        roles=of_step,
        template_key=KEY,
        event=CAME_BACK,
    ),
)


def _register(dated: Dated) -> ReminderRule:
    return watch(
        dated.key,
        dated.model,
        dates=dated.dates,
        recipients=dated.recipients,
        path=dated.path,
        manner=dated.manner,
        related=dated.related,
        is_legal=dated.is_legal,
        template_key=dated.template_key,
        event=dated.event,
        note=dated.note,
    )


RULES = tuple(_register(dated) for dated in DATED)
