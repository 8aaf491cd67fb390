"""Vetting recorded by milestones, for agencies that keep every step in a system of their own."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import AgencyParticipation, VettingDetail
from placements.checklists import DUE_PROCESS, MILESTONES, open_steps
from placements.models import ChecklistItem, Placement
from placements.services.following import FollowUp
from placements.services.happened import check_happened, check_number
from placements.services.locks import lock
from placements.services.reaching import Reaching, Steps, reach, vetting_steps
from placements.workflow import LIVE_STATES
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from techforce.core.moments import deadline_text
from techforce.core.services import service

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneFact:
    placement: Placement
    milestone: str
    outcome: str
    effective_on: datetime.date
    reference: str = ""


@service
def record_milestone(
    *,
    placement: Placement,
    milestone: str,
    outcome: str,
    effective_on: datetime.date,
    reference: str = "",
    by: Any,
) -> Reached:
    """Record that vetting reached a milestone, and settle the steps behind it. Recorded again with the same outcome,
    day and number it changes nothing."""
    fact = MilestoneFact(
        placement=placement,
        milestone=milestone,
        outcome=outcome,
        effective_on=effective_on,
        reference=reference,
    )
    (reached,) = _record([fact], None, by)
    return reached


@service
def record_milestones(
    *, facts: Sequence[MilestoneFact], following: FollowUp | None = None, by: Any
) -> list[Reached]:
    """The same for different people, in a fixed number of statements for each day; all of them or, where one is
    refused, none. Whoever records more than these passes `following` and carries it out after the last."""
    return _record(facts, following, by)


def _record(facts: Sequence[MilestoneFact], following: FollowUp | None, by: Any) -> list[Reached]:
    for fact in facts:
        _check_fact(fact, by)
    placements = _locked(facts)
    steps = vetting_steps(placements)
    found = following or FollowUp(placements.values(), by=by)
    on_file = {}
    reachings = []
    for fact in facts:
        key = fact.placement.pk
        reaching = _reaching(fact, placements[key], steps[key])
        if _is_on_file(reaching):
            _check_still_holds(reaching)
            on_file[key] = Reached(reaching.own)
        else:
            _check_order(reaching)
            _check_agreement(reaching)
            reachings.append(reaching)
    reached = _reach(reachings, found, by)
    if following is None and reached:
        found.carry_out()
    return [(on_file | reached)[fact.placement.pk] for fact in facts]


def _reach(reachings: Sequence[Reaching], following: FollowUp, by: Any) -> dict[int, Reached]:
    reached = {}
    for reaching, (item, codes) in zip(reachings, reach(reachings, by=by) if reachings else (), strict=True):
        following.note(reaching.placement, item)
        reached[reaching.placement.pk] = Reached(item, codes)
    return reached


def _check_fact(fact: MilestoneFact, by: Any) -> None:
    if not by.has_perm("placements.record_milestone", fact.placement):
        raise NotPermitted(_("Your role does not allow recording milestones of vetting."))
    known = MILESTONES.get(fact.milestone)
    if known is None or fact.outcome not in known.outcomes:
        raise Refused(_("Choose a milestone, and one of its outcomes."))
    check_number(fact.reference)
    check_happened(fact.effective_on)


def _locked(facts: Sequence[MilestoneFact]) -> dict[int, Placement]:
    """As they stand now. They are live, and their agencies chose milestones."""
    rows = Placement.objects.filter(pk__in=[fact.placement.pk for fact in facts]).select_related("opening")
    placements = list(rows.order_by("pk").select_for_update(of=("self",)))
    if any(placement.status not in LIVE_STATES for placement in placements):
        raise Refused(_("This placement is over."))
    agencies = [placement.opening.agency_id for placement in placements]
    pledges = AgencyParticipation.objects.filter(agency__in=agencies, vetting_detail=VettingDetail.MILESTONES)
    chosen = set(pledges.values_list("agency", "cohort"))
    if any((placement.opening.agency_id, placement.cohort_id) not in chosen for placement in placements):
        raise Refused(_("Your agency records every step of vetting. Choose milestones first."))
    return {placement.pk: placement for placement in placements}


def _reaching(fact: MilestoneFact, placement: Placement, steps: Steps) -> Reaching:
    milestone = MILESTONES[fact.milestone]
    own = steps.get(milestone.code(fact.outcome))
    if own is None:
        raise Refused(_("This position has no such milestone: its tier does not ask for it."))
    return Reaching(placement, milestone, fact.outcome, fact.effective_on, fact.reference, own, steps)


def _is_on_file(reaching: Reaching) -> bool:
    """The same facts. Others are refused: what stands is returned for correction first."""
    own = reaching.own
    state = "under_due_process" if reaching.outcome == DUE_PROCESS else "done"
    if own.status != state:
        return False
    outcome, day = _as_recorded(reaching)
    is_same = (outcome, day) == (reaching.word, reaching.effective_on)
    if is_same and reaching.reference in ("", own.external_reference):
        return True
    sentence = _("%(label)s is on file already, of %(day)s. Return the step %(code)s first if that is wrong.")
    if reaching.outcome == DUE_PROCESS:
        sentence = _("%(label)s is on file already: due process began on %(day)s. Nothing was recorded anew.")
    label = MILESTONE_LABELS[reaching.milestone.name]
    raise Refused(sentence % {"label": label, "day": deadline_text(day) if day else "", "code": own.code})


def _check_still_holds(reaching: Reaching) -> None:
    """Fingerprints or a waiver may have run out since: nobody is told that all is well because it once was."""
    if reaching.milestone.opens_gate and (codes := open_steps(reaching.steps.values(), "firm_offer")):
        sentence = _(
            "It was recorded before, but these steps are open again: %(codes)s. Record each of them on its own page."
        )
        raise Refused(sentence % {"codes": ", ".join(codes)})


def _as_recorded(reaching: Reaching) -> tuple[str, datetime.date | None]:
    """Outcome and day. A step under due process has neither: its day stands in the audit, where it was given."""
    own = reaching.own
    if reaching.outcome != DUE_PROCESS:
        return own.outcome, own.effective_on
    begun = AuditEvent.objects.about(own).filter(to_state="under_due_process").order_by("-pk").first()
    given = begun.detail.get("happened_on") if begun else None
    return DUE_PROCESS, datetime.date.fromisoformat(given) if given else reaching.effective_on


def _check_order(reaching: Reaching) -> None:
    """A milestone does not come before an earlier one that is on file."""
    for earlier in MILESTONES.values():
        if earlier.name == reaching.milestone.name:
            return
        found = [reaching.steps[code].effective_on for code in earlier.codes() if code in reaching.steps]
        if any(on is not None and on > reaching.effective_on for on in found):
            sentence = _("This day lies before the milestone “%(label)s”, which is on file.")
            raise Refused(sentence % {"label": MILESTONE_LABELS[earlier.name]})


def _check_agreement(reaching: Reaching) -> None:
    """What it says of a step is not what stands there: a favorable milestone does not cover another result."""
    for code, word in reaching.milestone.outcomes[reaching.outcome].items():
        item = reaching.steps.get(code)
        if item is not None and item.status == "done" and item.outcome != word:
            sentence = _("The step %(code)s has another outcome on file. Return it first if that is wrong.")
            raise Refused(sentence % {"code": code})
