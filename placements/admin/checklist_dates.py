"""The dates of a checklist for a placement that does not exist, by the versions in use or by drafts beside them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from placements.admin.template_forms import DatesForm
from placements.models import Gate, StepRole
from placements.services import preview_checklist
from placements.services.preview import steps_in_use
from techforce.core.admin.forms import OK, UNPROCESSABLE
from techforce.core.calendar import BusinessCalendar
from techforce.core.closures import closures
from techforce.core.site import staff_page, staff_response


@staff_page("checklist-dates/", "checklist_dates")
@require_safe
def checklist_dates(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("placements.view_checklisttemplate"):
        raise PermissionDenied
    is_asked = "kind" in request.GET
    form = DatesForm(request.GET) if is_asked else DatesForm()
    status, rows = OK, None
    if is_asked and form.is_valid():
        rows = _rows(form)
    elif is_asked:
        status = UNPROCESSABLE
    context = {
        "title": _("Dates of a checklist"),
        "form": form,
        "errors": form.errors,
        "rows": rows,
        "is_compared": bool(is_asked and form.is_valid() and form.cleaned_data["with_drafts"]),
    }
    return staff_response(request, "admin/checklists/dates.html", context, status=status)


def _rows(form: DatesForm) -> list[dict[str, Any]]:
    """With drafts, each step with the date that it has by the version in use."""
    rows = _dated(form, with_drafts=form.cleaned_data["with_drafts"])
    if form.cleaned_data["with_drafts"]:
        in_use = {row["code"]: row for row in _dated(form, with_drafts=False)}
        for row in rows:
            row["in_use"] = in_use.get(row["code"])
    roles, gates = dict(StepRole.choices), dict(Gate.choices)
    for row in rows:
        row["owner_words"], row["gate_words"] = roles.get(row["owner_role"], ""), gates.get(row["gate"], "")
    return rows


def _dated(form: DatesForm, *, with_drafts: bool) -> list[dict[str, Any]]:
    steps = steps_in_use(form.cleaned_data["kind"], form.cleaned_data["tier"], with_drafts=with_drafts)
    if steps is None:
        return []
    return preview_checklist(
        steps=steps,
        anchors=form.anchors(),
        is_waiver_possible=form.is_waiver_possible(),
        calendar=BusinessCalendar(closures()),
    )
