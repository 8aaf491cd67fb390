"""Records whose time is over: counted for the records officer, destroyed on their approval, noted with who approved."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from techforce.core.admin.forms import OK, UNPROCESSABLE, StaffForm
from techforce.core.calendar import today
from techforce.core.models import AuditEvent
from techforce.core.records.disposition import (
    APPROVED,
    MOST_COUNTED,
    Done,
    Schedule,
    destroy_due,
    report,
    schedule_named,
    schedules,
)
from techforce.core.site import staff_page, staff_response
from techforce.core.work import WorkEntry, register

MOST_RECORDS, MOST_LINES = 100, 10_000
"""Of one press, records and lines of a log: a page does not keep its reader waiting."""

APPROVALS_SHOWN = 20


class ApprovalForm(StaffForm):
    is_understood = forms.BooleanField(
        label=gettext_lazy("I approve the destruction of these records. I know that it cannot be undone."),
        error_messages={"required": gettext_lazy("Check the box to approve, or go back.")},
    )


@staff_page("destruction/", "destruction")
@require_http_methods(["GET", "HEAD", "POST"])
def destruction(request: HttpRequest) -> HttpResponse:
    """What is due by the records schedules. Nothing is destroyed without the signed act of a records officer, which is
    asked for on a page of its own."""
    if not request.user.has_perm("core.approve_destruction"):
        raise PermissionDenied
    if request.method == "POST":
        return _approve(request, _chosen(request.POST.get("schedule")))
    if "schedule" in request.GET:
        return _ask(request, _chosen(request.GET["schedule"]), ApprovalForm())
    context = {
        "title": _("Records due for destruction"),
        "families": list(_by_family()),
        "approvals": list(_approvals()),
        "most_counted": MOST_COUNTED,
    }
    return staff_response(request, "admin/destruction.html", context)


def _by_family() -> Iterator[tuple[Any, list[tuple[Schedule, int]]]]:
    """What is due first, in the order in which it is destroyed within a heading."""
    lines = sorted(report(), key=lambda line: str(line[0].family))
    for family, found in groupby(lines, key=lambda line: str(line[0].family)):
        yield family, list(found)


def _approvals() -> Iterator[dict[str, Any]]:
    """Who approved what, when, and how many went."""
    latest = AuditEvent.objects.filter(action=APPROVED).select_related("actor").order_by("-pk")
    for event in latest[:APPROVALS_SHOWN]:
        schedule = schedule_named(event.detail["schedule"])
        title = schedule.title if schedule else event.detail["schedule"]
        yield {"at": event.at, "by": event.actor, "title": title, **event.detail}


def _chosen(label: str | None) -> Schedule:
    schedule = schedule_named(label or "")
    if schedule is None:
        raise Http404
    return schedule


def _most(schedule: Schedule) -> int:
    return MOST_RECORDS if schedule.destroy else MOST_LINES


def _ask(request: HttpRequest, schedule: Schedule, form: ApprovalForm, status: int = OK) -> HttpResponse:
    due = schedule.count()
    context = {
        "title": _("Approve the destruction of records"),
        "schedule": schedule,
        "due": due,
        "now": timezone.now(),
        "count": min(due, _most(schedule)),
        "form": form,
        "errors": form.errors,
    }
    return staff_response(request, "admin/destruction_approval.html", context, status)


def _approve(request: HttpRequest, schedule: Schedule) -> HttpResponse:
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return _ask(request, schedule, form, UNPROCESSABLE)
    done = destroy_due(schedule, by=request.user, limit=_most(schedule))
    messages.success(request, _said(schedule, done))
    return redirect("admin:destruction")


def _said(schedule: Schedule, done: Done) -> str:
    return _("%(title)s: %(destroyed)s destroyed, %(held)s kept under a legal hold.") % {
        "title": schedule.title,
        "destroyed": done.destroyed,
        "held": done.held,
    }


def _waiting(user: Any) -> Any:
    """Of each schedule one row for each that is due."""
    due = [schedule.due(today()).order_by().values_list("pk") for schedule in schedules()]
    return due[0].union(*due[1:], all=True)


register(
    WorkEntry(
        order=170,
        label=gettext_lazy("Records due for destruction"),
        text=gettext_lazy(
            "Records that have reached their disposition date; approve that they are destroyed."
        ),
        model=AuditEvent,
        page="admin:destruction",
        permission="core.approve_destruction",
        waiting=_waiting,
    )
)
