"""Everyone who starts on one day: how far each has come, and who must move."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from placements.checklists import STOPPING_GATES, open_steps
from placements.models import ChecklistItem, Placement, StepRole
from placements.views.agency_readiness import areas_said, is_late, readiness_of
from placements.views.agency_rooms import members_only, of_my_agencies, show
from placements.views.agency_words import kind_of
from techforce.core.calendar import today
from techforce.core.paging import keyset_page

PLANNED = ("pending_checks", "ready")
STARTING = (*PLANNED, "active")
AHEAD = datetime.timedelta(weeks=8)
DOES_NOT_COUNT = ("not_applicable", "cancelled")


@dataclass(frozen=True, slots=True)
class Bar:
    """Steps before the start: how many count, how many of them are complete, who must move with how many steps, and
    how many days the latest step is behind."""

    total: int
    done: int
    movers: Sequence[tuple[str, int]]
    days_late: int

    @classmethod
    def of(cls, items: Iterable[Any], day: datetime.date) -> "Bar":
        """It is full exactly when the gate is open: of alternatives one that is done is enough."""
        counted = [item for item in items if item.status not in DOES_NOT_COUNT]
        stopping = set(open_steps(counted, "entry_on_duty"))
        waiting = [item for item in counted if item.code in stopping]
        movers = Counter(str(StepRole(item.waiting_on or item.owner_role).label) for item in waiting)
        late = [(day - item.due_on).days for item in waiting if is_late(item, day)]
        total = len(counted)
        return cls(total, total - len(waiting), movers.most_common(), max(late, default=0))


def upcoming_classes(placements: Any) -> Iterator[dict[str, Any]]:
    """The days on which somebody of `placements` starts in the next weeks, in one query."""
    day = today()
    soon = placements.filter(status__in=PLANNED, starts_on__gte=day, starts_on__lte=day + AHEAD)
    for row in soon.order_by("starts_on").values("starts_on").annotate(people=Count("pk")):
        address = reverse("agency_class", args=[row["starts_on"].isoformat()])
        yield {"starts_on": row["starts_on"], "people": row["people"], "url": address}


@require_safe
@members_only
def starting_class(request: HttpRequest, day: str) -> HttpResponse:
    """Who plans a start sees the bar; all others read one word an area."""
    starts_on = _day_or_404(day)
    rows = of_my_agencies(Placement, request.user).filter(starts_on=starts_on, status__in=STARTING)
    if not rows.exists():
        raise Http404
    page = keyset_page(rows.select_related("applicant", "opening__office"), request.GET, keys=("pk",))
    glances = readiness_of(page.rows, request.user)
    planned = [row for row in page.rows if request.user.has_perm("placements.view_readiness", row)]
    bars = _bars(planned)
    context = {
        "starts_on": starts_on,
        "rows": [
            {
                "placement": row,
                "kind": kind_of(row.status),
                "areas": list(areas_said(glances[row.pk])),
                "bar": bars.get(row.pk),
            }
            for row in page.rows
        ],
        "columns": [_("Person"), _("Opening"), _("State"), _("Steps before the start"), _("Who must move")],
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return show(request, "agency/class.html", context)


def _day_or_404(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _bars(placements: Sequence[Placement]) -> dict[int, Bar]:
    """For many placements in one query."""
    keys, day = [placement.pk for placement in placements], today()
    items: dict[int, list[ChecklistItem]] = defaultdict(list)
    steps = ChecklistItem.objects.of_placements(keys).filter(gate__in=STOPPING_GATES, corrects__isnull=True)
    for item in steps.select_related("checklist").order_by("pk"):
        items[item.checklist.placement_id].append(item)
    return {key: Bar.of(items[key], day) for key in keys}
