"""Placements of an agency: the board before the start, and one placement with what the reader may see and do."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from placements import services
from placements.forms.acting import reason_form
from placements.forms.agency_placements import (
    CloseForm,
    EndEarlyForm,
    ExceptionalStartForm,
    ExtendForm,
    FollowUpForm,
    MoveStartForm,
    StartForm,
    VettingWaiverForm,
)
from placements.models import (
    Area,
    Offer,
    OfferKind,
    Placement,
    PlacementExtension,
    StartException,
    VettingWaiver,
)
from placements.views.actions import Action, carry_out, offered, take
from placements.views.agency_offers import OPEN_OFFERS
from placements.views.agency_readiness import areas_said, readiness_of, steps_of
from placements.views.agency_rooms import members_only, mine_or_404, of_my_agencies, show
from placements.views.agency_words import kind_of
from placements.workflow import ENDED_STATES, PLACEMENT
from techforce.core.calendar import today
from techforce.core.paging import keyset_page

STATES = {
    "before": ("pending_checks", "ready"),
    "serving": ("active", "suspended"),
    "ended": (*ENDED_STATES, "fell_through"),
}
STATE_LABELS = (
    ("before", gettext_lazy("Before the start")),
    ("serving", gettext_lazy("Serving")),
    ("ended", gettext_lazy("Ended")),
)


def _allows_waiver(row: Placement) -> bool:
    return row.opening.sensitivity is not None and row.opening.sensitivity.is_waiver_possible


def _waits_for_follow_up(row: Placement) -> bool:
    return StartException.objects.filter(placement=row, followed_up_on__isnull=True).exists()


PLACEMENT_ACTIONS = (
    take(
        PLACEMENT,
        "confirm_ready",
        done=gettext_lazy("Everything is ready. The supervisor is told."),
        work=lambda row, by: services.confirm_ready(placement=row, by=by),
    ),
    take(
        PLACEMENT,
        "activate",
        label=gettext_lazy("Record entry on duty"),
        done=gettext_lazy("The entry on duty is recorded."),
        form=StartForm,
        work=lambda row, by, **answers: services.enter_on_duty(placement=row, by=by, **answers),
    ),
    Action(
        name="move-start",
        label=gettext_lazy("Plan another first day"),
        text=gettext_lazy("Dates that count from the first day move with it."),
        done=gettext_lazy("The first day is moved."),
        permission="placements.authorize_start",
        states=STATES["before"],
        form=MoveStartForm,
        work=lambda row, by, **answers: services.move_planned_start(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "return_to_checks",
        done=gettext_lazy("Returned to its checks."),
        form=reason_form(PLACEMENT, "return_to_checks"),
        work=lambda row, by, reason_code: services.return_to_checks(
            placement=row, reason_code=reason_code, by=by
        ),
    ),
    take(
        PLACEMENT,
        "activate_with_exception",
        label=gettext_lazy("Start by exception"),
        text=gettext_lazy(
            "The person starts although a step is open. It is followed up within five business days."
        ),
        done=gettext_lazy("The start by exception is recorded, with your name."),
        form=ExceptionalStartForm,
        is_grave=True,
        work=lambda row, by, **answers: services.enter_on_duty_by_exception(placement=row, by=by, **answers),
    ),
    Action(
        name="follow-up",
        label=gettext_lazy("Record the follow-up"),
        text=gettext_lazy("The steps that were open at the start by exception were looked at again."),
        done=gettext_lazy("The follow-up is recorded."),
        permission="placements.approve_start_exception",
        states=(*STATES["serving"], *ENDED_STATES),
        is_fitting=_waits_for_follow_up,
        form=FollowUpForm,
        work=lambda row, by, **answers: services.record_start_follow_up(placement=row, by=by, **answers),
    ),
    Action(
        name="record-waiver",
        label=gettext_lazy("Record a vetting waiver"),
        text=gettext_lazy("A waiver to start before the investigation ends (5 CFR 1400.202)."),
        done=gettext_lazy("The waiver is on file. Record its step now."),
        permission="placements.add_vettingwaiver",
        states=STATES["before"],
        is_fitting=_allows_waiver,
        form=VettingWaiverForm,
        work=lambda row, by, **answers: services.record_vetting_waiver(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "suspend",
        done=gettext_lazy("The service is suspended."),
        form=reason_form(PLACEMENT, "suspend"),
        work=lambda row, by, reason_code: services.suspend_placement(
            placement=row, reason_code=reason_code, by=by
        ),
    ),
    take(
        PLACEMENT,
        "resume",
        done=gettext_lazy("The service goes on."),
        work=lambda row, by: services.resume_placement(placement=row, by=by),
    ),
    Action(
        name="extend",
        label=gettext_lazy("Extend"),
        done=gettext_lazy("The placement is extended."),
        permission="placements.extend_placement",
        states=STATES["serving"],
        form=ExtendForm,
        work=lambda row, by, **answers: services.extend_placement(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "complete",
        done=gettext_lazy("The term is complete."),
        is_fitting=lambda row: row.ends_on <= today(),
        work=lambda row, by: services.complete_placement(placement=row, by=by),
    ),
    take(
        PLACEMENT,
        "curtail",
        done=gettext_lazy("The early end is recorded."),
        form=EndEarlyForm,
        is_grave=True,
        work=lambda row, by, **answers: services.end_placement_early(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "close",
        done=gettext_lazy("The placement is closed."),
        form=CloseForm,
        work=lambda row, by, **answers: services.close_placement(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "fall_through",
        text=gettext_lazy("The seat is free again, and the person is back among the qualified."),
        done=gettext_lazy("Recorded. The seat is free again."),
        form=reason_form(PLACEMENT, "fall_through"),
        is_grave=True,
        work=lambda row, by, reason_code: services.record_fall_through(
            placement=row, reason_code=reason_code, by=by
        ),
    ),
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
