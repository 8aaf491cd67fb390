"""The work page of an agency: what waits for the reader, by the roles that they hold there."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agencies.models import Agency, AgencyRole, Opening
from agencies.permissions import live_memberships
from placements.models import ChecklistItem, Determination, Offer, Placement, Referral, Selection
from placements.querysets import in_office
from placements.services.gates import open_codes
from placements.services.screening import outcomes_of_screens
from placements.views.agency_class import upcoming_classes
from placements.views.agency_extensions import CASE, extensions_of
from placements.views.agency_rooms import agencies_of, chosen_agency, members_only, show
from placements.views.agency_waiting import PATH, steps_waiting_for
from techforce.core.calendar import today

HR, MANAGER, APPROVER = AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL
ETHICS, EVERYBODY = AgencyRole.ETHICS_OFFICIAL, tuple(AgencyRole)
SHOWN_STEPS = 10
SOON, ENDING = datetime.timedelta(days=30), datetime.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's work for one agency."""

    user: Any
    agency: Agency

    def roles(self) -> set[str]:
        return {one.role for one in live_memberships(self.user) if one.agency_id == self.agency.pk}

    def rows(self, model: Any, *roles: str, opening: str = "opening") -> QuerySet[Any]:
        """Rows of the agency that the user sees and works on in one of these roles."""
        here = Q(**{f"{opening}__agency": self.agency})
        found: QuerySet[Any] = model.objects.visible_to(self.user).filter(
            here & in_office(self.user, opening, *roles)
        )
        return found


Count = Callable[[Desk], int]


@dataclass(frozen=True, slots=True)
class Entry:
    label: Any
    text: Any
    url_name: str
    query: str
    roles: tuple[str, ...]
    count: Count


def _selected_without_offer(desk: Desk) -> int:
    live = Offer.objects.filter(selection=OuterRef("pk"), status__in=["draft", "sent", "accepted"])
    return desk.rows(Selection, HR).filter(~Exists(live), status="selected").count()


def _before_the_start(desk: Desk) -> list[Placement]:
    return list(desk.rows(Placement, HR).filter(status="pending_checks").order_by("pk"))


def _firm_offers(desk: Desk) -> int:
    """Nothing stops the firm offer, and none is out."""
    live = Offer.objects.filter(
        selection=OuterRef("selection"), kind="firm", status__in=["draft", "sent", "accepted"]
    )
    waiting = desk.rows(Placement, HR).filter(~Exists(live), status="pending_checks", selection__isnull=False)
    placements = list(waiting.order_by("pk"))
    stopped, screens = open_codes(placements, "firm_offer"), outcomes_of_screens(placements)
    return sum(row.pk not in stopped and bool(screens[row.pk]) for row in placements)


def _to_confirm(desk: Desk) -> int:
    placements = _before_the_start(desk)
    return len(placements) - len(open_codes(placements, "entry_on_duty"))


def _determinations(desk: Desk) -> int:
    about = desk.rows(Determination, ETHICS, opening="selection__opening")
    about |= desk.rows(Determination, ETHICS, opening="placement__opening")
    return about.filter(status="proposed").distinct().count()


def _more_time(desk: Desk) -> int:
    return extensions_of(desk.user).waiting().filter(**{f"{CASE}__opening__agency": desk.agency}).count()


def _starting(desk: Desk) -> int:
    soon = desk.rows(Placement).filter(status__in=["pending_checks", "ready"], starts_on__lte=today() + SOON)
    return soon.count()


def _ending(desk: Desk) -> int:
    return desk.rows(Placement).filter(status="active", ends_on__lte=today() + ENDING).count()


def _draft_openings(desk: Desk) -> int:
    return Opening.objects.of_member(desk.user).filter(agency=desk.agency, status="draft").count()


