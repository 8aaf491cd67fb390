"""When each step of a placement is due, counted from what has happened and from what is planned.

The due date is the date as counted: legal deadlines count calendar days, service targets business days, and a month
ends early where the next one is shorter. People are nudged on the last business day on or before it (domain.md §6.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from placements.checklists.conditions import INSTEAD, Facts, applies
from placements.checklists.steps import EVENTS, Due, Step, YearlyDay

ASSUMED: Mapping[str, bool] = {
    "earlier_result_found": False,
    "investigation_needed": True,
    "returns_to_company": False,
}
"""What a plan takes for granted while nobody knows: no earlier investigation, and no return after a separation. Other
steps whose condition is still unknown are dated as if they applied, so that nobody finds them too late."""

ANCHOR_UNKNOWN, DOES_NOT_APPLY, NO_YEARLY_DAY = "anchor_unknown", "does_not_apply", "yearly"
OUT_OF_REACH = "out_of_reach"
"""The day as counted is in no calendar."""


class Calendar(Protocol):
    """What a plan asks of the business calendar."""

    def add_business_days(self, day: date, count: int) -> date: ...
    def add_months(self, day: date, count: int) -> date: ...
    def last_business_day(self, day: date) -> date: ...


@dataclass(frozen=True, slots=True)
class Anchor:
    """A day to count from; planned while it has not happened."""

    on: date
    is_planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDate:
    """When a step is due, or the reason why nobody can say: the template's own, that what it counts from (`missing`)
    is unknown, or that it does not apply as things stand. Before `opens_on` it cannot be done."""

    due_on: date | None = None
    nudge_on: date | None = None
    opens_on: date | None = None
    is_planned: bool = False
    reason: str = ""
    missing: str = ""


def plan(
    steps: Sequence[Step],
    anchors: Mapping[str, Anchor],
    calendar: Calendar,
    *,
    facts: Facts | None = None,
    done: Mapping[str, date] | None = None,
    extended: Mapping[str, int] | None = None,
) -> dict[str, StepDate]:
    """The date of every step, by code. A step counts from the day on which another was done (`done`), or else from the
    day on which that one is due; where that one does not apply, from the step that set it aside. `extended` says by how
    many calendar days the law let one be put off."""
    known = {step.code: step for step in steps}
    planner = _Planner(known, anchors, calendar, facts or Facts(), done or {}, extended or {}, {})
    return {step.code: planner.date_of(step) for step in steps}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The occurrence of a repeated step before the one that is dated: when it was due, and when it was done."""

    due_on: date | None
    done_on: date | None


def plan_again(
    step: Step,
    before: Before,
    anchors: Mapping[str, Anchor],
    calendar: Calendar,
    *,
    facts: Facts | None = None,
    extended: int = 0,
) -> StepDate:
    """The date of a step that comes again: the next of its days of the year, or the same distance again from the day on
    which it was done. What comes after the end of the term does not come. What waits for an event waits for the next
    one."""
    planner = _Planner({step.code: step}, anchors, calendar, facts or Facts(), {}, {step.code: extended}, {})
    return planner.again(step, before)


