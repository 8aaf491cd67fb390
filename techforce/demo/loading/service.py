"""Placements: planned, under way and over, each with both checklists."""

import datetime
from collections.abc import Callable
from typing import Any

from agencies.models import Opening
from partners.models import LoanTerms, Nomination
from placements.models import (
    Determination,
    Offer,
    Placement,
    PlacementKind,
    RecusalStatement,
    ScreeningArrangement,
)
from placements.services.placement import end_of_term
from techforce.accounts.models import User
from techforce.core.calendar import add_months, today
from techforce.demo.loading.cast import Cast
from techforce.demo.loading.checklists import open_checklists
from techforce.demo.loading.content import day, happened
from techforce.demo.loading.story import Story
from techforce.demo.people import HOME_OFFICE

By = Callable[[str], User]
RECUSAL = "Matters that involve this company, its products or its contracts."


def first_day(days: int) -> datetime.date:
    """People begin on a Monday: the last one up to that day."""
    wanted = day(days)
    return wanted - datetime.timedelta(days=wanted.weekday())


def serve(
    story: Story,
    by: By,
    plan: dict[str, Any],
    tentative: Offer,
    firm: Offer | None,
    screen: Determination | None,
) -> Placement:
    """The placement of an accepted tentative offer, as far as its entry says."""
    nomination = (
        Nomination.objects.confirmed()
        .filter(nominee=tentative.applicant.user_id, cohort=tentative.cohort_id)
        .select_related("partner__company")
        .first()
    )
    ends_on = end_of_term(tentative.starts_on, tentative.opening.term_months)
    placement = Placement(
        applicant_id=tentative.applicant_id,
        opening=tentative.opening,
        cohort=tentative.cohort,
        selection_id=tentative.selection_id,
        nomination=nomination,
        kind=kind_of(nomination),
        supervisor=by("supervise") if tentative.opening.office.name == HOME_OFFICE else None,
        starts_on=tentative.starts_on,
        initial_ends_on=ends_on,
        ends_on=ends_on,
        term_months=tentative.cohort.term_months,
        mechanism_limit_months=tentative.cohort.mechanism_limit_months,
        outcome=plan.get("outcome", ""),
        created_at=happened(tentative.answered_at),
    )
    story.note(placement, "placements.placement:open", at=happened(tentative.answered_at), by=by("accept"))
    story.tell(placement, plan["path"], by)
    if placement.end_recorded_at:
        placement.ended_on = last_day(plan, ends_on)
    placement.save()
    open_checklists(story, by, placement, plan, tentative, firm, screen)
    if plan.get("is_recused") and nomination:
        stand_aside(placement, nomination, by)
    return placement


def last_day(plan: dict[str, Any], ends_on: datetime.date) -> datetime.date:
    """The end of the term, unless service ended early or goes on elsewhere."""
    if "goes_on" in plan:
        return first_day(plan["goes_on"]) - datetime.timedelta(days=1)
    return min(day(plan["ended"]), ends_on) if "ended" in plan else ends_on


def kind_of(nomination: Nomination | None) -> str:
    if nomination is None:
        return PlacementKind.OUTSIDE
    kind: str = LoanTerms.objects.in_force().get(nomination=nomination).kind
    return kind


def stand_aside(placement: Placement, nomination: Nomination, by: By) -> None:
    """The person stays away from their company's matters, and the supervisor sends such matters elsewhere."""
    signed_on = placement.starts_on - datetime.timedelta(days=7)
    confirmed_on = add_months(signed_on, 12)
    dates = {"signed_on": signed_on, "confirmed_on": confirmed_on if confirmed_on < today() else None}
    RecusalStatement.objects.create(
        placement=placement, company=nomination.partner.company, scope=RECUSAL, **dates
    )
    ScreeningArrangement.objects.create(
        placement=placement, gatekeeper=by("supervise"), ended_on=placement.ended_on, **dates
    )


def serve_after_transfer(
    story: Story, cast: Cast, entry: dict[str, Any], left: Placement, opening: Opening
) -> Placement:
    """The placement that follows one whose person moved to another opening: its own checks, the same total."""
    specialist = cast.at_agency("hr-specialist", opening.agency.code)
    starts_on = first_day(entry["starts"])
    following = Placement(
        applicant_id=left.applicant_id,
        opening=opening,
        cohort_id=left.cohort_id,
        transferred_from=left,
        supervisor=specialist,
        starts_on=starts_on,
        initial_ends_on=left.ends_on,
        ends_on=left.ends_on,
        term_months=left.term_months,
        mechanism_limit_months=left.mechanism_limit_months,
        created_at=happened(left.end_recorded_at),
    )
    by: By = lambda arrow: specialist  # noqa: E731
    story.tell(following, entry["path"], by)
    following.save()
    open_checklists(story, by, following, entry, None, None, None)
    return following
