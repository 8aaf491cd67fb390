"""Which conditional steps of a placement apply, by what is recorded about it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from placements.checklists import STOPPING_GATES, Facts, applies
from placements.models import (
    ChecklistItem,
    DivestitureCertificate,
    EthicsWaiver,
    Placement,
    RecusalStatement,
)
from placements.services.asking_again import BEFORE_DUTY, ask_again
from placements.services.screening import outcomes_of_screens
from techforce.accounts.models import User
from techforce.core.workflow import Change, guard


def facts_of(keys: Sequence[int]) -> dict[int, Facts]:
    """What conditions ask about, for each placement."""
    placements = Placement.objects.filter(pk__in=keys).select_related("opening__sensitivity").order_by("pk")
    outcomes: dict[int, dict[str, str]] = defaultdict(dict)
    done = ChecklistItem.objects.of_placements(keys).filter(status="done", corrects__isnull=True)
    for placement, code, outcome in done.values_list("checklist__placement", "code", "outcome"):
        outcomes[placement][code] = outcome
    screens = outcomes_of_screens(list(placements))
    remedies = _remedies_of(keys)
    return {
        placement.pk: Facts(
            outcomes=outcomes[placement.pk],
            is_waiver_possible=getattr(placement.opening.sensitivity, "is_waiver_possible", None),
            conflict=screens[placement.pk],
            remedies=frozenset(remedies[placement.pk]),
        )
        for placement in placements
    }


def _remedies_of(keys: Sequence[int]) -> dict[int, set[str]]:
    """What is on file against a conflict, for each placement."""
    waived = EthicsWaiver.objects.in_force().filter(selection__placements__in=keys)
    recused = RecusalStatement.objects.filter(placement__in=keys, superseded_at__isnull=True)
    divested = DivestitureCertificate.objects.filter(placement__in=keys)
    found: dict[int, set[str]] = defaultdict(set)
    for name, placements in (
        ("waiver", waived.values_list("selection__placements", flat=True)),
        ("recusal", recused.values_list("placement", flat=True)),
        ("divestiture", divested.values_list("placement", flat=True)),
    ):
        for placement in placements:
            found[placement].add(name)
    return found


def reopen_what_applies(placement: Placement) -> None:
    """Ask again for steps that were set aside and whose condition no longer fails. After entry on duty a step that
    stops something is not reopened. The caller holds the lock of the placement."""
    aside = ChecklistItem.objects.of_placements([placement.pk]).filter(status="not_applicable")
    if placement.status not in BEFORE_DUTY:
        aside = aside.exclude(gate__in=STOPPING_GATES)
    items = list(aside.exclude(step__condition="").select_related("step").order_by("pk"))
    facts = facts_of([placement.pk])[placement.pk] if items else Facts()
    for item in items:
        if applies(item.step.condition, facts) is not False:
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
