"""Calendar files: one interview, and the private feed that a calendar program reads without signing in."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applicants.models import Interview
from placements import services
from placements.models import CalendarFeed
from placements.services.calendar_feed import entries_for, feed_at, hash_of, interview_entry
from techforce.core.calendar_files import CONTENT_TYPE, calendar_file
from techforce.core.rate_limits import is_too_often

READS_AN_HOUR = 60
GUESSES_A_MINUTE = 30


@require_safe
def interview_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """For the person and for the agency. Of a cancelled interview: a file that takes the entry out again."""
    rows = Interview.objects.visible_to(request.user).filter(starts_at__isnull=False)
    interview = get_object_or_404(rows, public_id=public_id)
    entry = interview_entry(interview, place=interview.place)
    content = calendar_file([entry], method="CANCEL" if entry.is_cancelled else "PUBLISH")
    return _answer(content, "attachment; filename=interview.ics")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the address reads the dates; an unknown or stopped one is not there."""
    found = feed_at(token)
    if found is None:
        if is_too_often(request, "calendar-guess", GUESSES_A_MINUTE, seconds=60):
            return _later()
        raise Http404
    if is_too_often(None, f"calendar:{hash_of(token)}", READS_AN_HOUR, seconds=3600):
        return _later()
    return _answer(calendar_file(entries_for(found.user)), "inline; filename=techforce.ics")


def _answer(content: bytes, disposition: str) -> HttpResponse:
    headers = {
        "Content-Disposition": disposition,
        "Cache-Control": "no-store, private",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(content, content_type=CONTENT_TYPE, headers=headers)


def _later() -> HttpResponse:
    return HttpResponse(status=429, headers={"Retry-After": "600"})


# ── The page on which a person makes, renews and stops their address ──────────────────────────────
@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
def my_calendar_renew(request: HttpRequest) -> HttpResponse:
    """The answer itself shows the address, once: it is kept nowhere, not even until a next page."""
    token = services.renew_calendar_feed(by=request.user)
    return _page(request, address=settings.BASE_URL + reverse("calendar_feed", args=[token]))


@require_POST
def my_calendar_revoke(request: HttpRequest) -> HttpResponse:
    services.revoke_calendar_feed(by=request.user)
    messages.success(request, _("The calendar address no longer works."))
    return redirect("my_calendar")


def _page(request: HttpRequest, address: str = "") -> HttpResponse:
    live = CalendarFeed.objects.visible_to(request.user).live().filter(user=request.user).first()
    return render(request, "my/calendar.html", {"feed": live, "address": address})
