"""Both checklists of a placement, with what is settled, what stands where, and what nobody has begun."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from placements.checklists import QUESTIONS, QUESTIONS_STEP, Facts, applies
from placements.models import (
    Area,
    Checklist,
    ChecklistItem,
    ChecklistTemplate,
    ChecklistTemplateStep,
    Determination,
    DisclosureExtension,
    EthicsAnswers,
    Offer,
    Placement,
)
from placements.services.disclosure_extensions import due_day, form_of
from placements.services.items import item_of
from techforce.accounts.models import User
from techforce.core.calendar import EASTERN
from techforce.demo.loading.content import day, happened, moment
from techforce.demo.loading.story import Story

By = Callable[[str], User]
STAGES = ("firm_offer", "entry_on_duty", "service", "end")
STAGE_OF_GATE = {"firm_offer": 0, "entry_on_duty": 1, "none": 2, "end": 3}
USUAL = {"V03": "new", "A29": "returns", "C06": "does_not_file"}
"""Outcomes of steps that have several good ones; the others end in the first that their template accepts."""
WAYS_TO = {
    "requested": (("request", ""),),
    "submitted": (("submit", ""),),
    "under_review": (("begin_review", ""),),
    "under_due_process": (("start_due_process", ""),),
    "not_met": (("start_due_process", ""), ("find_not_met", "")),
    "blocked": (("block", ""),),
    "excused": (("excuse", ""),),
    "expired": (("request", ""), ("expire", "")),
    "returned": (("submit", ""), ("send_back", "incomplete")),
}
EXCUSED_BY = "Decision of the designated agency official"
COME_AGAIN = ("A26",)
"""Only when duties change."""
DAYS_OF_SERVICE_STEPS = 85
THE_PERSON = "accept"


@dataclass(frozen=True)
class Calendar:
    """When each stage of a placement began and ended."""

    accepted: datetime.date
    firm: datetime.date
    starts: datetime.date
    ends: datetime.date
    last: datetime.date
    """Yesterday, or the day on which it was all over."""

    def span(self, stage: int) -> tuple[datetime.date, datetime.date]:
        """From when to when the steps of a stage were done."""
        last = self.last
        service = min(self.starts + datetime.timedelta(days=DAYS_OF_SERVICE_STEPS), last)
        begin, end = (
            (self.accepted, self.firm),
            (self.firm, self.starts),
            (self.starts, service),
            (self.ends - datetime.timedelta(days=30), self.ends),
        )[stage]
        return min(begin, last), min(end, last)


def open_checklists(
    story: Story,
    by: By,
    placement: Placement,
    plan: dict[str, Any],
    tentative: Offer | None,
    firm: Offer | None,
    screen: Determination | None,
) -> None:
    calendar = calendar_of(placement, tentative, firm)
    conflict = screen.signed_result if screen else "clear"
    for area, steps in templates_of(placement):
        checklist = Checklist.objects.create(
            placement=placement, template=steps[0].template, area=area, created_at=placement.created_at
        )
        facts = Facts(
            outcomes={},
            is_waiver_possible=getattr(placement.opening.sensitivity, "is_waiver_possible", None),
            conflict=conflict,
        )
        items = [item_of(step, checklist) for step in steps]
        Filling(story, by, plan, calendar, area, facts).fill(items)
        for item in items:
            item.created_at = placement.created_at
        ChecklistItem.objects.bulk_create(items)
        answer_questions(placement, items, by)


def answer_questions(placement: Placement, items: Sequence[ChecklistItem], by: By) -> None:
    """What somebody without a tie to a company told the ethics office: no to everything but a job of the spouse, where
    that office still has to look."""
    asked = next((item for item in items if item.code == QUESTIONS_STEP), None)
    if asked is not None and asked.status in ("submitted", "done"):
        answers = dict.fromkeys(QUESTIONS, False) | {"has_spouse_at_work": asked.outcome != "all_no"}
        EthicsAnswers.objects.create(placement=placement, answered_by=by(THE_PERSON), **answers)


def ask_for_more_time(story: Story, placement: Placement, entry: dict[str, Any], by: By) -> None:
    """A request that waits for the ethics official. The step has its date by now."""
    item = ChecklistItem.objects.get(checklist__placement=placement, code=entry["step"], occurrence=1)
    asked = DisclosureExtension.objects.create(
        item=item,
        form=form_of(item),
        days_asked=entry["days"],
        reason=entry["reason"],
        asked_by=by(THE_PERSON),
        old_due_on=due_day(item),
        created_at=moment(entry["asked"]),
    )
    story.note(asked, "placements.disclosureextension:ask", at=moment(entry["asked"]), by=by(THE_PERSON))


def calendar_of(placement: Placement, tentative: Offer | None, firm: Offer | None) -> Calendar:
    """Of what has not happened yet, today is the end."""
    accepted = placement.created_at.astimezone(EASTERN).date()
    sent = firm.sent_at.astimezone(EASTERN).date() if firm and firm.sent_at else day(-1)
    ends = placement.ended_on or placement.ends_on
    over = (
        happened(placement.closed_at).astimezone(EASTERN).date()
        if placement.status == "fell_through"
        else ends
    )
    return Calendar(
        accepted=accepted,
        firm=sent if tentative else placement.starts_on,
        starts=placement.starts_on,
        ends=ends,
        last=min(over, day(-1)),
    )


def templates_of(placement: Placement) -> Iterator[tuple[str, Sequence[ChecklistTemplateStep]]]:
    """The steps of the templates that are in use."""
    in_use = ChecklistTemplate.objects.in_use()
    vetting = in_use.get(kind="vetting", tier=placement.opening.vetting_tier_id)
    ethics = in_use.get(kind=placement.kind)
    for area, template in ((Area.VETTING, vetting), (Area.ETHICS, ethics)):
        yield area, template.steps.select_related("template").order_by("position")


class Filling:
    """How far one checklist has come."""

    def __init__(
        self, story: Story, by: By, plan: dict[str, Any], calendar: Calendar, area: str, facts: Facts
    ) -> None:
        self.story, self.by, self.calendar = story, by, calendar
        self.outcomes: dict[str, str] = USUAL | plan.get("outcomes", {})
        self.now: dict[str, str] = plan.get("now", {})
        self.also: list[str] = plan.get("also", [])
        self.facts, self.found = facts, dict[str, str]()
        done = plan["done"]
        self.most = done[area] if isinstance(done, dict) else 1000
        self.stage = 0 if isinstance(done, dict) else STAGES.index(done)
        self.is_cancelled = any(step.startswith("fall_through") for step in plan["path"])

    def fill(self, items: list[ChecklistItem]) -> None:
        """In the order of the template, for what applies follows from what was found before."""
        done: list[ChecklistItem] = []
        for item in items:
            self.facts = Facts(
                outcomes=self.found,
                is_waiver_possible=self.facts.is_waiver_possible,
                conflict=self.facts.conflict,
            )
            if item.step.decided_by:
                self.mirror(item)
            elif applies(item.step.condition, self.facts) is False:
                self.take(item, "set_not_applicable", self.calendar.accepted)
            elif item.code in self.now:
                self.stand(item, self.now[item.code])
            elif self.is_done(item) and len(done) < self.most:
                self.found[item.code] = self.outcomes.get(item.code, item.step.accepted_outcomes[0])
                done.append(item)
            elif self.is_cancelled:
                self.take(item, "cancel", self.calendar.last)
        self.record(done)

    def is_done(self, item: ChecklistItem) -> bool:
        if item.code in self.also:
            return True
        return STAGE_OF_GATE[item.gate] <= self.stage and item.code not in COME_AGAIN

    def mirror(self, item: ChecklistItem) -> None:
        """What is decided elsewhere is done from the start; the conflict step once its screen is signed."""
        if item.status == "done" or self.facts.conflict in ("", "block"):
            return
        self.settle(item, self.facts.conflict, self.calendar.accepted, "settle")

    def record(self, done: list[ChecklistItem]) -> None:
        """Evenly over the time that its stage took."""
        for stage in range(len(STAGES)):
            items = [item for item in done if STAGE_OF_GATE[item.gate] == stage]
            begin, end = self.calendar.span(stage)
            for number, item in enumerate(items, start=1):
                on = begin + (end - begin) * number // (len(items) + 1)
                self.settle(item, self.found[item.code], on, "complete")
                item.recorded_by = self.by(f"record:{item.recorder_role}")

    def settle(self, item: ChecklistItem, outcome: str, on: datetime.date, arrow: str) -> None:
        self.take(item, arrow, on)
        item.outcome, item.effective_on = outcome, on
        item.recorded_at = at_noon(on)

    def stand(self, item: ChecklistItem, where: str) -> None:
        """A single step, somewhere on its way."""
        status, _space, item.waiting_on = where.partition(" ")
        for days, (arrow, reason) in enumerate(WAYS_TO[status], start=-len(WAYS_TO[status])):
            self.take(item, arrow, self.calendar.last + datetime.timedelta(days=days), reason_code=reason)
            if arrow == "submit":
                self.hand_in(item)
        if status == "excused":
            item.excused_by, item.excuse_authority = self.by(f"record:{item.recorder_role}"), EXCUSED_BY

    def hand_in(self, item: ChecklistItem) -> None:
        item.submitted_by = self.by(handing_in(item))
        if item.code in COME_AGAIN and item.submitted_at:
            item.event_on = item.submitted_at.astimezone(EASTERN).date()

    def take(self, item: ChecklistItem, arrow: str, on: datetime.date, reason_code: str = "") -> None:
        by = self.by(handing_in(item) if arrow == "submit" else f"record:{item.recorder_role}")
        self.story.take(item, arrow, at=at_noon(on), by=by, reason_code=reason_code)


def handing_in(item: ChecklistItem) -> str:
    """The person their own steps, the supervisor a change of duties."""
    return THE_PERSON if item.owner_role == "candidate" else f"record:{item.owner_role}"


def at_noon(on: datetime.date) -> datetime.datetime:
    noon = datetime.datetime.combine(on, datetime.time(12), tzinfo=EASTERN)
    return noon.astimezone(datetime.UTC)
