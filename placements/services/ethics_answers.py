"""The ethics office's short questions to somebody without a tie to a partner company (step C02): the person answers,
the ethics official reads and records."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from placements.checklists import QUESTIONS, QUESTIONS_STEP
from placements.models import Checklist, ChecklistItem, EthicsAnswers, Placement
from placements.services.locks import lock
from placements.services.step_moves import hand_in_items
from placements.workflow import ITEM
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.versions import supersede
from techforce.core.workflow import Change, guard

HANDED_IN_FROM = ITEM.named("submit").sources


@service
def answer_ethics_questions(*, placement: Placement, answers: Mapping[str, bool], by: Any) -> EthicsAnswers:
    """The person answers each question with yes or no, and hands the step in by it. Until the ethics office has looked,
    other answers take the place of these; the same again change nothing."""
    if not by.has_perm("placements.add_ethicsanswers", placement):
        raise NotPermitted(_("Only the person answers these questions."))
    locked = lock(placement)
    item, found = question_step(locked), answers_of(locked)
    if item is None or not may_answer(item):
        raise Refused(_not_now(has_answered=found is not None))
    if found is None or answers != {name: getattr(found, name) for name in QUESTIONS}:
        newer = EthicsAnswers(placement=locked, answered_by=by, **answers)
        found = supersede(EthicsAnswers.objects.current().filter(placement=locked), newer, by=by)
    if item.status != "submitted":
        hand_in_items(items=[item], by=by)
    return found


def _not_now(*, has_answered: bool) -> Any:
    if has_answered:
        return _("The ethics office has your answers. Write to it if one of them changes.")
    return _("These questions are not open to you now. Write to the ethics office of your agency.")


def question_step(placement: Placement) -> ChecklistItem | None:
    """The step that asks, on the checklist in use."""
    asked = ChecklistItem.objects.of_placements([placement.pk]).filter(
        code=QUESTIONS_STEP, owner_role="candidate", corrects__isnull=True
    )
    found: ChecklistItem | None = asked.exclude(status="cancelled").select_related("step").first()
    return found


def may_answer(item: ChecklistItem) -> bool:
    return item.status in (*HANDED_IN_FROM, "submitted")


def answers_of(placement: Placement) -> EthicsAnswers | None:
    found: EthicsAnswers | None = EthicsAnswers.objects.current().filter(placement=placement).first()
    return found


@guard("placements.questions_are_answered")
def questions_are_answered(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """The questions are handed in by answering them."""
    known = _answers_by_checklist(rows)
    sentence = _("Answer the questions, each with yes or no. They are handed in with your answers.")
    return {row.pk: sentence for row in rows if _asks(row) and row.checklist_id not in known}


@guard("placements.outcome_agrees_with_answers")
def outcome_agrees_with_answers(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """What is recorded of the answers is what they say."""
    known = _answers_by_checklist(rows)
    sentence = _("The person’s answers say otherwise. Read them on the page of the step.")
    asked = [row for row in rows if _asks(row) and row.checklist_id in known]
    return {
        row.pk: sentence for row in asked if known[row.checklist_id].outcome != change.values.get("outcome")
    }


def _asks(row: ChecklistItem) -> bool:
    return row.code == QUESTIONS_STEP and row.owner_role == "candidate" and row.corrects_id is None


def _answers_by_checklist(rows: Sequence[ChecklistItem]) -> dict[int, EthicsAnswers]:
    keys = [row.checklist_id for row in rows if _asks(row)]
    if not keys:
        return {}
    found = EthicsAnswers.objects.current().filter(placement__checklists__in=keys)
    answers = {row.placement_id: row for row in found.order_by("pk")}
    checklists = Checklist.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "placement")
    return {key: answers[placement] for key, placement in checklists if placement in answers}
