"""A person's service as they see it: dates, their own steps, and in one word what the others do."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from placements.forms.hand_in import HandInForm
from placements.models import ChecklistItem, Placement
from placements.services.disclosure_extensions import reports_with_more_time
from placements.services.ready_date import ready_date_of
from placements.services.standing import Case, case_of, of_placement, offices_of, own_steps_of
from placements.services.standing.step_words import NOTICES
from placements.services.standing.words import OFFER_STATES
from placements.services.step_moves import hand_in_items
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.moments import deadline_text


@require_safe
def my_service(request: HttpRequest) -> HttpResponse:
    """Only for whoever accepted an offer."""
    case = case_of(request.user)
    if case.placement is None:
        raise Http404
    steps = own_steps_of(case)
    offers = [one for one in case.offers if one.opening_id == case.placement.opening_id]
    context = {
        "case": case,
        "placement": case.placement,
        "standing": of_placement(case, case.placement),
        "first": None,  # its own first step stands in the sentence
        "facts": _facts(case.placement),
        "ready_date": ready_date_of(case.placement, on=today()),
        "steps": steps,
        "more_time": reports_with_more_time(case.own_steps, case.placement),
        "can_hand_in": any(step.may_hand_in for step in steps),
        "columns": [_("Step"), _("What to do"), _("Due"), _("State")],
        "notices": _notices(case),
        "offices": offices_of(case),
        "offers": [(one, OFFER_STATES[one.status]) for one in offers],
    }
    return render(request, "my/service.html", context)


@require_POST
def my_step_submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person says that their part is done; whoever records the step checks it."""
    return _hand_in(request, [get_object_or_404(_own_steps(request.user), public_id=public_id)])


@require_POST
def my_steps_submit(request: HttpRequest) -> HttpResponse:
    """Several at once, with the number or the place of the proof."""
    form = HandInForm(request.POST, items=_own_steps(request.user))
    if not form.is_valid():
        for sentences in form.errors.values():
            messages.error(request, str(sentences[0]))
        return redirect("my_service")
    return _hand_in(request, list(form.cleaned_data["item"]), form.cleaned_data["reference"])


def _own_steps(user: Any) -> QuerySet[ChecklistItem]:
    own = ChecklistItem.objects.visible_to(user)
    return own.filter(checklist__placement__applicant__user=user, owner_role="candidate")


def _hand_in(request: HttpRequest, items: Sequence[ChecklistItem], reference: str = "") -> HttpResponse:
    try:
        hand_in_items(items=items, reference=reference, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        thanks = ngettext(
            "Thank you. The office that records this step checks it.",
            "Thank you. The offices that record these steps check them.",
            len(items),
        )
        messages.success(request, thanks)
    return redirect("my_service")


def _notices(case: Case) -> list[Any]:
    """What an office has to say to the person alone, in the neutral words of domain.md §3.4."""
    asked = {step.checklist.area for step in case.steps if step.status == "under_due_process"}
    return [NOTICES[area] for area in NOTICES if area in asked]


def _facts(placement: Placement) -> list[dict[str, Any]]:
    has_begun = placement.entry_recorded_at is not None
    opening = placement.opening
    facts = [
        {"label": _("Position"), "value": opening.title},
        {"label": _("Agency"), "value": f"{opening.agency}, {opening.office}"},
        {
            "label": _("First day") if has_begun else _("Planned first day"),
            "value": deadline_text(placement.starts_on),
        },
        {"label": _("Not to exceed (last day of the term)"), "value": deadline_text(placement.ends_on)},
    ]
    if placement.ended_on:
        facts.append({"label": _("Last day"), "value": deadline_text(placement.ended_on)})
    if placement.outcome:
        facts.append({"label": _("After the term"), "value": placement.get_outcome_display()})
    return facts
