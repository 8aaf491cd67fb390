"""Vetting recorded by milestones, for agencies that keep every step in a system of their own."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import AgencyParticipation, VettingDetail
from placements.checklists import DUE_PROCESS, MILESTONES, Known, Milestone, applies, open_steps, settled_by
from placements.models import Area, ChecklistItem, Placement
from placements.services.asking_again import NO_WAIT
from placements.services.checklist import unblock_item
from placements.services.conditions import facts_of
from placements.services.following import FollowUp
from placements.services.happened import check_happened, check_number
from placements.services.items import ASKED_OF_ITEMS
from placements.services.locks import lock
from placements.services.step_moves import start_due_process
from placements.workflow import LIVE_STATES
from placements.workflow.checklist import WORKABLE
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.moments import deadline_text
from techforce.core.services import service
from techforce.core.workflow import transition_many

MILESTONE_LABELS: Mapping[str, Any] = {
    "initiated": gettext_lazy("Initiated"),
    "submitted": gettext_lazy("Submitted"),
    "interim": gettext_lazy("Interim decision"),
    "adjudicated": gettext_lazy("Adjudicated"),
    "cleared": gettext_lazy("Cleared"),
}


@dataclass(frozen=True, slots=True)
class Reached:
    """What recording a milestone did: its own step, and the codes of all that were settled with it (none, when it was
    on file already)."""

    item: ChecklistItem
    settled: tuple[str, ...] = ()


def records_milestones(placement: Placement) -> bool:
    """Whether the agency chose milestones for the placement's cohort."""
    pledges = AgencyParticipation.objects.filter(
        agency=placement.opening.agency_id, cohort=placement.cohort_id
    )
    return pledges.filter(vetting_detail=VettingDetail.MILESTONES).exists()


@service
def choose_vetting_detail(*, participation: AgencyParticipation, detail: str, by: Any) -> AgencyParticipation:
    """Milestones only, or every step. What is recorded stays as it is."""
    if not by.has_perm("placements.choose_vetting_detail", participation):
        raise NotPermitted(_("Only a security officer of the whole agency decides how vetting is recorded."))
    locked: AgencyParticipation = lock(participation)
    if locked.vetting_detail != detail:
        note = {"from": locked.vetting_detail, "to": detail}
        locked.vetting_detail = VettingDetail(detail)
        locked.version += 1
        locked.save(update_fields=["vetting_detail", "version"])
        record_event("agencies.agencyparticipation:choose_detail", subject=locked, by=by, detail=note)
    return locked


@service
def record_milestone(
    *,
    placement: Placement,
    milestone: str,
    outcome: str,
    effective_on: datetime.date,
    reference: str = "",
    following: FollowUp | None = None,
    by: Any,
) -> Reached:
    """Record that vetting reached a milestone, and settle the steps behind it. Recorded again with the same outcome,
    day and number it changes nothing. Whoever records milestones of several people passes `following` and carries it
    out after the last."""
    if not by.has_perm("placements.record_milestone", placement):
        raise NotPermitted(_("Your role does not allow recording milestones of vetting."))
    known = MILESTONES.get(milestone)
    if known is None or outcome not in known.outcomes:
        raise Refused(_("Choose a milestone, and one of its outcomes."))
    check_number(reference)
    locked = lock(placement)
    _check(locked, effective_on)
    items = _items_of(locked)
    own = _own_step(known, outcome, items)
    if _is_on_file(own, known, outcome, effective_on, reference):
        return Reached(own)
    _check_order(known, items, effective_on)
    _check_agreement(known, outcome, items)
    found = following or FollowUp([locked], by=by)
    reached = _reach(_Reaching(locked, known, outcome, effective_on, reference, by), own, items)
    found.note(locked, reached.item)
    if following is None:
        found.carry_out()
    return reached


@dataclass(frozen=True, slots=True)
class _Reaching:
    placement: Placement
    milestone: Milestone
    outcome: str
    effective_on: datetime.date
    reference: str
    by: Any

    def settle(self, items: Collection[ChecklistItem], outcome: str) -> None:
        """The step of the milestone itself keeps the number; each of the others names the milestone in its audit."""
        values = {
            "next_reminder_at": None,
            "outcome": outcome,
            "effective_on": self.effective_on,
            "recorded_at": timezone.now(),
            "recorded_by": self.by,
        }
        detail = {"milestone": self.milestone.name}
        rows = ChecklistItem.objects.filter(pk__in=[item.pk for item in items]).select_related(
            *ASKED_OF_ITEMS
        )
        transition_many(rows, "complete", by=self.by, values=values, detail=detail)
        reminders.cancel_queued(*items)


def _check(placement: Placement, effective_on: datetime.date) -> None:
    check_happened(effective_on)
    if placement.status not in LIVE_STATES:
        raise Refused(_("This placement is over."))
    if not records_milestones(placement):
        raise Refused(_("Your agency records every step of vetting. Choose milestones first."))


def _items_of(placement: Placement) -> dict[str, ChecklistItem]:
    """The vetting steps by code, the first of those that come again."""
    items = ChecklistItem.objects.of_placements([placement.pk]).filter(
        checklist__area=Area.VETTING, corrects__isnull=True, occurrence=1
    )
    related = ("step", "checklist__placement__opening", "checklist__placement__applicant__user")
    return {item.code: item for item in items.exclude(status="cancelled").select_related(*related)}


def _own_step(milestone: Milestone, outcome: str, items: Mapping[str, ChecklistItem]) -> ChecklistItem:
    own = items.get(milestone.code(outcome))
    if own is None:
        raise Refused(_("This position has no such milestone: its tier does not ask for it."))
    return own


