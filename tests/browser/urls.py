"""The site's addresses, and for the tests one that fails in each way that a page can."""

import redis.exceptions
from allauth.core.internal.ratelimit import respond_429
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from techforce.core.errors import Conflict
from techforce.urls import urlpatterns as addresses_of_the_site

FAILURES: dict[int, Exception] = {
    400: SuspiciousOperation("on purpose"),
    403: PermissionDenied("on purpose"),
    404: Http404("on purpose"),
    409: Conflict("Someone else saved this while you had it open."),
    500: RuntimeError("on purpose"),
    503: redis.exceptions.ConnectionError("on purpose"),
}


@login_not_required
def fail(request: HttpRequest, status: int) -> HttpResponse:
    if status == 429:
        return respond_429(request)
    raise FAILURES[status]


urlpatterns = [*addresses_of_the_site, path("fail/<int:status>/", fail)]
