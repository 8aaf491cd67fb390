"""Records whose time is over: counted for the records officer, destroyed on their approval."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from techforce.core.disposition import destroy_due, report, schedules
from techforce.core.site import staff_page, staff_response

MOST_AT_ONCE = 200
"""Of one press: each record is destroyed by itself, and a page does not keep its reader waiting."""


@staff_page("destruction/", "destruction")
@require_http_methods(["GET", "HEAD", "POST"])
def destruction(request: HttpRequest) -> HttpResponse:
    """What is due by the records schedules. Nothing is destroyed without the press of a button here."""
    if not request.user.has_perm("core.approve_destruction"):
        raise PermissionDenied
    if request.method == "POST":
        return _approve(request)
    context = {"title": _("Records due for destruction"), "rows": list(report()), "most": MOST_AT_ONCE}
    return staff_response(request, "admin/destruction.html", context)


def _approve(request: HttpRequest) -> HttpResponse:
    chosen = [each for each in schedules() if each.label == request.POST.get("schedule")]
    if not chosen:
        raise Http404
    done = destroy_due(chosen[0], by=request.user, limit=MOST_AT_ONCE)
    messages.success(
        request,
        _("%(title)s: %(destroyed)s destroyed, %(held)s kept under a legal hold.")
        % {"title": chosen[0].title, "destroyed": done.destroyed, "held": done.held},
    )
    return redirect("admin:destruction")
