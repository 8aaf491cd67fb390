"""The ethics office's short questions, answered by the person (step C02)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from placements.forms.ethics_answers import EthicsAnswersForm, answers_said
from placements.models import ChecklistItem, Placement
from placements.services.ethics_answers import (
    answer_ethics_questions,
    answers_of,
    may_answer,
    question_step,
)
from placements.services.standing import case_of
from placements.views.actions import attempt


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_ethics_answers(request: HttpRequest) -> HttpResponse:
    """Only for somebody whose checklist asks them. Once the ethics office has looked, the answers are only shown."""
    placement = case_of(request.user).placement
    item = question_step(placement) if placement else None
    if placement is None or item is None:
        raise Http404
    if request.method != "POST":
        return _page(request, placement, item, EthicsAnswersForm.about(answers_of(placement)))
    form = EthicsAnswersForm(request.POST)
    status = attempt(
        form,
        lambda: answer_ethics_questions(placement=placement, answers=form.cleaned_data, by=request.user),
    )
    if status:
        return _page(request, placement, item, form, status)
    messages.success(request, _("Thank you. The ethics office reads your answers."))
    return redirect("my_service")


def _page(
    request: HttpRequest,
    placement: Placement,
    item: ChecklistItem,
    form: EthicsAnswersForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "item": item,
        "may_answer": may_answer(item),
        "answers": answers_said(answers_of(placement)),
    }
    return render(request, "my/ethics_answers.html", context, status=status)
