"""Status of vetting and of single steps from rows of an agency's own system, matched by our reference number: tried
first, then recorded row by row."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.checklists import MILESTONES
from placements.models import ChecklistItem, Placement
from placements.pasting import LONGEST_CELL, PastedRow, read_day
from placements.querysets import in_office
from placements.services.checklist import complete_item
from placements.services.following import FollowUp
from placements.services.happened import check_number
from placements.services.locks import lock_many
from placements.services.milestones import MilestoneFact, record_milestones
from placements.workflow import LIVE_STATES
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service

PEOPLE_AT_ONCE = 25
"""Whose placements are locked together."""
COLUMN_LABELS: Mapping[str, Any] = {
    "reference": gettext_lazy("Reference number"),
    "what": gettext_lazy("Milestone or step"),
    "day": gettext_lazy("Date"),
    "outcome": gettext_lazy("Outcome"),
    "number": gettext_lazy("External number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What a row does (`settled`: codes of the steps), or why it does nothing. The person is named to nobody who may
    not record this."""

    row: PastedRow
    person: str = ""
    settled: tuple[str, ...] = ()
    error: str = ""

    @property
    def is_on_file(self) -> bool:
        return not (self.error or self.settled)


@dataclass(frozen=True, slots=True)
class Words:
    """How a page writes milestones and outcomes, so that rows may say them in words as well as in codes."""

    milestones: Mapping[str, str]
    outcomes: Mapping[str, str]
    say: Callable[[str], str] = str
    """An outcome as a page writes it."""

    def milestone(self, text: str) -> str:
        return self.milestones.get(text.casefold(), text.casefold())

    def outcome(self, text: str) -> str:
        return self.outcomes.get(text.casefold(), text.casefold().replace(" ", "_"))


def try_rows(*, rows: Sequence[PastedRow], words: Words, by: Any) -> list[RowResult]:
    """What each row would do after those of the same person before it. Nothing is kept and nobody is told; no lock is
    held for longer than the rows of a few people take."""
    results: list[RowResult] = []
    for part in _parts(rows):
        with transaction.atomic():
            results += _each(part, words, by)
            transaction.set_rollback(True)
    return sorted(results, key=lambda result: result.row.line)


def record_rows(*, rows: Sequence[PastedRow], words: Words, by: Any) -> list[RowResult]:
    """Record the good rows: the first row of each of a few people in one transaction, then their second ones, and so
    on. What was recorded before a failure stays; repeated, the rows change nothing."""
    results = [result for part in _parts(rows) for result in _each(part, words, by)]
    return sorted(results, key=lambda result: result.row.line)


def _parts(rows: Sequence[PastedRow]) -> Iterator[list[PastedRow]]:
    """All rows of a few people, and so on."""
    people = list(dict.fromkeys(row.reference.upper() for row in rows))
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        part = set(people[start : start + PEOPLE_AT_ONCE])
        yield [row for row in rows if row.reference.upper() in part]


def _each(rows: Sequence[PastedRow], words: Words, by: Any) -> list[RowResult]:
    """In rounds: the first row of everybody, then the second, because that stands on what follows from the first."""
    rounds: dict[int, list[PastedRow]] = defaultdict(list)
    seen: Counter[str] = Counter()
    for row in rows:
        rounds[seen[row.reference.upper()]].append(row)
        seen[row.reference.upper()] += 1
    return [result for part in rounds.values() for result in _record_round(rows=part, words=words, by=by)]


@service
def _record_round(*, rows: Sequence[PastedRow], words: Words, by: Any) -> list[RowResult]:
    """What is refused leaves nothing behind; what follows from the others is done once for all of them."""
    placements = _placements(rows, by)
    keys = [placement.pk for placement in placements.values()]
    following = FollowUp(lock_many(Placement.objects.filter(pk__in=keys)), by=by)
    read = [_read(row, placements.get(row.reference.upper()), words, by) for row in rows]
    results = [one for one in read if isinstance(one, RowResult)]
    results += _reach([one for one in read if isinstance(one, _Milestone)], following)
    results += [_complete(one, following) for one in read if isinstance(one, _Step)]
    following.carry_out()
    return results


def _placements(rows: Iterable[PastedRow], by: Any) -> dict[str, Placement]:
    """The live placement in an agency of the reader for each reference number. One of another agency is not found, in
    the same words as one that nobody has."""
    wanted = {row.reference.upper() for row in rows}
    mine = Placement.objects.visible_to(by).filter(in_office(by, "opening"), status__in=LIVE_STATES)
    found = mine.filter(
        applicant__applications__reference_number__in=wanted, applicant__applications__cohort=F("cohort")
    ).annotate(reference=F("applicant__applications__reference_number"))
    return {row.reference: row for row in found.select_related("opening", "applicant__user").order_by("pk")}


@dataclass(frozen=True, slots=True)
class _Milestone:
    row: PastedRow
    fact: MilestoneFact


@dataclass(frozen=True, slots=True)
class _Step:
    row: PastedRow
    placement: Placement
    item: ChecklistItem
    outcome: str
    day: datetime.date


