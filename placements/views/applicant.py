"""A person's own pages: where they stand, what they were asked, withdrawing and staying."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants.models import Application, CaseMessage, CaseTopic, Document, DocumentStatus
from applicants.services import (
    answer_information_request,
    request_withdrawal,
    review_open_until,
    undo_withdrawal,
    why_no_review,
)
from applicants.services.gaps import gaps_of
from applicants.services.uploads import why_refused
from applicants.workflow import WITHDRAWABLE_STATES
from placements.forms.applicant import ConfirmForm, InformationForm
from placements.services.interviews import interviews_of
from placements.services.reviewable import has_decisions_of_others
from placements.services.standing import (
    Case,
    case_of,
    openings_of,
    standing_of,
    tasks_of,
    timeline_of,
)
from placements.services.standing.times import wait_of
from placements.services.standing.words import DOCUMENT, NOMINATION, OFFER_STATES
from placements.views.actions import attempt
from techforce.accounts import unsaved
from techforce.core.errors import Refused
from techforce.core.mail.bounces import refused_addresses
from techforce.core.moments import deadline_text

MESSAGES_SHOWN = 20


@require_safe
def my_application(request: HttpRequest) -> HttpResponse:
    """Where the person stands, in one sentence, and what is theirs to do. Without an application, how to begin one."""
    case = case_of(request.user)
    nominations = [(one, NOMINATION[one.status]) for one in case.nominations]
    if case.application is None:
        return render(request, "my/none.html", {"nominations": nominations, "case": case})
    tasks = tasks_of(case)
    context = {
        "case": case,
        "application": case.application,
        "standing": standing_of(case),
        "gaps": _missing(case),
        "tasks": tasks,
        "first": next(iter(tasks), None),
        "timeline": timeline_of(case),
        "wait": wait_of(case),
        "interviews": interviews_of(case.application),
        "openings": openings_of(case),
        "documents": [(one, _said_of(one)) for one in case.documents],
        "offers": [(one, OFFER_STATES[one.status]) for one in case.offers],
        "nominations": nominations,
        "may_withdraw": _may_withdraw(case.application),
        "review_until": _review_until(case.application),
        "others_decided": has_decisions_of_others(case),
        "refused_addresses": refused_addresses(request.user),
    }
    return render(request, "my/application.html", context)


def _said_of(document: Document) -> str:
    """Where a file stands; why it was refused and what to do."""
    said = str(DOCUMENT[document.status])
    if document.status == DocumentStatus.REFUSED:
        return f"{said}. {why_refused(document)}"
    return said


def _missing(case: Case) -> list[Any]:
    """What a draft still needs, while it can be submitted."""
    standing = standing_of(case)
    is_draft = case.application is not None and case.application.status == "draft"
    if case.application is None or not is_draft or standing is None or not standing.is_your_move:
        return []
    return [gap.label for gap in gaps_of(case.application)]


def _review_until(application: Application) -> Any:
    """Until when a review of the decision can be asked for, while it can."""
    until = review_open_until(application)
    return None if until is None or why_no_review(application) else until


def _may_withdraw(application: Application) -> bool:
    return application.status in WITHDRAWABLE_STATES and not application.is_withdrawing


@require_http_methods(["GET", "HEAD", "POST"])
def my_withdraw(request: HttpRequest) -> HttpResponse:
    """Ask once more, then note the wish. It takes effect a day later."""
    application = _own_application(request)
    if application.is_withdrawing:
        return redirect("my_application")  # a second click, or the page left open
    if not _may_withdraw(application):
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: request_withdrawal(application=application, by=request.user))
        if not status:
            messages.success(request, _("You asked to withdraw. You can undo it for one day."))
            return redirect("my_application")
    return render(request, "my/withdraw.html", {"application": application, "form": form}, status=status)


@require_POST
def my_withdraw_undo(request: HttpRequest) -> HttpResponse:
    """Stay in."""
    application = _own_application(request)
    try:
        undo_withdrawal(application=application, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You are back in. Nothing of your application has changed."))
    return redirect("my_application")


@unsaved.keeps_unsaved
@require_http_methods(["GET", "HEAD", "POST"])
def my_information(request: HttpRequest) -> HttpResponse:
    """Answer what the program office asked."""
    case = case_of(request.user)
    if case.application is None:
        raise Http404
    if case.application.status != "needs_information":
        messages.info(request, _("We need no information from you now."))
        return redirect("my_application")
    form = InformationForm(request.POST if request.method == "POST" else unsaved.restore(request))
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: _send(request, case.application, form))
        if not status:
            messages.success(request, _("Thank you. We have your answer, and the review goes on."))
            return redirect("my_application")
    due = next((one.due_on for one in case.threads if one.topic == CaseTopic.INFORMATION), None)
    context = {
        "form": form,
        "standing": standing_of(case),
        "due": due,
        "messages_so_far": _conversation(request, case),
    }
    return render(request, "my/information.html", context, status=status)


def _send(request: HttpRequest, application: Any, form: InformationForm) -> None:
    answer_information_request(application=application, body=form.cleaned_data["body"], by=request.user)


def _conversation(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """The last messages, the newest first; who of the program office wrote is not named."""
    asked = {"thread__application": case.application, "thread__topic": CaseTopic.INFORMATION}
    rows = CaseMessage.objects.visible_to(request.user).filter(**asked)
    return [
        {
            "title": _("You wrote") if row.author_id == request.user.pk else _("The program office wrote"),
            "when": deadline_text(row.created_at),
            "body": row.body,
        }
        for row in rows.order_by("-pk")[:MESSAGES_SHOWN]
    ]


def _own_application(request: HttpRequest) -> Application:
    case = case_of(request.user)
    if case.application is None:
        raise Http404
    return case.application
