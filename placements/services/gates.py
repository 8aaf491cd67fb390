"""Whether the gates of placements are open, for many placements in one query."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from partners.models import LoanTerms
from placements.checklists import STOPPING_GATES, WAIVER_POSSIBLE, open_steps
from placements.models import (
    Area,
    Checklist,
    ChecklistItem,
    Offer,
    OfferKind,
    Placement,
    StartException,
    VettingWaiver,
)
from placements.querysets import LAST_VALID_DAY
from placements.services.asking_again import BEFORE_DUTY
from placements.services.screening import WAIVED, outcomes_of_screens
from techforce.core.calendar import today
from techforce.core.workflow import Change, guard

NO_CHECKLIST = "—"


@dataclass(frozen=True, slots=True)
class Gates:
    """What stands before the gates of placements, loaded in a fixed number of queries."""

    items: Mapping[int, Sequence[Any]]
    without_checklist: Collection[int]

    def open_codes(self, target: str) -> dict[int, list[str]]:
        found = {key: open_steps(items, target) for key, items in self.items.items()}
        found |= {key: [NO_CHECKLIST] for key in self.without_checklist}
        return {key: codes for key, codes in found.items() if codes}

    def stopped(self, key: int) -> frozenset[str]:
        """The gates that some step stops now."""
        return frozenset(gate for gate in STOPPING_GATES if key in self.open_codes(gate))


def open_codes(placements: Iterable[Placement], target: str) -> dict[int, list[str]]:
    """Codes of the steps that stop `target` for each placement, which is missing from the answer when none does.
    A placement without both checklists is stopped too: nobody has asked the questions yet. So is one whose waiver or
    whose fingerprints have run out, even before beat has expired the step."""
    return gates_of(placements).open_codes(target)


def gates_of(placements: Iterable[Placement]) -> Gates:
    rows = list(placements)
    keys = [placement.pk for placement in rows]
    areas: dict[int, set[str]] = {key: set() for key in keys}
    for placement, area in (
        Checklist.objects.current().filter(placement__in=keys).values_list("placement", "area")
    ):
        areas[placement].add(area)
    items: dict[int, list[Any]] = {key: [] for key in keys}
    steps = ChecklistItem.objects.of_placements(keys).select_related("checklist", "step")
    for item in steps.annotate(last_valid_day=LAST_VALID_DAY).order_by("pk"):
        items[item.checklist.placement_id].append(item)
    _unsettle_what_ran_out(rows, items)
    return Gates(items, [key for key in keys if areas[key] != set(Area.values)])


def _unsettle_what_ran_out(placements: Sequence[Placement], items: Mapping[int, Sequence[Any]]) -> None:
    """What was done and does not count any more, on the rows in memory: beat, which expires it, may be away."""
    keys = [placement.pk for placement in placements]
    waived = set(
        VettingWaiver.objects.in_force().filter(placement__in=keys).values_list("placement", flat=True)
    )
    before_duty = {row.pk: row for row in placements if row.status in BEFORE_DUTY}
    on_waiver = [row for row in before_duty.values() if any(map(_rests_on_ethics_waiver, items[row.pk]))]
    screens = outcomes_of_screens(on_waiver) if on_waiver else {}
    for key, found in items.items():
        for item in found:
            if item.step.condition == WAIVER_POSSIBLE and item.status == "done":
                item.is_settled &= key in waived
            elif _rests_on_ethics_waiver(item):
                item.is_settled &= bool(screens.get(key, WAIVED))
            elif key in before_duty and _is_out_of_date(item):
                item.is_settled = False


def _rests_on_ethics_waiver(item: Any) -> bool:
    return bool(item.step.decided_by and item.status == "done" and item.outcome == WAIVED)


def _is_out_of_date(item: Any) -> bool:
    return item.status == "done" and item.last_valid_day is not None and item.last_valid_day < today()


@guard("placements.gates_are_open")
def gates_are_open(rows: Sequence[Placement], change: Change) -> Mapping[int, str]:
    """I7: every step before entry on duty has an accepted outcome. Deferred triggers hold the same at commit."""
    return {
        key: _("These steps are still open: %(codes)s.") % {"codes": ", ".join(codes)}
        for key, codes in open_codes(rows, "entry_on_duty").items()
    }


@guard("placements.end_steps_are_settled")
def end_steps_are_settled(rows: Sequence[Placement], change: Change) -> Mapping[int, str]:
    """What is asked for at the end of service, the exit and its papers, is done before the placement is closed."""
    items = ChecklistItem.objects.of_placements([row.pk for row in rows])
    unsettled = items.filter(gate="end", is_settled=False).exclude(status="cancelled")
    found: dict[int, list[str]] = defaultdict(list)
    for placement, code in unsettled.order_by("code").values_list("checklist__placement", "code"):
        found[placement].append(code)
    return {
        key: _("These steps are still open: %(codes)s.") % {"codes": ", ".join(codes)}
        for key, codes in found.items()
    }


@guard("placements.firm_offer_is_accepted")
def firm_offer_is_accepted(rows: Sequence[Placement], change: Change) -> Mapping[int, str]:
    """Nobody starts on a tentative offer. A transfer has no selection and no offer of its own."""
    offered = [row.selection_id for row in rows if row.selection_id]
    accepted = set(
        Offer.objects.filter(selection__in=offered, kind=OfferKind.FIRM, status="accepted").values_list(
            "selection", flat=True
        )
    )
    sentence = _("The person has not accepted a firm offer yet.")
    return {row.pk: sentence for row in rows if row.selection_id and row.selection_id not in accepted}


@guard("placements.start_exception_is_on_file")
def start_exception_is_on_file(rows: Sequence[Placement], change: Change) -> Mapping[int, str]:
    named = set(StartException.objects.filter(placement__in=rows).values_list("placement", flat=True))
    return {row.pk: _("Say first who allows it, and why.") for row in rows if row.pk not in named}


@guard("placements.loan_terms_are_on_file")
def loan_terms_are_on_file(rows: Sequence[Placement], change: Change) -> Mapping[int, str]:
    """I7: a lent person has exactly one of {leave of absence, separation} on file, and it is the kind that the
    placement says."""
    lent = [row for row in rows if row.is_lent]
    terms = LoanTerms.objects.in_force().filter(nomination__in=[row.nomination_id for row in lent])
    kinds = dict(terms.values_list("nomination", "kind"))
    sentence = _("File the terms of the loan first: a leave of absence or a separation.")
    return {row.pk: sentence for row in lent if kinds.get(row.nomination_id) != row.kind}