def _read(
    row: PastedRow, placement: Placement | None, words: Words, by: Any
) -> RowResult | _Milestone | _Step:
    """What the row asks for, or why it cannot."""
    if placement is None:
        return RowResult(row=row, error=_("No placement of your agency has this reference number."))
    try:
        _check_cells(row)
        target = _target(row, placement, words, by)
    except Refused as refusal:
        return RowResult(row=row, error=str(refusal))
    try:
        return _asked(row, placement, target, words)
    except Refused as refusal:
        return RowResult(row=row, person=str(placement.applicant), error=str(refusal))


def _check_cells(row: PastedRow) -> None:
    if column := row.unreadable():
        sentence = _(
            "The column “%(column)s” has a character that cannot be printed. If you pasted it, type it instead."
        )
        raise Refused(sentence % {"column": COLUMN_LABELS[column]})
    if any(len(cell) > LONGEST_CELL for cell in row.cells()):
        raise Refused(_("A cell is longer than %(most)d characters.") % {"most": LONGEST_CELL})
    check_number(row.number)


def _target(row: PastedRow, placement: Placement, words: Words, by: Any) -> str | ChecklistItem:
    """The name of a milestone, or a step, that the reader may record."""
    name = words.milestone(row.what)
    if name not in MILESTONES:
        return _step(row.what, placement, by)
    if not by.has_perm("placements.record_milestone", placement):
        raise NotPermitted(_("Your role does not allow recording milestones of vetting."))
    return name


def _asked(
    row: PastedRow, placement: Placement, target: str | ChecklistItem, words: Words
) -> _Milestone | _Step:
    day = read_day(row.day)
    if day is None:
        raise Refused(_("“%(text)s” is no date. Write it as 2027-01-31 or 01/31/2027.") % {"text": row.day})
    if not isinstance(target, str):
        return _Step(row, placement, target, _outcome(row.outcome, target.step.outcomes, words), day)
    outcome = _outcome(row.outcome, tuple(MILESTONES[target].outcomes), words)
    fact = MilestoneFact(
        placement=placement, milestone=target, outcome=outcome, effective_on=day, reference=row.number
    )
    return _Milestone(row, fact)


def _outcome(text: str, possible: Sequence[str], words: Words) -> str:
    """It may be left out where there is only one."""
    word = words.outcome(text) if text else (possible[0] if len(possible) == 1 else "")
    if word not in possible:
        known = "; ".join(words.say(code) for code in possible)
        raise Refused(
            _("“%(text)s” is no outcome here. Possible are: %(known)s.") % {"text": text, "known": known}
        )
    return word


def _step(code: str, placement: Placement, by: Any) -> ChecklistItem:
    """The occurrence that is open, else the last one."""
    own = ChecklistItem.objects.visible_to(by).of_placements([placement.pk])
    found = own.filter(code=code.upper(), corrects__isnull=True).exclude(status="cancelled")
    related = ("step", "checklist__placement__opening", "checklist__placement__applicant")
    items: list[ChecklistItem] = [
        item
        for item in found.select_related(*related).order_by("occurrence")
        if by.has_perm("placements.record_item", item)
    ]
    if not items:
        sentence = _("“%(text)s” is neither a milestone nor a step that you record for this person.")
        raise Refused(sentence % {"text": code})
    return next((item for item in items if item.status in OPEN_ITEM_STATES), items[-1])


def _reach(asked: Sequence[_Milestone], following: FollowUp) -> list[RowResult]:
    """All together; where one of them is refused, by halves, until it stands alone."""
    if not asked:
        return []
    try:
        reached = record_milestones(facts=[one.fact for one in asked], following=following, by=following.by)
    except Refused as refusal:
        if len(asked) == 1:
            person = str(asked[0].fact.placement.applicant)
            return [RowResult(row=asked[0].row, person=person, error=str(refusal))]
        middle = len(asked) // 2
        return _reach(asked[:middle], following) + _reach(asked[middle:], following)
    return [
        RowResult(row=one.row, person=str(one.fact.placement.applicant), settled=each.settled)
        for one, each in zip(asked, reached, strict=True)
    ]


def _complete(asked: _Step, following: FollowUp) -> RowResult:
    person = str(asked.placement.applicant)
    try:
        return RowResult(row=asked.row, person=person, settled=_settle(asked, following))
    except Refused as refusal:
        return RowResult(row=asked.row, person=person, error=str(refusal))


def _settle(asked: _Step, following: FollowUp) -> tuple[str, ...]:
    """The same facts again change nothing."""
    item, number = asked.item, asked.row.number
    if item.status == "done":
        is_same = (item.outcome, item.effective_on) == (asked.outcome, asked.day)
        if is_same and number in ("", item.external_reference):
            return ()
        raise Refused(_("This step is on file with another outcome, day or number. Return it first."))
    complete_item(
        item=item,
        outcome=asked.outcome,
        effective_on=asked.day,
        reference=number,
        following=following,
        by=following.by,
    )
    return (item.code,)