@dataclass(frozen=True, slots=True)
class _Planner:
    steps: Mapping[str, Step]
    anchors: Mapping[str, Anchor]
    calendar: Calendar
    facts: Facts
    done: Mapping[str, date]
    extended: Mapping[str, int]
    found: dict[str, StepDate]

    def date_of(self, step: Step) -> StepDate:
        if step.code not in self.found:
            self.found[step.code] = self._date_of(step)
        return self.found[step.code]

    def _date_of(self, step: Step) -> StepDate:
        try:
            return replace(self._put_off(step, self._count(step)), opens_on=self._opening(step))
        except (OverflowError, ValueError):
            return StepDate(reason=OUT_OF_REACH)

    def again(self, step: Step, before: Before) -> StepDate:
        try:
            return self._put_off(step, self._again(step, before))
        except (OverflowError, ValueError):
            return StepDate(reason=OUT_OF_REACH)

    def _put_off(self, step: Step, counted: StepDate) -> StepDate:
        days = self.extended.get(step.code, 0)
        if not days or counted.due_on is None:
            return counted
        return self._dated(counted.due_on + timedelta(days=days), is_planned=counted.is_planned)

    def _again(self, step: Step, before: Before) -> StepDate:
        if not self._applies(step):
            return StepDate(reason=DOES_NOT_APPLY)
        if step.yearly:
            return self._yearly(step, after=before.due_on or before.done_on)
        due = step.due[0] if step.due else None
        last = before.done_on or before.due_on
        if due is not None and due.anchor in EVENTS:
            return self._latest(step.due)
        if due is None or last is None:
            return StepDate(reason=ANCHOR_UNKNOWN)
        return self._within_term(self._add(last, due))

    def _opening(self, step: Step) -> date | None:
        anchor = self._anchor(step.opens.anchor) if step.opens else None
        return self._add(anchor.on, step.opens) if step.opens and anchor else None

    def _count(self, step: Step) -> StepDate:
        if not self._applies(step):
            return StepDate(reason=DOES_NOT_APPLY)
        if step.undated:
            return StepDate(reason=step.undated)
        return self._yearly(step) if step.yearly else self._latest(step.due)

    def _applies(self, step: Step) -> bool:
        """Of alternatives the last one is the ordinary way; once that is done, the others drop out."""
        if step.any_of and step.code != step.any_of[-1] and step.any_of[-1] in self.done:
            return False
        answer = applies(step.when, self.facts)
        return ASSUMED.get(step.when, True) if answer is None else answer

    def _latest(self, dues: Sequence[Due]) -> StepDate:
        anchors = [self._anchor(due.anchor) for due in dues]
        missing = [due.anchor for due, anchor in zip(dues, anchors, strict=True) if anchor is None]
        if missing or not dues:
            return StepDate(reason=ANCHOR_UNKNOWN, missing="".join(missing[:1]))
        known = [anchor for anchor in anchors if anchor is not None]
        day = max(self._add(anchor.on, due) for anchor, due in zip(known, dues, strict=True))
        return self._dated(day, is_planned=any(anchor.is_planned for anchor in known))

    def _add(self, day: date, due: Due) -> date:
        if due.unit == "business_days":
            return self.calendar.add_business_days(day, due.offset)
        if due.unit == "months":
            return self.calendar.add_months(day, due.offset)
        return day + timedelta(days=due.offset)

    def _anchor(self, name: str) -> Anchor | None:
        """An anchor, a step, or alternatives as in "V15|V18": the first that was done, or else the ordinary way, which
        is named last."""
        names = name.split("|")
        days = [self.done[code] for code in names if code in self.done]
        if days:
            return Anchor(min(days))
        found = (self._planned(code) for code in reversed(names))
        return next((anchor for anchor in found if anchor), None)

    def _planned(self, name: str) -> Anchor | None:
        if name not in self.steps:
            return self.anchors.get(name)
        found = self.date_of(self.steps[name])
        if found.reason == DOES_NOT_APPLY:
            return self._instead(self.steps[name])
        return Anchor(found.due_on, is_planned=True) if found.due_on else None

    def _instead(self, step: Step) -> Anchor | None:
        """What hangs on a step that does not apply counts from the step that set it aside."""
        other = INSTEAD.get(step.when, "")
        return self._anchor(other) if other in self.steps else None

    def _yearly(self, step: Step, *, after: date | None = None) -> StepDate:
        """The first of its days that falls into the term, into a year after that of entry on duty, and behind
        `after`."""
        start = self.anchors.get("EOD")
        if start is None:
            return StepDate(reason=ANCHOR_UNKNOWN, missing="EOD")
        day = min(_yearly_after(YearlyDay.parse(text), start.on, after) for text in step.yearly)
        return self._within_term(day, is_planned=start.is_planned)

    def _within_term(self, day: date, *, is_planned: bool = False) -> StepDate:
        end = self.anchors.get("TERM")
        if end is not None and day > end.on:
            return StepDate(reason=NO_YEARLY_DAY)
        return self._dated(day, is_planned=is_planned)

    def _dated(self, day: date, *, is_planned: bool) -> StepDate:
        return StepDate(due_on=day, nudge_on=self.calendar.last_business_day(day), is_planned=is_planned)


def _yearly_after(yearly: YearlyDay, start: date, after: date | None) -> date:
    """Whoever serves in a second year has been there long enough for every later one."""
    served = (date(start.year, 12, 31) - start).days + 1
    first = date(start.year + (1 if served > yearly.days_served else 2), yearly.month, yearly.day)
    if after is None or first > after:
        return first
    this_year = first.replace(year=after.year)
    return this_year if this_year > after else first.replace(year=after.year + 1)
