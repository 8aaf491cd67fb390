"""The workbenches of the security officer and the ethics official: what waits for them, recorded one by one or several
at once, and the case behind a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from agencies.models import AgencyParticipation, AgencyRole, VettingDetail
from placements import services
from placements.checklists import MILESTONES
from placements.forms.vetting import SearchForm
from placements.models import Area, ChecklistItem, Determination, Placement
from placements.querysets import in_office
from placements.reminders import CHECKLIST_ITEM
from placements.services.milestones import MILESTONE_LABELS
from placements.views.actions import REFUSED
from placements.views.agency_extensions import extensions_of
from placements.views.agency_rooms import members_only, of_my_agencies, show
from placements.views.agency_waiting import PATH, steps_waiting_for, steps_waiting_for_others
from placements.views.agency_words import kind_of
from placements.workflow import LIVE_STATES
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.paging import keyset_page
from techforce.core.reminders.acknowledging import offers_for
from techforce.program.workflow import CohortStatus

FOUND = 20
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Bench:
    """Whose work it is, and the area of the checklists that it keeps."""

    area: str
    role: str
    permission: str
    title: Any


VETTING = Bench(Area.VETTING, AgencyRole.SECURITY_OFFICER, "placements.keep_vetting", gettext_lazy("Vetting"))
ETHICS = Bench(
    Area.ETHICS, AgencyRole.ETHICS_OFFICIAL, "placements.keep_ethics", gettext_lazy("Ethics steps")
)


@require_safe
@members_only
def vetting(request: HttpRequest) -> HttpResponse:
    _enter(request, VETTING)
    pledges = _pledges(request.user)
    has_milestones = any(row.vetting_detail == VettingDetail.MILESTONES for row in pledges)
    people = _people(request.user) if has_milestones else Placement.objects.none()
    own = {"pledges": pledges, "people": _rows(people[:SHOWN]), "more_people": max(people.count() - SHOWN, 0)}
    return _page(request, VETTING, own)


@require_safe
@members_only
def ethics(request: HttpRequest) -> HttpResponse:
    _enter(request, ETHICS)
    waiting = extensions_of(request.user).waiting().order_by("item__due_on", "pk")
    own = {
        "reviews": _reviews(request.user),
        "extensions": waiting[:SHOWN],
        "extension_columns": [_("Person"), _("Step"), _("Days asked for"), _("Due")],
    }
    return _page(request, ETHICS, own)


@require_POST
@members_only
def vetting_detail(request: HttpRequest) -> HttpResponse:
    """Milestones only, or every step, for one cohort of the agency."""
    _enter(request, VETTING)
    try:
        public_id = UUID(request.POST.get("participation", ""))
    except ValueError as error:
        raise Http404 from error
    row = get_object_or_404(_pledges_of(request.user), public_id=public_id)
    detail = request.POST.get("detail", "")
    if detail not in VettingDetail.values:
        raise Http404
    try:
        services.choose_vetting_detail(participation=row, detail=detail, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your choice is recorded. What is on file stays as it is."))
    return redirect("agency_vetting")


def _enter(request: HttpRequest, bench: Bench) -> None:
    """Nobody else learns that the page exists."""
    if not request.user.has_perm(bench.permission):
        raise Http404


def _page(request: HttpRequest, bench: Bench, own: Mapping[str, Any]) -> HttpResponse:
    waiting = steps_waiting_for(request.user, bench.role).filter(checklist__area=bench.area)
    search = SearchForm(request.GET if "q" in request.GET else None)
    found = _search(request.user, bench, search)
    others = steps_waiting_for_others(request.user, bench.area, bench.role)
    is_on_others = "others" in request.GET
    page = keyset_page(_chosen(request, others if is_on_others else waiting), request.GET, keys=("day", "pk"))
    late = offers_for(request.user, CHECKLIST_ITEM, [item.pk for item in page.rows])
    context = {
        "bench": bench,
        "search": search,
        "found": found,
        "is_searching": search.is_bound,
        "found_columns": [_("Person"), _("Reference number"), _("Step"), _("External number")],
        "rows": [
            {"item": item, "kind": kind_of(item.status), "reminder": late.get(item.pk)} for item in page.rows
        ],
        "columns": [_("Choose"), _("Step"), _("Person"), _("State"), _("Due")],
        "filters": _filters(request, waiting, others),
        "is_on_others": is_on_others,
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "people": [],
        "more_people": 0,
        "people_columns": _people_columns(),
        "pledges": [],
        "reviews": None,
        "extensions": [],
        **own,
    }
    is_wrong = search.is_bound and not search.is_valid()
    return show(request, "agency/workbench.html", context, status=REFUSED if is_wrong else 200)


def _chosen(request: HttpRequest, waiting: QuerySet[ChecklistItem]) -> QuerySet[ChecklistItem]:
    if code := request.GET.get("step", ""):
        waiting = waiting.filter(code=code)
    if "late" in request.GET:
        waiting = waiting.filter(due_on__lt=today())
    return waiting.select_related("step", "checklist__placement__applicant", PATH)


def _filters(
    request: HttpRequest, waiting: QuerySet[ChecklistItem], others: QuerySet[ChecklistItem]
) -> list[dict[str, Any]]:
    """Everything, what is late, what waits for somebody else, and each kind of step that waits."""
    wanted, is_late = request.GET.get("step", ""), "late" in request.GET
    is_on_others, count = "others" in request.GET, others.count()
    counted = waiting.order_by("code").values("code").annotate(count=Count("pk"))
    steps = [
        {
            "label": f"{row['code']} ({row['count']})",
            "url": f"?step={row['code']}",
            "is_current": wanted == row["code"],
        }
        for row in counted
    ]
    found = [
        {"label": _("All"), "url": "?", "is_current": not (wanted or is_late or is_on_others)},
        {"label": _("Late"), "url": "?late=1", "is_current": is_late},
    ]
    if count or is_on_others:
        label = _("Waiting for others (%(count)s)") % {"count": count}
        found.append({"label": label, "url": "?others=1", "is_current": is_on_others})
    return found + steps


def _search(user: Any, bench: Bench, search: SearchForm) -> list[dict[str, Any]]:
    """By our reference number or by a number of their own system; only in the reader's own agency and area."""
    if not (search.is_bound and search.is_valid() and search.cleaned_data["q"]):
        return []
    words = search.cleaned_data["q"].strip()
    items = of_my_agencies(ChecklistItem, user, PATH).filter(
        in_office(user, PATH, bench.role), checklist__area=bench.area, checklist__superseded_at__isnull=True
    )
    # That it is not empty follows from the number, but the index of the few that have one asks for it in words.
    numbered = items.filter(external_reference__iexact=words).exclude(external_reference="")
    numbered = numbered.select_related(
        "step", "checklist__placement__applicant", "checklist__placement__selection__application"
    )
    found = [
        {"placement": item.checklist.placement, "item": item} for item in numbered.order_by("-pk")[:FOUND]
    ]
    mine = of_my_agencies(Placement, user).filter(in_office(user, "opening", bench.role))
    # After a transfer the placement has no selection of its own; the person's application is still the same.
    by_us = mine.filter(
        applicant__applications__reference_number=words.upper(),
        applicant__applications__cohort=F("cohort"),
    ).select_related("applicant", "selection__application")
    return [*({"placement": row, "item": None} for row in by_us.order_by("-pk")[:FOUND]), *found]


