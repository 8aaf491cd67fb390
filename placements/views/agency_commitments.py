"""An agency's promise of efficient vetting against its record."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.models import AgencyRole, ClearanceCommitment
from agencies.querysets import member_of
from placements.forms.commitment_words import held_said, party_said, state_said
from placements.models import Placement, VettingRecord
from placements.querysets import concerns, in_office
from placements.services.commitments import PromisedCase, Record, open_promises
from placements.services.kept_measures import records_kept
from placements.views.agency_rooms import agencies_of, chosen_agency, members_only, show
from techforce.core.calendar import today
from techforce.program.models import VettingTier

ROLES = (AgencyRole.HR_SPECIALIST, AgencyRole.APPROVING_OFFICIAL, AgencyRole.SECURITY_OFFICER)
SHOWN_CASES = 200


@require_safe
@members_only
def commitments(request: HttpRequest) -> HttpResponse:
    """The promise of each tier, the open cases against it, and the record so far."""
    if not request.user.has_perm("placements.view_commitments"):
        raise Http404
    agencies = agencies_of(request.user)
    agency, day = chosen_agency(request, agencies), today()
    waiting = open_promises(_placements(request.user, agency), on=day)
    records, counted_on = records_kept(_records(request.user, agency), waiting=waiting)
    context = {
        "agency": agency,
        "agencies": agencies,
        "tiers": list(_tiers(agency, records, day)),
        "tier_columns": [
            _("Tier"),
            _("Promise"),
            _("Open"),
            _("Near breach"),
            _("Breached"),
            _("Kept so far"),
            _("Days held by others"),
        ],
        "cases": [_row(one) for one in waiting[:SHOWN_CASES]],
        "case_columns": [_("Person"), _("Due"), _("Days used"), _("State"), _("Held by")],
        "more_cases": max(0, len(waiting) - SHOWN_CASES),
        "as_of": day,
        "counted_on": counted_on,
    }
    return show(request, "agency/commitments.html", context)


def _placements(user: Any, agency: Any) -> Any:
    """Of the offices where it is the reader's work, and never about themselves."""
    mine = Placement.objects.visible_to(user).filter(
        in_office(user, "opening", *ROLES), opening__agency=agency
    )
    return mine.exclude(concerns(user, "applicant"))


def _records(user: Any, agency: Any) -> QuerySet[VettingRecord]:
    return VettingRecord.objects.filter(
        member_of(user, *ROLES, agency="office__agency", office="office"), office__agency=agency
    )


def _row(one: PromisedCase) -> dict[str, Any]:
    return {
        "placement": one.placement,
        "clock": one.clock,
        "state": state_said(one.clock),
        "held": list(held_said(one.clock.held)),
        "held_now_by": party_said(one.clock.held_now_by) if one.clock.held_now_by else "",
    }


def _tiers(agency: Any, records: Mapping[Any, Record], day: datetime.date) -> Iterator[dict[str, Any]]:
    promises = ClearanceCommitment.objects.filter(agency=agency, starts_on__lte=day).order_by(
        "tier", "starts_on"
    )
    in_force = {row.tier_id: row for row in promises if row.ends_on is None or row.ends_on >= day}
    for tier in VettingTier.objects.order_by("rank", "code"):
        record = records.get((agency.pk, tier.pk))
        if record or tier.pk in in_force:
            yield {
                "tier": tier,
                "promise": in_force.get(tier.pk),
                "record": record or Record(),
                "held": list(held_said(record.held)) if record else [],
            }
