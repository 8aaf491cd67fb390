"""What a person asked the program office and was asked by it: the list, a new question, one conversation, and the
request to review a decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from applicants.forms import FirstQuestionForm, LetterForm, QuestionForm, ReviewRequestForm
from applicants.models import (
    Applicant,
    Application,
    ApplicationStatus,
    CaseMessage,
    CaseOutcome,
    CaseStatus,
    CaseThread,
    CaseTopic,
)
from applicants.services import (
    Decision,
    ask_for_review,
    decided_elsewhere,
    decision_to_review,
    open_case,
    request_about,
    review_open_until,
    why_no_review,
    write_to_case,
)
from techforce.accounts import unsaved
from techforce.core.errors import Conflict, Refused
from techforce.core.paging import keyset_page

OK, CONFLICT, REFUSED = 200, 409, 422

# Where it stands and whose move it is, for the person.
STATE_IN_WORDS = {
    CaseStatus.OPEN: (gettext_lazy("With us"), "active", gettext_lazy("We answer by")),
    CaseStatus.ASKED: (gettext_lazy("Your move"), "warning", gettext_lazy("Please answer by")),
    CaseStatus.ANSWERED: (gettext_lazy("Answered"), "success", ""),
    CaseStatus.CLOSED: (gettext_lazy("Closed"), "neutral", ""),
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
SET_ASIDE_IN_PART = gettext_lazy(
    "Your application was reviewed again, and what was decided against you was set aside. Whatever was decided for you "
    "stands. Where a new decision is needed, somebody else takes it."
)


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
    words, tone, until = STATE_IN_WORDS[CaseStatus(thread.status)]
    return {"thread": thread, "words": words, "tone": tone, "until": until}


@require_safe
def my_questions(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    last = CaseMessage.objects.filter(thread=OuterRef("pk")).order_by("-pk").values("created_at")[:1]
    own = own_cases(request).annotate(last_at=Subquery(last))
    page = keyset_page(own, request.GET, keys=("-id",))
    context = {
        "columns": [_("Subject"), _("Where it stands"), _("Last message"), _("About")],
        "rows": [shown(thread) for thread in page.rows],
        "page": page,
    }
    return render(request, "my/questions.html", context)


@unsaved.keeps_unsaved
@require_http_methods(["GET", "HEAD", "POST"])
def my_question_ask(request: HttpRequest) -> HttpResponse:
    """About the newest application; one that was withdrawn only where there is no other; else before applying."""
    if not _is_person(request.user):
        raise Http404
    applications = list(own_applications(request))
    live = [one for one in applications if one.status != "withdrawn"]
    application = next(iter(live or applications), None)
    form = _question_form(request)
    status = OK
    if request.method == "POST":
        status = _attempt(form, lambda data: _ask(request, application, data))
        if status == OK:
            messages.success(request, _("We have your message and answer it here. We also write you a mail."))
            return redirect("my_questions")
    return render(request, "my/question_ask.html", {"form": form, "application": application}, status=status)


def _is_person(user: Any) -> bool:
    return bool(user.kind == user.Kind.PERSON)


def _question_form(request: HttpRequest) -> QuestionForm:
    """Who never told us a name is asked for it."""
    user: Any = request.user
    kind = QuestionForm if Applicant.objects.filter(user=user).exists() else FirstQuestionForm
    typed = _typed(request)
    return kind.fresh(legal_name=user.full_name) if typed is None else kind(typed)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent now, or when the session had just ended."""
    return request.POST if request.method == "POST" else unsaved.restore(request)


def _ask(request: HttpRequest, application: Application | None, data: dict[str, Any]) -> None:
    open_case(application=application, by=request.user, **data)


@unsaved.keeps_unsaved
@require_http_methods(["GET", "HEAD", "POST"])
def my_question(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One conversation, and the place to go on with it while it is open."""
    thread = get_object_or_404(own_cases(request), public_id=public_id)
    typed = _typed(request)
    form = LetterForm.fresh() if typed is None else LetterForm(typed)
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
        "outcome": outcome_in_words(thread),
    }
    return render(request, "my/question.html", context, status=status)


def outcome_in_words(thread: CaseThread) -> Any:
    """Whoever is qualified and stays so reads nothing of a review from the beginning."""
    status = thread.application.status if thread.application else ""
    if thread.outcome == CaseOutcome.CHANGED and status == ApplicationStatus.QUALIFIED:
        return SET_ASIDE_IN_PART
    return OUTCOME_IN_WORDS.get(thread.outcome, "")  # type: ignore[call-overload]


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


@unsaved.keeps_unsaved
@require_http_methods(["GET", "HEAD", "POST"])
def my_review_request(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask that a decision be looked at again, and read whom to ask about what others decided. Once it was asked for,
    its conversation is the page."""
    application = get_object_or_404(own_applications(request), public_id=public_id)
    decision, elsewhere = decision_to_review(application), decided_elsewhere(application)
    if decision is None and not elsewhere:
        raise Http404
    thread = request_about(application, decision) if decision else None
    if request.method != "POST" and thread and not elsewhere:
        return redirect("my_question", public_id=thread.public_id)
    form = _review_form(request, decision)
    status = OK
    if request.method == "POST":
        status = _attempt(form, lambda data: _ask_again(request, application, data))
        if status == OK:
            messages.success(request, _("We have your request. Somebody who did not decide looks again."))
            return redirect("my_application")
    context = {
        "application": application,
        "decision": decision,
        "elsewhere": elsewhere,
        "thread": thread,
        "form": form,
        "until": review_open_until(application),
        "closed": why_no_review(application),
    }
    return render(request, "my/review_request.html", context, status=status)


def _review_form(request: HttpRequest, decision: Decision | None) -> ReviewRequestForm:
    """With the decision that stands on the page, so that nobody asks about another one."""
    typed = _typed(request)
    if typed is not None:
        return ReviewRequestForm(typed)
    return ReviewRequestForm.fresh(decided_at=decision.at.isoformat() if decision else "")


def _ask_again(request: HttpRequest, application: Application, data: dict[str, Any]) -> None:
    ask_for_review(application=application, by=request.user, **data)


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