def _is_on_file(
    own: ChecklistItem, milestone: Milestone, outcome: str, effective_on: datetime.date, reference: str
) -> bool:
    """The same facts. Others are refused: what stands is returned for correction first."""
    if outcome == DUE_PROCESS:
        return own.status == "under_due_process"
    if own.status != "done":
        return False
    word = milestone.outcomes[outcome][own.code]
    if (own.outcome, own.effective_on) == (word, effective_on) and reference in ("", own.external_reference):
        return True
    sentence = _("%(label)s is on file already, of %(day)s. Return the step %(code)s first if that is wrong.")
    day = deadline_text(own.effective_on) if own.effective_on else ""
    raise Refused(sentence % {"label": MILESTONE_LABELS[milestone.name], "day": day, "code": own.code})


def _check_order(milestone: Milestone, items: Mapping[str, ChecklistItem], day: datetime.date) -> None:
    """A milestone does not come before an earlier one that is on file."""
    for earlier in MILESTONES.values():
        if earlier.name == milestone.name:
            return
        found = [items[code].effective_on for code in earlier.codes() if code in items]
        if any(on is not None and on > day for on in found):
            sentence = _("This day lies before the milestone “%(label)s”, which is on file.")
            raise Refused(sentence % {"label": MILESTONE_LABELS[earlier.name]})


def _check_agreement(milestone: Milestone, outcome: str, items: Mapping[str, ChecklistItem]) -> None:
    """What it says of a step is not what stands there: a favorable milestone does not cover another result."""
    for code, word in milestone.outcomes[outcome].items():
        item = items.get(code)
        if item is not None and item.status == "done" and item.outcome != word:
            sentence = _("The step %(code)s has another outcome on file. Return it first if that is wrong.")
            raise Refused(sentence % {"code": code})


def _reach(reaching: _Reaching, own: ChecklistItem, items: Mapping[str, ChecklistItem]) -> Reached:
    """In one transaction, and taken back as a whole when the milestone claims more than the steps bear out."""
    placement = reaching.placement
    steps = {
        code: Known(tuple(item.step.depends_on), tuple(item.step.outcomes)) for code, item in items.items()
    }
    named = settled_by(reaching.milestone, reaching.outcome, steps)
    is_heard = named.pop(own.code) == DUE_PROCESS
    settled = _settle_behind(reaching, own, named, items)
    if is_heard:
        _begin_due_process(reaching, own)
    else:
        _record_own(reaching, own)
        settled.append(own.code)
    _set_aside(placement, reaching)
    if reaching.milestone.opens_gate:
        _check_nothing_open(placement)
    own.refresh_from_db()
    return Reached(own, tuple(sorted(settled)))


def _settle_behind(
    reaching: _Reaching, own: ChecklistItem, named: Mapping[str, str], items: Mapping[str, ChecklistItem]
) -> list[str]:
    """What is still open. A step that was done, excused or set aside stays; one under due process, or whose result has
    run out, is decided for itself. A wait for somebody ends with the milestone that comes after it."""
    facts = _facts_after(reaching.placement, named)
    for code in named:
        _end_wait(reaching, items[code])
    waiting = {
        code: word
        for code, word in named.items()
        if items[code].status in WORKABLE
        and not items[code].step.decided_by
        and applies(items[code].step.condition, facts) is not False
    }
    for word in dict.fromkeys(waiting.values()):
        reaching.settle([items[code] for code, each in waiting.items() if each == word], word)
    return list(waiting)


def _facts_after(placement: Placement, named: Mapping[str, str]) -> Any:
    """What will be known once the named steps are settled, without overruling what is on file."""
    facts = facts_of([placement.pk])[placement.pk]
    return replace(facts, outcomes={**named, **facts.outcomes})


def _end_wait(reaching: _Reaching, item: ChecklistItem) -> None:
    """On the day of the milestone, however late it is recorded; a wait that began after that day took none."""
    if item.status == "blocked":
        day = reaching.effective_on
        unblock_item(item=item, until=max(item.waiting_since or day, day), by=reaching.by)


def _begin_due_process(reaching: _Reaching, own: ChecklistItem) -> None:
    _end_wait(reaching, own)
    start_due_process(
        item=own, happened_on=reaching.effective_on, reference=reaching.reference, by=reaching.by
    )


def _record_own(reaching: _Reaching, own: ChecklistItem) -> None:
    _end_wait(reaching, own)
    word = reaching.milestone.outcomes[reaching.outcome][own.code]
    if reaching.reference:
        ChecklistItem.objects.filter(pk=own.pk).update(external_reference=reaching.reference)
    reaching.settle([own], word)


def _set_aside(placement: Placement, reaching: _Reaching) -> None:
    """Steps whose condition does not hold after what was just recorded, such as an investigation after reciprocity."""
    facts = facts_of([placement.pk])[placement.pk]
    aside = [
        item.pk
        for item in _items_of(placement).values()
        if item.status in (*WORKABLE, "blocked") and applies(item.step.condition, facts) is False
    ]
    rows = ChecklistItem.objects.filter(pk__in=aside).select_related(*ASKED_OF_ITEMS)
    detail = {"milestone": reaching.milestone.name}
    values = {**NO_WAIT, "next_reminder_at": None}
    transition_many(rows, "set_not_applicable", by=reaching.by, values=values, detail=detail)


def _check_nothing_open(placement: Placement) -> None:
    """I7: clearing the firm offer says that every step of vetting before it has its accepted outcome."""
    items: Iterable[ChecklistItem] = _items_of(placement).values()
    if codes := open_steps(items, "firm_offer"):
        sentence = _("Not cleared: these steps have no outcome that lets the firm offer pass: %(codes)s.")
        raise Refused(sentence % {"codes": ", ".join(codes)})
