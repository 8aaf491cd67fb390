"""Pages that belong to no app: the home page, health, the pages that every federal site has."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.models import Opening
from techforce.core import health
from techforce.program.models import Cohort, Company


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "cohort": Cohort.objects.accepting().order_by("closes_at").first(),
        "companies": Company.objects.filter(partner__status="active").order_by("name"),
        "openings_count": Opening.objects.published().count(),
    }
    return render(request, "home.html", context)


@require_safe
@login_not_required
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the pages with a fixed text; `name` comes from the address table, not from the visitor."""
    return render(request, f"pages/{name}.html")


@require_safe
@never_cache
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """For probes and people: 503 only when pages cannot be served."""
    found = health.report()
    return JsonResponse(found, status=503 if found["status"] == "down" else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"is_csrf_failure": True}, status=403)
