"""The public page of an opening, where people who apply mark it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import Opening, OpeningStatus
from agencies.views import overview
from applicants.models import Application, OpeningInterest
from applicants.services import mark_interest, unmark_interest
from applicants.services.fit import remarks_on
from applicants.services.interests import MARKING_STATES
from applicants.views.job_posting import job_posting
from techforce.core.errors import Conflict, Refused

SECTIONS = ("summary", "duties", "evaluation")
STATES = {
    OpeningStatus.PUBLISHED: gettext_lazy("Open"),
    OpeningStatus.PAUSED: gettext_lazy("Paused"),
    OpeningStatus.CLOSED: gettext_lazy("Closed"),
}
"""What the public calls the states that it sees."""


def public_opening(request: HttpRequest, public_id: UUID) -> Opening:
    """404 for what is not public, also for the agency that writes it: its own page is elsewhere."""
    return get_object_or_404(
        Opening.objects.visible_to(request.user).public().with_position(), public_id=public_id
    )


@require_safe
@login_not_required
def opening(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, public_opening(request, public_id))


def _page(request: HttpRequest, row: Opening, *, refusal: str = "", status: int = 200) -> HttpResponse:
    is_published = row.status == OpeningStatus.PUBLISHED
    application = _application(request.user, row)
    context = {
        "opening": row,
        "kind": overview.KINDS[OpeningStatus(row.status)],
        "is_published": is_published,
        "rail": overview.job_rows(row),
        "open_to": overview.open_to(row),
        "texts": {name: overview.lines(getattr(row, name)) for name in SECTIONS},
        "requirements": [*overview.lines(row.requirements), *overview.standing_requirements(row)],
        "state": STATES[OpeningStatus(row.status)],
        "application": application,
        "remarks": remarks_on(application, row) if application else [],
        "posting": job_posting(row, request.build_absolute_uri()) if is_published else None,
        "refusal": refusal,
    }
    return render(request, "openings/detail.html", context, status=status)


def _application(user: Any, row: Opening) -> Any:
    """The reader's live application of the opening's cohort, with whether it marks the opening and still may."""
    if not user.is_authenticated:
        return None
    marked = OpeningInterest.objects.filter(application=OuterRef("pk"), opening=row)
    own = Application.objects.live().filter(applicant__user=user, cohort=row.cohort_id)
    found = own.annotate(is_marked=Exists(marked)).first()
    if found:
        found.may_mark = found.status in MARKING_STATES
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark or unmark. Somebody who had to sign in between comes by GET and is led to the opening."""
    row = public_opening(request, public_id)
    if request.method != "POST":
        return redirect("opening", public_id=public_id)
    application = _application(request.user, row)
    if application is None:
        messages.info(
            request, _("Start your application first. Then you can mark the openings that interest you.")
        )
        return redirect(f"{reverse('apply')}?opening={public_id}")
    change = mark_interest if request.POST.get("interested") == "yes" else unmark_interest
    try:
        change(application=application, opening=row, by=request.user)
    except Refused as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _page(request, row, refusal=str(refusal), status=status)
    messages.success(request, _said(change is mark_interest))
    return redirect("opening", public_id=public_id)


def _said(is_marked: bool) -> str:
    if is_marked:
        return _("Marked. The agency learns of it when OPM refers you.")
    return _("No longer marked.")
