"""One step of a placement's checklist, for whoever does it, records it, or keeps its area."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from placements import services
from placements.checklists import QUESTIONS_STEP, STOPPING_GATES
from placements.forms.acting import reason_form
from placements.forms.agency_placements import ExcuseForm, GoOnForm, OutcomeForm, WaitForm
from placements.forms.ethics_answers import answers_said
from placements.forms.words import outcome_word
from placements.models import ChecklistItem, DisclosureExtension, EthicsAnswers, StepRole
from placements.reminders import CHECKLIST_ITEM
from placements.services.asking_again import BEFORE_DUTY
from placements.services.waits import pauses_of
from placements.views.actions import Action, carry_out, offered, take
from placements.views.agency_rooms import members_only, mine_or_404, show
from placements.views.agency_words import kind_of
from placements.workflow import HANDED_IN, ITEM
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.core.audit import record_access
from techforce.core.reminders.acknowledging import offers_for


def _is_decided_here(row: ChecklistItem) -> bool:
    return not row.step.decided_by


def _has_started(row: ChecklistItem) -> bool:
    return row.checklist.placement.status not in BEFORE_DUTY


def _may_be_corrected(row: ChecklistItem) -> bool:
    is_waiting = row.corrections.filter(status__in=OPEN_ITEM_STATES).exists()
    return _has_started(row) and _is_decided_here(row) and not is_waiting


def _may_reopen(row: ChecklistItem) -> bool:
    return not _has_started(row)


def _may_be_returned(row: ChecklistItem) -> bool:
    """What stopped the start is not touched any more once the person serves."""
    return _is_decided_here(row) and (not _has_started(row) or row.gate not in STOPPING_GATES)


STEP_ACTIONS = (
    take(
        ITEM,
        "complete",
        label=gettext_lazy("Record the outcome"),
        done=gettext_lazy("The outcome is recorded."),
        form=OutcomeForm,
        is_fitting=_is_decided_here,
        work=lambda row, by, **answers: services.complete_item(
            item=row, version=row.version, by=by, **answers
        ),
    ),
    take(
        ITEM,
        "request",
        label=gettext_lazy("Ask for it"),
        done=gettext_lazy("The step is requested."),
        is_fitting=_is_decided_here,
        work=lambda row, by: services.request_item(item=row, by=by),
    ),
    take(
        ITEM,
        "begin_review",
        done=gettext_lazy("The review has begun."),
        is_fitting=_is_decided_here,
        work=lambda row, by: services.begin_review_of_item(item=row, by=by),
    ),
    take(
        ITEM,
        "send_back",
        done=gettext_lazy("Returned for correction."),
        form=reason_form(ITEM, "send_back"),
        is_fitting=_may_be_returned,
        work=lambda row, by, reason_code: services.send_item_back(item=row, reason_code=reason_code, by=by),
    ),
    take(
        ITEM,
        "block",
        done=gettext_lazy("The step waits. Your clock stands still."),
        form=WaitForm,
        is_fitting=_is_decided_here,
        work=lambda row, by, **answers: services.block_item(item=row, by=by, **answers),
    ),
    take(
        ITEM,
        "unblock",
        done=gettext_lazy("The step goes on."),
        form=GoOnForm,
        work=lambda row, by, **answers: services.unblock_item(item=row, by=by, **answers),
    ),
    take(
        ITEM,
        "excuse",
        done=gettext_lazy("The step is excused, with your name and the authority."),
        form=ExcuseForm,
        work=lambda row, by, **answers: services.excuse_item(item=row, version=row.version, by=by, **answers),
    ),
    take(
        ITEM,
        "set_not_applicable",
        done=gettext_lazy("The step does not apply."),
        is_fitting=lambda row: bool(row.step.condition),
        work=lambda row, by: services.set_item_aside(item=row, by=by),
    ),
    take(
        ITEM,
        "start_due_process",
        done=gettext_lazy("Due process has begun. The person is written to."),
        text=gettext_lazy(
            "The person gets a neutral notice now and may answer before anything is decided. What it is about stays in "
            "your own letter."
        ),
        is_fitting=_is_decided_here,
        work=lambda row, by: services.start_due_process(item=row, by=by),
    ),
    take(
        ITEM,
        "find_not_met",
        done=gettext_lazy("Recorded. The person is written to."),
        text=gettext_lazy("The person alone is told. Everybody else goes on reading “In progress”."),
        is_grave=True,
        work=lambda row, by: services.find_not_met(item=row, by=by),
    ),
    take(
        ITEM,
        "reopen",
        done=gettext_lazy("The step is open again."),
        is_fitting=_may_reopen,
        work=lambda row, by: services.reopen_item(item=row, by=by),
    ),
    Action(
        name="correct",
        label=gettext_lazy("Add a corrective step"),
        text=gettext_lazy("After entry on duty a wrong step is not reopened. Another one stands beside it."),
        done=gettext_lazy("A corrective step is added."),
        permission="placements.record_item",
        states=("done", "excused", "not_applicable", "not_met"),
        is_fitting=_may_be_corrected,
        work=lambda row, by: services.add_corrective_item(item=row, by=by),
    ),
)


@require_safe
@members_only
def step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _step(request, public_id)
    record_access(row, purpose="agency-step", by=request.user)
    context = {
        "item": row,
        "placement": row.checklist.placement,
        "kind": kind_of(row.status),
        "outcome": outcome_word(row.outcome) if row.outcome else "",
        "pauses": [{"pause": one, "party": StepRole(one.party).label} for one in pauses_of(row)],
        "answers": _answers(row, request.user),
        "extensions": DisclosureExtension.objects.visible_to(request.user).filter(item=row).order_by("pk"),
        "actions": offered(STEP_ACTIONS, row, request.user),
        "reminder": offers_for(request.user, CHECKLIST_ITEM, [row.pk]).get(row.pk),
        "act_url": _address(row),
        "handed_in": HANDED_IN,
    }
    return show(request, "agency/step.html", context)


def _answers(row: ChecklistItem, user: Any) -> list[Mapping[str, Any]]:
    """What the person answered to the ethics office, on the pages of the steps that rest on it, for that office
    alone."""
    if row.code != QUESTIONS_STEP and QUESTIONS_STEP not in row.step.depends_on:
        return []
    of_person = EthicsAnswers.objects.visible_to(user).current().filter(placement=row.checklist.placement_id)
    return answers_said(of_person.first())


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def step_act(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    row = _step(request, public_id)
    title = f"{row.code} {row.step.title} · {row.checklist.placement.applicant}"
    return carry_out(
        request, STEP_ACTIONS, action, row, title=title, back=_address(row), stands=_as_it_stands
    )


def _as_it_stands(row: ChecklistItem) -> list[Mapping[str, Any]]:
    """What somebody else made of the step in the meantime."""
    day, word = row.effective_on, outcome_word(row.outcome) if row.outcome else ""
    lines = [
        (_("Status"), row.get_status_display()),
        (_("Outcome"), word),
        (_("When it happened"), f"{day:%B} {day.day}, {day.year}" if day else ""),
        (_("Reference"), row.external_reference),
        (_("Recorded by"), row.recorded_by),
        (_("Excused under"), row.excuse_authority),
        (_("Waiting for"), row.get_waiting_on_display() if row.waiting_on else ""),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def _step(request: HttpRequest, public_id: UUID) -> ChecklistItem:
    row: ChecklistItem = mine_or_404(
        ChecklistItem,
        request.user,
        public_id,
        "step",
        "checklist__placement__opening",
        "checklist__placement__applicant",
        "recorded_by",
        opening="checklist__placement__opening",
    )
    return row


def _address(row: ChecklistItem) -> str:
    return reverse("agency_step", args=[row.public_id])
