"""Which conditional steps of a placement apply, by what is recorded about it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from placements.checklists import STOPPING_GATES, Facts, applies
from placements.models import (
    ChecklistItem,
    DivestitureCertificate,
    EthicsWaiver,
    Placement,
    RecusalStatement,
)
from placements.models.conflict import WaiverAuthority
from placements.services.asking_again import BEFORE_DUTY, ask_again
from placements.services.screening import outcomes_of_screens
from techforce.accounts.models import User
from techforce.core.workflow import Change, guard


def facts_of(keys: Sequence[int]) -> dict[int, Facts]:
    """What conditions ask about, for each placement."""
    placements = list(
        Placement.objects.filter(pk__in=keys)
        .select_related("opening__sensitivity")
        .annotate(**{f"has_{name}": Exists(rows) for name, rows in _remedies().items()})
        .order_by("pk")
    )
    outcomes: dict[int, dict[str, str]] = defaultdict(dict)
    done = ChecklistItem.objects.of_placements(keys).filter(status="done", corrects__isnull=True)
    for placement, code, outcome in done.values_list("checklist__placement", "code", "outcome"):
        outcomes[placement][code] = outcome
    screens = outcomes_of_screens(placements)
    return {
        placement.pk: Facts(
            outcomes=outcomes[placement.pk],
            is_waiver_possible=getattr(placement.opening.sensitivity, "is_waiver_possible", None),
            conflict=screens[placement.pk],
            remedies=frozenset(name for name in _remedies() if getattr(placement, f"has_{name}")),
        )
        for placement in placements
    }


def _remedies() -> Mapping[str, QuerySet[Any]]:
    """What may be on file against a conflict, of the placement that is asked about."""
    here = OuterRef("pk")
    return {
        "waiver": EthicsWaiver.objects.in_force().filter(
            selection__placements=here, authority=WaiverAuthority.FINANCIAL
        ),
        "recusal": RecusalStatement.objects.filter(placement=here, superseded_at__isnull=True),
        "divestiture": DivestitureCertificate.objects.filter(placement=here),
    }


def reopen_what_applies(*placements: Placement) -> None:
    """Ask again for steps that were set aside and whose condition no longer fails. After entry on duty a step that
    stops something is not reopened. The caller holds the locks of the placements."""
    by_key = {placement.pk: placement for placement in placements}
    aside = ChecklistItem.objects.of_placements(by_key.keys()).filter(status="not_applicable")
    items = list(aside.exclude(step__condition="").select_related("step", "checklist").order_by("pk"))
    facts = facts_of(list(by_key)) if items else {}
    for item in items:
        placement = by_key[item.checklist.placement_id]
        is_past = placement.status not in BEFORE_DUTY and item.gate in STOPPING_GATES
        if not is_past and applies(item.step.condition, facts[placement.pk]) is not False:
            ask_again(item, "reopen", placement=placement, by=User.objects.system())


@guard("placements.step_does_not_apply")
def step_does_not_apply(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """I7: a step is set aside because what is recorded says so, never because somebody wants it."""
    items = (
        ChecklistItem.objects.filter(pk__in=[row.pk for row in rows])
        .select_related("step", "checklist")
        .order_by("pk")
    )
    facts = facts_of([item.checklist.placement_id for item in items])
    sentences = {
        True: _("This step applies."),
        None: _("Whether this step applies is not known yet. Record first what it depends on."),
    }
    answers = {item.pk: applies(item.step.condition, facts[item.checklist.placement_id]) for item in items}
    return {key: sentences[answer] for key, answer in answers.items() if answer is not False}
