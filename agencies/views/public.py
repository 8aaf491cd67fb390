"""Public pages of openings."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.models import Opening
from techforce.core.paging import keyset_page


@require_safe
@login_not_required
def opening_list(request: HttpRequest) -> HttpResponse:
    """Published openings, the soonest deadline first."""
    page = keyset_page(Opening.objects.for_public_list(), request.GET, keys=("closes_at", "id"))
    context = {"openings": page.rows, "previous_url": page.previous_url, "next_url": page.next_url}
    return render(request, "openings/list.html", context)
