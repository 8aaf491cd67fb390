"""Applying, its two ends: the page where it starts, the review, the receipt."""

import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import Opening
from applicants.forms import StartForm, SubmitForm
from applicants.models import Applicant, Application, ApplicationStatus
from applicants.services import begin_application, discard_draft, submit_application
from applicants.services.answers import STEPS, sections_of
from applicants.services.fit import remarks_on, remarks_on_marked
from applicants.services.gaps import gaps_of
from applicants.services.uploads import may_send_another
from applicants.workflow import REPLACEABLE_STATES
from techforce.core import pdf
from techforce.core.errors import Refused
from techforce.core.forms import Form
from techforce.program.models import Cohort
from techforce.program.workflow import CohortStatus

# Nobody has decided, and the person has nothing to send.
WAITING_STATES = (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW)

# The stage "evaluate applications" of OPM's 80-day hiring model.
REVIEW_TAKES = datetime.timedelta(days=15)
LABELS = [*(step.title for step in STEPS), gettext_lazy("Review and submit")]


def own_application(request: HttpRequest, public_id: UUID) -> Application:
    """Staff read applications elsewhere: these pages are their author's."""
    rows = Application.objects.visible_to(request.user).filter(applicant__user=request.user)
    application: Application = get_object_or_404(
        rows.select_related("cohort", "applicant"), public_id=public_id
    )
    return application


def is_editable(application: Application) -> bool:
    """A draft always, so that nothing typed is lost; what was submitted until review starts or the window closes."""
    if application.status not in REPLACEABLE_STATES or application.is_withdrawing:
        return False
    return application.status == ApplicationStatus.DRAFT or application.is_in_time


def may_change(application: Application, step: str) -> bool:
    """Contact details always; a file that was refused after it came in time, until review starts."""
    if step == "contact" or is_editable(application):
        return True
    return step == "resume" and may_send_another(application)


# ── Start ─────────────────────────────────────────────────────────────────────────────────────────
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """For whom, how long, what to have at hand, what we do with the answers; begins or resumes the draft."""
    cohort = _cohort(request)
    if request.method != "POST":
        return _start_page(request, cohort, _start_form(request))
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if cohort is None:
        messages.error(request, _("The window to apply is closed."))
        return redirect("apply")
    return _begin(request, cohort)


def _cohort(request: HttpRequest) -> Cohort | None:
    """That of the opening from which the person came, or the one that they chose, as far as it takes applications;
    otherwise the one that closes first."""
    accepting = Cohort.objects.accepting().order_by("closes_at", "pk")
    wanted = _wanted(request)
    if wanted and (found := accepting.filter(pk=wanted.cohort_id).first()):
        return found
    return accepting.filter(slug=request.GET.get("cohort", "")).first() or accepting.first()


def _wanted(request: HttpRequest) -> Opening | None:
    """The public opening from which the person came and to which they return: its identifier in `?opening=`, never an
    address."""
    try:
        public_id = UUID(request.GET.get("opening", ""))
    except ValueError:
        return None
    found: Opening | None = (
        Opening.objects.visible_to(request.user).public().filter(public_id=public_id).first()
    )
    return found


def _start_form(request: HttpRequest, data: Any = None) -> Form:
    """Asks for the name that the law needs, once."""
    if not request.user.is_authenticated or Applicant.objects.filter(user=request.user).exists():
        return Form(data)
    return StartForm(data, initial={"legal_name": request.user.full_name})


