"""Placements of an agency: the board before the start, and one placement with what the reader may see and do."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from placements.models import (
    Area,
    Offer,
    OfferKind,
    Placement,
    PlacementExtension,
    StartException,
    VettingWaiver,
)
from placements.services.ready_date import ready_date_of
from placements.views.actions import carry_out, offered
from placements.views.agency_offers import OPEN_OFFERS
from placements.views.agency_placement_actions import PLACEMENT_ACTIONS, STATES
from placements.views.agency_readiness import areas_said, readiness_of, steps_of
from placements.views.agency_rooms import members_only, mine_or_404, of_my_agencies, show
from placements.views.agency_words import kind_of
from techforce.core.calendar import today
from techforce.core.paging import keyset_page

STATE_LABELS = (
    ("before", gettext_lazy("Before the start")),
    ("serving", gettext_lazy("Serving")),
    ("ended", gettext_lazy("Ended")),
)


@require_safe
@members_only
def placements(request: HttpRequest) -> HttpResponse:
    """By first day, the next one first."""
    state = request.GET.get("state", "before")
    wanted = STATES.get(state, STATES["before"])
    rows = of_my_agencies(Placement, request.user).filter(status__in=wanted)
    page = keyset_page(rows.select_related("applicant", "opening"), request.GET, keys=("starts_on", "pk"))
    glances = readiness_of(page.rows, request.user)
    context = {
        "rows": [
            {
                "placement": row,
                "kind": kind_of(row.status),
                "areas": areas_said(glances[row.pk]),
                "glance": glances[row.pk],
            }
            for row in page.rows
        ],
        "columns": [
            _("Person"),
            _("Opening"),
            _("First day"),
            _("State"),
            *Area.labels,
            _("Your steps"),
            _("Late"),
        ],
        "states": [
            {"label": label, "url": f"?state={name}", "is_current": wanted == STATES[name]}
            for name, label in STATE_LABELS
        ],
        "is_before": wanted == STATES["before"],
        "can_import": request.user.has_perm("placements.record_item"),
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return show(request, "agency/placements.html", context)


@require_safe
@members_only
def placement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _placement(request, public_id)
    glance = readiness_of([row], request.user)[row.pk]
    context = {
        "placement": row,
        "kind": kind_of(row.status),
        "areas": areas_said(glance),
        "glance": glance,
        "ready_date": ready_date_of(row, on=today()),
        "steps": [
            {"title": Area(area).label, "rows": rows} for area, rows in steps_of(row, request.user).items()
        ],
        "columns": [_("Step"), _("Whose move"), _("State"), _("Due")],
        "actions": offered(PLACEMENT_ACTIONS, row, request.user),
        "act_url": _address(row),
        **_records(row, request.user),
    }
    return show(request, "agency/placement.html", context)


def _records(row: Placement, user: Any) -> dict[str, Any]:
    """What hangs on the placement, as far as the reader may see it."""
    offers = Offer.objects.visible_to(user).filter(selection=row.selection_id, selection__isnull=False)
    firm = offers.filter(kind=OfferKind.FIRM).order_by("-pk").first()
    is_due = row.status in STATES["before"] and row.selection is not None
    has_live = firm is not None and firm.status in (*OPEN_OFFERS, "accepted")
    return {
        "firm_offer": firm,
        "can_offer": is_due and not has_live and user.has_perm("placements.make_offer", row.selection),
        "sees_kind": user.has_perm("placements.view_readiness", row)
        or user.has_perm("placements.sign_determination", row),
        "exceptions": list(StartException.objects.visible_to(user).filter(placement=row).order_by("pk")),
        "waivers": list(VettingWaiver.objects.visible_to(user).filter(placement=row).order_by("-pk")),
        "extensions": list(PlacementExtension.objects.visible_to(user).filter(placement=row).order_by("pk")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def placement_act(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    row = _placement(request, public_id)
    title = f"{row.applicant} · {row.opening}"
    return carry_out(request, PLACEMENT_ACTIONS, action, row, title=title, back=_address(row))


def _placement(request: HttpRequest, public_id: UUID) -> Placement:
    row: Placement = mine_or_404(
        Placement,
        request.user,
        public_id,
        "opening__agency",
        "opening__office",
        "opening__sensitivity",
        "applicant",
        "selection__opening",
        "selection__applicant",
        "supervisor",
        "transferred_from",
    )
    return row


def _address(row: Placement) -> str:
    return reverse("agency_placement", args=[row.public_id])
