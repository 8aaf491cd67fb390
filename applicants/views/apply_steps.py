"""Applying, page by page: each step shows what is saved, saves what was typed, and loses nothing when another tab or
device was faster."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.forms import FORM_OF, StepForm
from applicants.models import Application, ApplicationStatus
from applicants.services import make_resume, receive_resume, save_step, update_contact
from applicants.services.answers import STEP_OF, STEPS, State, describe, digest, state_of
from applicants.services.fit import remarks_on
from applicants.services.gaps import current_resume
from applicants.services.uploads import refused_resume, why_refused
from applicants.views.apply import LABELS, may_change, own_application
from techforce.accounts import unsaved
from techforce.accounts.addresses import needs_second_address
from techforce.core.errors import Conflict, Refused
from techforce.core.uploads import was_too_large

MAKE = "make"
AUTOSAVE_HEADER = "X-Autosave"
TEMPLATES = {"experience": "apply/experience.html", "resume": "apply/resume.html"}


@unsaved.keeps_unsaved
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, public_id: UUID, step: str) -> HttpResponse:
    """One topic: shows it, or saves it and leads on."""
    if step not in STEP_OF:
        raise Http404
    application = own_application(request, public_id)
    if not may_change(application, step):
        messages.info(
            request, _("Review has begun or the window is closed, so your answers stay as submitted.")
        )
        return redirect("apply_receipt", public_id=public_id)
    if request.method != "POST":
        return _page(request, application, step, _typed_before(request, application, step))
    form = _sent(request, application, step)
    if not form.is_valid():
        return _page(request, application, step, form, status=422)
    if key := request.POST.get("take"):
        return _merge_page(request, application, step, form, take=key)
    return _save(request, application, step, form)


def _typed_before(request: HttpRequest, application: Application, step: str) -> StepForm:
    """What is saved, or what the person sent when their session had just ended. A file cannot be kept."""
    typed = unsaved.take(request) if step == "resume" else unsaved.restore(request)
    if typed is None or step == "resume":
        return _blank(request, application, step)
    return FORM_OF[step](typed, application=application)


def _blank(request: HttpRequest, application: Application, step: str) -> StepForm:
    """What is saved; with one more block of fields where the person asked for one."""
    form_class = FORM_OF[step]
    state = state_of(application, step)
    form = form_class.showing(application, state)
    if step == "experience" and "more" in request.GET and state["jobs"]:
        form = form_class(
            initial={**form.initial, "job_count": len(state["jobs"]) + 1}, application=application
        )
    return form


def _sent(request: HttpRequest, application: Application, step: str) -> StepForm:
    options: dict[str, Any] = {"application": application}
    if step == "resume":
        options["is_too_large"] = was_too_large(request, "file")
    return FORM_OF[step](request.POST, request.FILES, **options)


# ── Saving ────────────────────────────────────────────────────────────────────────────────────────
def _save(request: HttpRequest, application: Application, step: str, form: StepForm) -> HttpResponse:
    is_autosave = AUTOSAVE_HEADER in request.headers
    try:
        _call_service(request, application, step, form)
    except Conflict as conflict:
        if is_autosave:
            return JsonResponse({"detail": str(conflict)}, status=409)
        if step == "resume":
            messages.warning(request, str(conflict))
            return _page(request, application, step, _blank(request, application, step), status=409)
        return _merge_page(request, application, step, form)
    except Refused as refusal:
        form.add_error("file" if step == "resume" else None, str(refusal))
        return _page(request, application, step, form, status=422)
    return _saved_answer(application, step) if is_autosave else _lead_on(request, application, step)


def _call_service(request: HttpRequest, application: Application, step: str, form: StepForm) -> None:
    by, seen = request.user, form.cleaned_data["seen"]
    is_certified = form.cleaned_data.get("certify", False)
    if step == "contact":
        update_contact(applicant=application.applicant, state=form.state(), seen=seen, by=by)
    elif step == "resume":
        if request.POST.get("then") == MAKE:
            make_resume(application=application, is_certified=is_certified, seen=seen, by=by)
        elif file := form.cleaned_data["file"]:
            receive_resume(application=application, file=file, is_certified=is_certified, seen=seen, by=by)
    else:
        save_step(
            application=application,
            step=step,
            state=form.state(),
            seen=seen,
            is_certified=is_certified,
            by=by,
        )


def _saved_answer(application: Application, step: str) -> JsonResponse:
    """For the script: what the page knows from now on, and when it was saved, on the reader's clock."""
    application.refresh_from_db()
    now = format_date(timezone.localtime(), "P")
    return JsonResponse(
        {"seen": digest(state_of(application, step)), "message": _("Saved at %(time)s") % {"time": now}}
    )