def _begin(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    form = _start_form(request, request.POST)
    if not form.is_valid():
        return _start_page(request, cohort, form, status=422)
    name = form.cleaned_data.get("legal_name", "")
    application = begin_application(cohort=cohort, legal_name=name, by=request.user)
    if application.status != ApplicationStatus.DRAFT:
        return redirect("apply_receipt", public_id=application.public_id)
    if wanted := _wanted(request):
        messages.success(request, _("Your application is begun. Mark this opening, then go on with it."))
        return redirect("opening", public_id=wanted.public_id)
    return redirect("apply_step", public_id=application.public_id, step=STEPS[0].slug)


def _start_page(request: HttpRequest, cohort: Cohort | None, form: Form, status: int = 200) -> HttpResponse:
    context = {
        "cohort": cohort,
        "form": form,
        "other_cohorts": _others(cohort),
        "next_cohort": None if cohort else _next_cohort(),
        "mine": _mine(request),
        "wanted": _wanted(request),
        "current": None,
        "minutes": settings.BURDEN_MINUTES,
        "omb_control_number": settings.OMB_CONTROL_NUMBER,
        "omb_expiration": settings.OMB_EXPIRATION,
    }
    context["current"] = next((row for row in context["mine"] if cohort and row.cohort_id == cohort.pk), None)
    return render(request, "apply/start.html", context, status=status)


def _others(cohort: Cohort | None) -> list[Cohort]:
    """Those that take applications too."""
    return (
        list(Cohort.objects.accepting().exclude(pk=cohort.pk).order_by("closes_at", "pk")) if cohort else []
    )


def _next_cohort() -> Cohort | None:
    coming = Cohort.objects.filter(status=CohortStatus.PLANNED, opens_at__gt=timezone.now())
    return coming.order_by("opens_at", "pk").first()


def _mine(request: HttpRequest) -> list[Application]:
    if not request.user.is_authenticated:
        return []
    rows = Application.objects.visible_to(request.user).filter(applicant__user=request.user).live()
    return list(rows.select_related("cohort").order_by("-pk"))


# ── Review and submit ─────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All answers with a way back to each, what is missing, and the certification."""
    application = own_application(request, public_id)
    if application.status != ApplicationStatus.DRAFT and not is_editable(application):
        return redirect("apply_receipt", public_id=public_id)
    if request.method != "POST":
        return _review_page(request, application, SubmitForm.fresh())
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _review_page(request, application, form, status=422)
    return _submit(request, application, form)


def _submit(request: HttpRequest, application: Application, form: SubmitForm) -> HttpResponse:
    try:
        submit_application(
            application=application, key=form.cleaned_data["key"], is_certified=True, by=request.user
        )
    except Refused as refusal:
        application.refresh_from_db()
        if application.status == ApplicationStatus.DRAFT:
            form.add_error(None, str(refusal))
            return _review_page(request, application, form, status=422)
    return redirect("apply_receipt", public_id=application.public_id)


def _review_page(
    request: HttpRequest, application: Application, form: SubmitForm, status: int = 200
) -> HttpResponse:
    context = {
        "application": application,
        "form": form,
        "sections": sections_of(application),
        "gaps": gaps_of(application),
        "remarks": remarks_on(application),
        "closed_openings": remarks_on_marked(application),
        "labels": LABELS,
        "is_draft": application.status == ApplicationStatus.DRAFT,
    }
    return render(request, "apply/review.html", context, status=status)


# ── Receipt ───────────────────────────────────────────────────────────────────────────────────────
@require_safe
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The number to keep, what happens next and by when."""
    application = own_application(request, public_id)
    if application.status == ApplicationStatus.DRAFT:
        return redirect("apply_review", public_id=public_id)
    return render(request, "apply/receipt.html", _receipt_context(application))


@require_safe
def receipt_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same to keep; where no PDF can be written, the page that can be printed."""
    application = own_application(request, public_id)
    if application.status == ApplicationStatus.DRAFT:
        return redirect("apply_review", public_id=public_id)
    if not pdf.is_available():
        return redirect("apply_receipt", public_id=public_id)
    context = {**_receipt_context(application), "is_official_site": settings.OFFICIAL_SITE}
    content = pdf.render("apply/receipt_pdf.html", context)
    return pdf.attachment(content, f"tech-force-receipt-{application.reference_number}.pdf")


def _receipt_context(application: Application) -> dict[str, Any]:
    submissions = list(application.snapshots.order_by("sequence"))
    closes = application.closes_at
    return {
        "application": application,
        "latest": submissions[-1].created_at if submissions else application.submitted_at,
        "is_again": len(submissions) > 1,
        "is_editable": is_editable(application),
        "is_withdrawn": application.status == ApplicationStatus.WITHDRAWN,
        "is_waiting": application.status in WAITING_STATES and not application.is_withdrawing,
        "answer_by": (closes + REVIEW_TAKES).astimezone(ZoneInfo(application.cohort.time_zone)).date(),
        "has_pdf": pdf.is_available(),
    }


# ── Deleting a draft ──────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask once more, then destroy it. What was submitted is withdrawn elsewhere, not deleted."""
    application = own_application(request, public_id)
    if application.status != ApplicationStatus.DRAFT:
        return redirect("apply_receipt", public_id=public_id)
    form = Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            discard_draft(application=application, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your draft is deleted."))
            return redirect("apply")
    context = {"application": application, "form": form}
    return render(request, "apply/discard.html", context, status=422 if form.errors else 200)
