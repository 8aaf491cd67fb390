"""HR's decision: the ratings with their reasons side by side, the result in each discipline, the decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from applicants.admin.forms import DecisionForm
from applicants.models import Application, ApplicationStatus, Level, Rating
from applicants.querysets import FAR_APART, RATINGS, RATINGS_WITH_TIE_BREAK
from applicants.services import decide_with_results
from applicants.services.blind import blind_sections
from techforce.core.admin.forms import OK, attempt
from techforce.core.paging import keyset_page
from techforce.core.site import staff_page, staff_response
from techforce.core.work import WorkEntry, register


def _waiting_for(user: Any) -> QuerySet[Application]:
    """Applications whose ratings are in, of other people than the reader."""
    ready = Application.objects.visible_to(user).to_decide()
    return ready.exclude(applicant__user=user)


register(
    WorkEntry(
        order=110,
        label=gettext_lazy("To decide"),
        text=gettext_lazy("All ratings are in. Read their reasons, record the results and decide."),
        model=Application,
        page="admin:decide_queue",
        permission="applicants.decide_application",
        waiting=_waiting_for,
    )
)


@staff_page("decide/", "decide_queue")
@require_safe
def decide_queue(request: HttpRequest) -> HttpResponse:
    """The one that waits longest first."""
    if not request.user.has_perm("applicants.decide_application"):
        raise PermissionDenied
    ready = _waiting_for(request.user).select_related("cohort")
    page = keyset_page(ready, request.GET, keys=("submitted_at", "id"))
    return staff_response(
        request, "admin/review/decide_queue.html", {"title": _("Applications to decide"), "page": page}
    )


@staff_page("decide/<uuid:public_id>/", "decide_application")
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    rows = Application.objects.visible_to(request.user).with_ratings().select_related("cohort")
    application = get_object_or_404(rows, public_id=public_id)
    if not request.user.has_perm("applicants.decide_application", application):
        raise Http404
    if request.method != "POST":
        return _page(request, application, DecisionForm(row=application))
    form = DecisionForm(request.POST, row=application)
    status = attempt(
        form,
        lambda: decide_with_results(application=application, results=form.results(), by=request.user),
    )
    if status != OK:
        return _page(request, application, form, status)
    messages.success(
        request,
        _("%(number)s: %(status)s. The person is told in 15 minutes.")
        % {"number": application, "status": application.get_status_display()},
    )
    return redirect("admin:decide_queue")


def _page(request: HttpRequest, application: Any, form: DecisionForm, status: int = OK) -> HttpResponse:
    gap = _what_is_missing(application)
    context = {
        "title": _("Decide about %(number)s") % {"number": application},
        "application": application,
        "sections": blind_sections(application),
        "gap": gap,
        "ratings": [] if application.ratings_in < RATINGS else _ratings(application),
        "form": None if gap else form,
        "errors": form.errors,
    }
    return staff_response(request, "admin/review/decide.html", context, status=status)


def _what_is_missing(application: Any) -> str:
    """Why nothing can be decided yet about an application `with_ratings`; empty when it can."""
    if Application.objects.set_aside().filter(pk=application.pk).exists():
        return ""
    if application.status != ApplicationStatus.IN_REVIEW:
        return _("This application is %(status)s.") % {"status": application.get_status_display()}
    if application.ratings_in < RATINGS:
        return _("%(count)s of 2 ratings are in. Each is hidden until both are.") % {
            "count": application.ratings_in
        }
    if application.ratings_in < RATINGS_WITH_TIE_BREAK and application.spread >= FAR_APART:
        return _("The two ratings lie two or more levels apart. A third rater breaks the tie first.")
    return ""


def _ratings(application: Application) -> list[dict[str, Any]]:
    standing = Rating.objects.standing().filter(application=application).select_related("rater")
    return [
        {"rating": rating, "level": Level(rating.score).label}
        for rating in standing.order_by("submitted_at", "pk")
    ]
