"""What a person asked the program office and was asked by it: the list, a new question, one conversation, and the
request to review a decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from applicants.forms import LetterForm, QuestionForm, ReviewRequestForm
from applicants.models import Application, CaseMessage, CaseOutcome, CaseStatus, CaseThread, CaseTopic
from applicants.services import (
    ask_for_review,
    open_case,
    review_open_until,
    why_no_review,
    write_to_case,
)
from techforce.core.errors import Conflict, Refused
from techforce.core.paging import keyset_page

OK, CONFLICT, REFUSED = 200, 409, 422

# Whose move it is, for the person.
STATE_IN_WORDS = {
    CaseStatus.OPEN: (gettext_lazy("We answer by"), "active"),
    CaseStatus.ASKED: (gettext_lazy("Please answer by"), "warning"),
    CaseStatus.ANSWERED: (gettext_lazy("Answered"), "success"),
    CaseStatus.CLOSED: (gettext_lazy("Closed"), "neutral"),
}
# How it ended, in neutral words; the message of the office says why.
OUTCOME_IN_WORDS = {
    CaseOutcome.ARRANGED: gettext_lazy("What you asked for is arranged."),
    CaseOutcome.OTHERWISE: gettext_lazy("It is arranged in another way."),
    CaseOutcome.NOT_GRANTED: gettext_lazy("It was not granted. Our message says why and what you can do."),
    CaseOutcome.GIVEN_UP: gettext_lazy("You no longer ask for it."),
    CaseOutcome.UPHELD: gettext_lazy("Your application was reviewed again, and the decision stands."),
    CaseOutcome.CHANGED: gettext_lazy(
        "Your application was reviewed again, and the decision was set aside. Your application is in review again."
    ),
}


def own_cases(request: HttpRequest) -> QuerySet[CaseThread]:
    """Staff read cases elsewhere, also when they apply themselves."""
    cases: QuerySet[CaseThread] = CaseThread.objects.visible_to(request.user).of_person(request.user)
    return cases.select_related("application", "owner")


def own_applications(request: HttpRequest) -> QuerySet[Application]:
    own = Application.objects.visible_to(request.user).filter(applicant__user=request.user)
    rows: QuerySet[Application] = own.select_related("cohort", "applicant").order_by("-pk")
    return rows


def shown(thread: CaseThread) -> dict[str, Any]:
    """A case as its person sees it."""
    words, tone = STATE_IN_WORDS[CaseStatus(thread.status)]
    return {"thread": thread, "words": words, "tone": tone}


@require_safe
def my_questions(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    page = keyset_page(own_cases(request), request.GET, keys=("-id",))
    context = {
        "columns": [_("About"), _("Where it stands"), _("Asked on"), _("Application")],
        "rows": [shown(thread) for thread in page.rows],
        "page": page,
        "may_ask": own_applications(request).exists(),
    }
    return render(request, "my/questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def my_question_ask(request: HttpRequest) -> HttpResponse:
    """About the newest application; one that was withdrawn only where there is no other."""
    applications = list(own_applications(request))
    if not applications:
        raise Http404
    application = next((one for one in applications if one.status != "withdrawn"), applications[0])
    form = QuestionForm(request.POST) if request.method == "POST" else QuestionForm.fresh()
    status = OK
    if request.method == "POST":
        status = _attempt(form, lambda data: _ask(request, application, data))
        if status == OK:
            messages.success(request, _("We have your message and answer it here. We also write you a mail."))
            return redirect("my_questions")
    return render(request, "my/question_ask.html", {"form": form, "application": application}, status=status)


def _ask(request: HttpRequest, application: Application, data: dict[str, Any]) -> None:
    open_case(
        application=application, topic=data["topic"], body=data["body"], key=data["key"], by=request.user
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_question(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One conversation, and the place to go on with it while it is open."""
    thread = get_object_or_404(own_cases(request), public_id=public_id)
    form = LetterForm(request.POST) if request.method == "POST" else LetterForm.fresh()
    status = OK
    if request.method == "POST":
        status = _attempt(form, lambda data: _write(request, thread, data))
        if status == OK:
            messages.success(request, _("Your message is sent."))
            return redirect("my_question", public_id=public_id)
    context = {
        **shown(thread),
        "form": form,
        "letters": _letters(request, thread),
        "may_write": thread.status != CaseStatus.CLOSED and thread.topic != CaseTopic.INFORMATION,
        "outcome": OUTCOME_IN_WORDS.get(thread.outcome, ""),  # type: ignore[call-overload]
    }
    return render(request, "my/question.html", context, status=status)


def _write(request: HttpRequest, thread: CaseThread, data: dict[str, Any]) -> None:
    write_to_case(thread=thread, body=data["body"], key=data["key"], by=request.user)


def _letters(request: HttpRequest, thread: CaseThread) -> list[dict[str, Any]]:
    """The oldest first; who of the program office wrote is not named."""
    rows = CaseMessage.objects.visible_to(request.user).filter(thread=thread).order_by("pk")
    return [
        {
            "title": _("You wrote") if row.author_id == request.user.pk else _("The program office wrote"),
            "at": row.created_at,
            "body": row.body,
        }
        for row in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def my_review_request(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask that a decision be looked at again. Once it was asked for, its conversation is the page."""
    application = get_object_or_404(own_applications(request), public_id=public_id)
    asked = own_cases(request).filter(
        application=application, topic=CaseTopic.REVIEW_REQUEST, decided_at=application.decided_at
    )
    if request.method != "POST" and (thread := asked.first()):
        return redirect("my_question", public_id=thread.public_id)
    until = review_open_until(application)
    if until is None:
        raise Http404
    form = ReviewRequestForm(request.POST) if request.method == "POST" else ReviewRequestForm.fresh()
    status = OK
    if request.method == "POST":
        status = _attempt(form, lambda data: _ask_again(request, application, data))
        if status == OK:
            messages.success(request, _("We have your request. Somebody who did not decide looks again."))
            return redirect("my_application")
    context = {"application": application, "form": form, "until": until, "closed": why_no_review(application)}
    return render(request, "my/review_request.html", context, status=status)


def _ask_again(request: HttpRequest, application: Application, data: dict[str, Any]) -> None:
    ask_for_review(application=application, body=data["body"], key=data["key"], by=request.user)


def _attempt(form: Any, work: Any) -> int:
    """Do the work with the answers of a valid form; the status of the page that follows."""
    if not form.is_valid():
        return REFUSED
    try:
        work(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return CONFLICT if isinstance(refusal, Conflict) else REFUSED
    return OK