ENTRIES = (
    Entry(
        gettext_lazy("Openings to finish"),
        gettext_lazy("Drafts, and what OPM returned with comments."),
        "agency_openings",
        "",
        (HR, MANAGER, APPROVER),
        _draft_openings,
    ),
    Entry(
        gettext_lazy("Certificates to consider"),
        gettext_lazy("People are referred to you for an opening."),
        "agency_candidates",
        "",
        (HR, MANAGER, APPROVER),
        lambda desk: desk.rows(Referral, HR, MANAGER, APPROVER).filter(status="open").count(),
    ),
    Entry(
        gettext_lazy("Selections to approve"),
        gettext_lazy("These people are on a short list or were interviewed."),
        "agency_candidates",
        "standing=to-approve",
        (APPROVER,),
        lambda desk: (
            desk.rows(Selection, APPROVER).filter(status__in=["shortlisted", "interviewing"]).count()
        ),
    ),
    Entry(
        gettext_lazy("Reviews to sign"),
        gettext_lazy("A rule proposes what a person’s ties mean. Nothing moves on without your signature."),
        "agency_conflicts",
        "",
        (ETHICS,),
        _determinations,
    ),
    Entry(
        gettext_lazy("Requests for more time"),
        gettext_lazy("Somebody cannot file a disclosure in time. Grant more days, or decline with a reason."),
        "agency_ethics",
        "",
        (ETHICS,),
        _more_time,
    ),
    Entry(
        gettext_lazy("Tentative offers to prepare"),
        gettext_lazy("These people are selected."),
        "agency_candidates",
        "standing=selected",
        (HR,),
        _selected_without_offer,
    ),
    Entry(
        gettext_lazy("Offers to send"),
        gettext_lazy("They are drafted."),
        "agency_offers",
        "state=open",
        (HR,),
        lambda desk: desk.rows(Offer, HR).filter(status="draft").count(),
    ),
    Entry(
        gettext_lazy("Questions about an offer"),
        gettext_lazy("The time for the answer stands still until you answer."),
        "agency_offers",
        "state=open",
        (HR,),
        lambda desk: desk.rows(Offer, HR).filter(status="sent", clock_paused_at__isnull=False).count(),
    ),
    Entry(
        gettext_lazy("Offers that wait for an answer"),
        gettext_lazy("They expire by themselves."),
        "agency_offers",
        "state=open",
        (HR,),
        lambda desk: desk.rows(Offer, HR).filter(status="sent", clock_paused_at__isnull=True).count(),
    ),
    Entry(
        gettext_lazy("Firm offers to prepare"),
        gettext_lazy("Every step that comes before is complete."),
        "agency_placements",
        "",
        (HR,),
        _firm_offers,
    ),
    Entry(
        gettext_lazy("Starts to confirm"),
        gettext_lazy("Every step before the first day is complete."),
        "agency_placements",
        "",
        (HR,),
        _to_confirm,
    ),
    Entry(
        gettext_lazy("First days in the next 30 days"),
        gettext_lazy("Planned and confirmed starts."),
        "agency_placements",
        "",
        EVERYBODY,
        _starting,
    ),
    Entry(
        gettext_lazy("Terms that end in the next 90 days"),
        gettext_lazy("Time for exit steps, or for an extension."),
        "agency_placements",
        "state=serving",
        EVERYBODY,
        _ending,
    ),
)


@require_safe
@members_only
def home(request: HttpRequest) -> HttpResponse:
    agencies = agencies_of(request.user)
    desk = Desk(request.user, chosen_agency(request, agencies))
    steps = _steps(desk)
    context = {
        "agency": desk.agency,
        "agencies": agencies,
        "roles": [label for role, label in AgencyRole.choices if role in desk.roles()],
        "work": list(_work(desk)),
        "classes": list(upcoming_classes(desk.rows(Placement))),
        "steps": steps[:SHOWN_STEPS],
        "more_steps": max(0, len(steps) - SHOWN_STEPS),
        "columns": [_("Step"), _("Person"), _("Due")],
    }
    return show(request, "agency/home.html", context)


def _work(desk: Desk) -> Iterator[dict[str, Any]]:
    held = desk.roles()
    for entry in ENTRIES:
        if held & set(entry.roles):
            address = reverse(entry.url_name)
            count = entry.count(desk)
            yield {
                "label": entry.label,
                "text": entry.text,
                "url": f"{address}?{entry.query}" if entry.query else address,
                "count": count,
                "is_empty": not count,
            }


def _steps(desk: Desk) -> list[ChecklistItem]:
    """Late ones first."""
    items = steps_waiting_for(desk.user).filter(**{f"{PATH}__agency": desk.agency})
    return list(items.select_related("step", "checklist__placement__applicant")[:200])
