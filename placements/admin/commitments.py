"""Agencies' promises of efficient vetting, the worst record first, and the cases to ask an agency about."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agencies.models import Agency
from placements.checklists import BREACHED, NEAR
from placements.forms.commitment_words import held_said, party_said, state_said
from placements.models import Placement, VettingRecord
from placements.querysets import concerns
from placements.services.commitments import Group, PromisedCase, Record, open_promises
from placements.services.kept_measures import records_kept
from techforce.core.calendar import today
from techforce.core.site import staff_page, staff_response
from techforce.core.work import WorkEntry, register
from techforce.program.models import VettingTier

SHOWN_CASES = 100


def _placements(user: Any) -> QuerySet[Placement]:
    return Placement.objects.visible_to(user).exclude(concerns(user, "applicant"))


register(
    WorkEntry(
        order=230,
        label=gettext_lazy("Vetting against the agencies’ promises"),
        text=gettext_lazy(
            "People whose checks are under way. See which agency is near breach, and who holds the case."
        ),
        model=Placement,
        page="admin:commitments",
        permission="placements.oversee_commitments",
        waiting=lambda user: _placements(user).filter(status="pending_checks"),
    )
)


@staff_page("commitments/", "commitments")
@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("placements.oversee_commitments"):
        raise PermissionDenied
    day = today()
    waiting = open_promises(_placements(request.user), on=day)
    urgent = [one for one in waiting if one.clock.state in (NEAR, BREACHED)]
    records, counted_on = records_kept(VettingRecord.objects.visible_to(request.user), waiting=waiting)
    context = {
        "title": _("Vetting against the agencies’ promises"),
        "agencies": list(_agencies(records)),
        "cases": [_row(one) for one in urgent[:SHOWN_CASES]],
        "more_cases": max(0, len(urgent) - SHOWN_CASES),
        "as_of": day,
        "counted_on": counted_on,
    }
    return staff_response(request, "admin/commitments.html", context)


def _agencies(records: Mapping[Group, Record]) -> Iterator[dict[str, Any]]:
    """An agency and tier a row, the worst first."""
    names = Agency.objects.in_bulk({agency for agency, _tier in records})
    tiers = VettingTier.objects.order_by("rank", "code").in_bulk()
    rows = sorted(
        records.items(),
        key=lambda entry: (entry[1].badness, str(names[entry[0][0]]), tiers[entry[0][1]].rank),
    )
    for (agency, tier), record in rows:
        held = list(held_said(record.held))
        yield {"agency": names[agency], "tier": tiers[tier], "record": record, "held": held}


def _row(one: PromisedCase) -> dict[str, Any]:
    return {
        "placement": one.placement,
        "clock": one.clock,
        "state": state_said(one.clock),
        "held_now_by": party_said(one.clock.held_now_by or "agency"),
    }