def _lead_on(request: HttpRequest, application: Application, step: str) -> HttpResponse:
    application.refresh_from_db()
    if step == "eligibility":
        _tell_findings(request, application)
    then = request.POST.get("then")
    if step == "resume" and then == MAKE:
        messages.success(
            request, _("Your résumé is made from your answers. Go on, or choose a file instead.")
        )
        return redirect("apply_step", public_id=application.public_id, step=step)
    if then == "more":
        address = reverse("apply_step", kwargs={"public_id": application.public_id, "step": step})
        return redirect(f"{address}?more=1")
    if application.status != ApplicationStatus.DRAFT:
        is_again = application.status == ApplicationStatus.SUBMITTED and step != "contact"
        messages.success(request, _("Saved and submitted again.") if is_again else _("Saved."))
        return redirect("apply_receipt", public_id=application.public_id)
    if then == "later":
        messages.success(request, _("Saved. Come back any time before the deadline and go on."))
        return redirect("apply")
    if following := _after(step):
        return redirect("apply_step", public_id=application.public_id, step=following)
    return redirect("apply_review", public_id=application.public_id)


def _tell_findings(request: HttpRequest, application: Application) -> None:
    """Information, never a refusal."""
    for remark in remarks_on(application):
        messages.info(request, remark.reason)


def _after(step: str) -> str | None:
    slugs = [each.slug for each in STEPS]
    return next(iter(slugs[slugs.index(step) + 1 :]), None)


# ── Showing ───────────────────────────────────────────────────────────────────────────────────────
def _merge_page(
    request: HttpRequest, application: Application, step: str, form: StepForm, take: str = ""
) -> HttpResponse:
    """Both versions side by side: the form keeps what was typed here, one button an answer takes what is saved; saving
    from this page is a choice made with both in view."""
    application = own_application(request, application.public_id)
    saved, typed = state_of(application, step), form.state()
    if take in saved:
        typed = typed | {take: saved[take]}
    merged = FORM_OF[step].showing(application, typed, saved)
    rows = _differences(step, typed, saved)
    return _page(request, application, step, merged, status=409, rows=rows, is_merge=True)


def _differences(step: str, typed: State, saved: State) -> list[dict[str, str]]:
    """One row an answer that differs."""
    here, there = _in_words(step, typed), _in_words(step, saved)
    return [
        {"key": key, "label": (here | there)[key][0], "typed": here[key][1], "saved": there[key][1]}
        for key in saved
        if typed[key] != saved[key]
    ]


def _in_words(step: str, state: State) -> dict[str, tuple[str, str]]:
    """Label and text of each answer; the lines of one answer together."""
    found: dict[str, tuple[str, str]] = {key: (key, "") for key in state}
    for line in describe(step, state):
        text = found[line.key][1]
        found[line.key] = (str(line.label), "\n".join(filter(None, [text, line.value])))
    return found


def _page(
    request: HttpRequest,
    application: Application,
    step: str,
    form: StepForm,
    status: int = 200,
    rows: list[dict[str, str]] | None = None,
    is_merge: bool = False,
) -> HttpResponse:
    slugs = [each.slug for each in STEPS]
    number = slugs.index(step) + 1
    context = {
        "application": application,
        "form": form,
        "step": STEP_OF[step],
        "number": number,
        "previous": slugs[number - 2] if number > 1 else None,
        "labels": LABELS,
        "rows": rows or [],
        "is_merge": is_merge,
        "is_draft": application.status == ApplicationStatus.DRAFT,
        "autosaves": application.status == ApplicationStatus.DRAFT and step != "resume" and not is_merge,
        "disciplines": getattr(form, "disciplines", []),
        "needs_second_address": step == "contact" and needs_second_address(request.user),
        **(_files(application) if step == "resume" else {}),
    }
    return render(request, TEMPLATES.get(step, "apply/step.html"), context, status=status)


def _files(application: Application) -> dict[str, Any]:
    """The résumé that counts, and the one that was refused after it came."""
    refused = refused_resume(application)
    return {
        "current": current_resume(application),
        "refused": refused,
        "refused_why": why_refused(refused) if refused else "",
    }
