"""What the pages of an agency share: who comes in, for which agency, and the way from one page to the next."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.permissions import live_memberships
from placements.querysets import in_office

View = Callable[..., HttpResponse]

SECTIONS = (
    ("agency", _("Work"), ""),
    ("agency_openings", _("Openings"), ""),
    ("agency_candidates", _("Candidates"), ""),
    ("agency_offers", _("Offers"), ""),
    ("agency_placements", _("Placements"), ""),
    ("agency_vetting", _("Vetting"), "placements.keep_vetting"),
    ("agency_ethics", _("Ethics steps"), "placements.keep_ethics"),
    ("agency_commitments", _("Commitments"), "placements.view_commitments"),
    ("agency_numbers", _("Public numbers"), ""),
    ("agency_conflicts", _("Conflicts of interest"), "placements.sign_determination"),
)


def members_only(view: View) -> View:
    """Nobody else learns that the page exists."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **names: Any) -> HttpResponse:
        if not live_memberships(request.user):
            raise Http404
        return view(request, *arguments, **names)

    return answer


def of_my_agencies(model: Any, user: Any, opening: str = "opening") -> models.QuerySet[Any]:
    """Rows that the user may see and that belong to an agency or office of theirs. OPM's wider sight ends here: whoever
    holds both kinds of role works for one at a time."""
    return model.objects.visible_to(user).filter(in_office(user, opening))


def mine_or_404(model: Any, user: Any, public_id: Any, *related: str, opening: str = "opening") -> Any:
    rows = of_my_agencies(model, user, opening).select_related(*related)
    return get_object_or_404(rows, public_id=public_id)


def agencies_of(user: Any) -> list[Agency]:
    """The agencies for which the user acts, by name."""
    keys = {membership.agency_id for membership in live_memberships(user)}
    return list(Agency.objects.filter(pk__in=keys).order_by("name", "pk"))


def chosen_agency(request: HttpRequest, agencies: list[Agency]) -> Agency:
    """The one that the address names, or the first."""
    wanted = request.GET.get("agency", "")
    return next((agency for agency in agencies if agency.code == wanted), agencies[0])


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page with the menu of the agency's sections."""
    own = {"sections": list(sections_for(request)), **context}
    return render(request, template, own, status=status)


def sections_for(request: HttpRequest) -> Iterator[dict[str, Any]]:
    for name, label, permission in SECTIONS:
        if not permission or request.user.has_perm(permission):
            url = reverse(name)
            is_current = request.path == url or (name != "agency" and request.path.startswith(url))
            yield {"label": label, "url": url, "is_current": is_current}