# ── Milestones ────────────────────────────────────────────────────────────────────────────────────
def _pledges_of(user: Any) -> QuerySet[AgencyParticipation]:
    return AgencyParticipation.objects.visible_to(user).select_related("agency", "cohort")


def _pledges(user: Any) -> list[AgencyParticipation]:
    """For each cohort that still runs, how vetting is recorded."""
    mine = _pledges_of(user).exclude(cohort__status=CohortStatus.ENDED).order_by("-cohort", "agency")
    return [row for row in mine if user.has_perm("placements.choose_vetting_detail", row)]


def _people(user: Any) -> QuerySet[Placement]:
    """Everybody whose vetting goes by milestones and is not cleared yet, the next first day first."""
    chosen = AgencyParticipation.objects.filter(
        agency=OuterRef("opening__agency"), cohort=OuterRef("cohort"), vetting_detail=VettingDetail.MILESTONES
    )
    cleared = ChecklistItem.objects.filter(
        checklist__placement=OuterRef("pk"),
        checklist__superseded_at__isnull=True,
        code="V19",
        is_settled=True,
    )
    mine = of_my_agencies(Placement, user).filter(
        Exists(chosen), in_office(user, "opening", AgencyRole.SECURITY_OFFICER), status__in=LIVE_STATES
    )
    found = mine.filter(~Exists(cleared)).select_related("applicant", "opening", "selection__application")
    return found.order_by("starts_on", "pk")


def _rows(people: Iterable[Placement]) -> list[dict[str, Any]]:
    rows = list(people)
    reached = _last_milestones(rows)
    return [{"placement": row, "last": reached.get(row.pk)} for row in rows]


def _last_milestones(placements: Iterable[Placement]) -> dict[int, dict[str, Any]]:
    """For many placements in one query: the last milestone on file, and its day."""
    names = {code: name for name, milestone in MILESTONES.items() for code in milestone.codes()}
    order = list(MILESTONES)
    done = ChecklistItem.objects.of_placements(placements).filter(
        Q(status="done"), code__in=names, corrects__isnull=True
    )
    found: dict[int, dict[str, Any]] = {}
    for item in sorted(
        done.select_related("checklist").order_by("pk"), key=lambda item: order.index(names[item.code])
    ):
        label = MILESTONE_LABELS[names[item.code]]
        found[item.checklist.placement_id] = {"label": label, "day": item.effective_on}
    return found


def _people_columns() -> list[str]:
    return [_("Person"), _("Reference number"), _("First day"), _("Last milestone")]


def _reviews(user: Any) -> int:
    """Conflict reviews that wait for a signature; they have a page of their own."""
    waiting = Determination.objects.visible_to(user).filter(
        in_office(user, "selection__opening", AgencyRole.ETHICS_OFFICIAL)
        | in_office(user, "placement__opening", AgencyRole.ETHICS_OFFICIAL)
    )
    return waiting.filter(status="proposed").distinct().count()
