"""What is so late that the program office has heard of it, by agency: the page behind the weekly report."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from placements.reminders.overdue import overdue_by_agency
from techforce.core.calendar import today
from techforce.core.site import staff_page, staff_response


@staff_page("overdue/", "overdue")
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("placements.oversee_commitments"):
        raise PermissionDenied
    context = {
        "title": _("Overdue, known to the program office"),
        "lines": overdue_by_agency(),
        "as_of": today(),
    }
    return staff_response(request, "admin/overdue.html", context)
