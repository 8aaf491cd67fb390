"""The parts of a person's pages as plain rows: openings, steps, what the other parties do. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agencies.models import Opening
from agencies.workflow import PUBLIC_OPENING_STATES
from placements.checklists import QUESTIONS_STEP, open_steps
from placements.models import ChecklistItem
from placements.services.standing import step_words, words
from placements.services.standing.case import Case
from placements.workflow import ITEM
from techforce.core.calendar import today

HANDED_IN_FROM = ITEM.named("submit").sources


@dataclass(frozen=True, kw_only=True)
class OpeningRow:
    """An opening with what became of the person there; `mine` is a public word, or empty."""

    opening: Opening
    is_marked: bool
    state: Any
    mine: Any

    @property
    def is_public(self) -> bool:
        return self.opening.status in PUBLIC_OPENING_STATES


def openings_of(case: Case) -> list[OpeningRow]:
    """Those that the person marked, then those from which an offer came."""
    marked = {interest.opening_id: interest.opening for interest in case.interests}
    offering = {offer.opening_id: offer.opening for offer in case.offers}
    return [
        OpeningRow(
            opening=opening,
            is_marked=key in marked,
            state=words.OPENING[opening.status],
            mine=_public_word(case, key),
        )
        for key, opening in {**offering, **marked}.items()
    ]


def _public_word(case: Case, opening: int) -> Any:
    placement = case.placement
    if placement and placement.opening_id == opening and placement.entry_recorded_at:
        return words.HIRED
    if opening in case.selections:
        return words.SELECTION[case.selections[opening]]
    return words.REFERRED if opening in case.referrals else ""


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One of the person's own steps."""

    item: ChecklistItem
    state: Any
    tone: str
    how_to: Any
    is_for_you: bool

    @property
    def has_questions(self) -> bool:
        """It is handed in by answering questions on a page of its own."""
        return self.item.code == QUESTIONS_STEP and self.item.status not in step_words.WITHOUT_QUESTIONS

    @property
    def has_open_questions(self) -> bool:
        return self.has_questions and self.item.status in HANDED_IN_FROM

    @property
    def may_hand_in(self) -> bool:
        """The person may say that their part is done."""
        is_open = self.is_for_you and self.item.status in HANDED_IN_FROM
        return is_open and not self.has_questions

    @property
    def is_over(self) -> bool:
        return self.item.status in step_words.OVER

    @property
    def undated(self) -> Any:
        """Why it has no date."""
        return step_words.why_undated(self.item)

    @property
    def is_late(self) -> bool:
        """Its day has gone by, and the next move is the person's."""
        return self.is_for_you and self.item.due_on is not None and self.item.due_on < today()


def own_steps_of(case: Case) -> list[StepRow]:
    """What there is to do first, what is over last."""
    waiting = case.steps_for_you
    keys = {item.pk for item in waiting}
    rest = [item for item in case.own_steps if item.pk not in keys]
    under_way = [item for item in rest if item.status not in step_words.OVER]
    over = [item for item in rest if item.status in step_words.OVER]
    rows = (*waiting, *under_way, *over)
    return [_step_row(item, is_for_you=item.pk in keys) for item in rows]


def _step_row(item: ChecklistItem, *, is_for_you: bool) -> StepRow:
    is_later = item.status in step_words.FOR_YOU and not is_for_you
    return StepRow(
        item=item,
        state=step_words.LATER if is_later else step_words.OWN_STEP[item.status],
        tone="neutral" if is_later else step_words.STEP_TONE.get(item.status, "active"),
        how_to=step_words.how_to(item.code, item.recorder_role),
        is_for_you=is_for_you,
    )


@dataclass(frozen=True, kw_only=True)
class OfficeRow:
    """What the other parties of one field do, in one of three words."""

    field: Any
    word: Any
    tone: str


def offices_of(case: Case) -> list[OfficeRow]:
    others = [item for item in case.steps if item.owner_role != "candidate"]
    areas = dict.fromkeys(item.checklist.area for item in case.steps)
    return [_office_row(area, [i for i in others if i.checklist.area == area]) for area in areas]


def _office_row(area: str, items: Iterable[ChecklistItem]) -> OfficeRow:
    items = list(items)
    field = step_words.OFFICE[area]
    if any(item.status == "not_met" for item in items):
        return OfficeRow(field=field, word=step_words.NOT_MET[area], tone="warning")
    if open_steps(items, "entry_on_duty"):
        return OfficeRow(field=field, word=step_words.IN_PROGRESS, tone="active")
    return OfficeRow(field=field, word=step_words.COMPLETE, tone="success")
