"""An opening against the bounds of its cohort, line by line, for whoever approves it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import AgencyParticipation, Opening
from agencies.services.guards import is_paid, pay_problem
from agencies.workflow import OpeningStatus
from techforce.core.moments import deadline_text
from techforce.core.workflow import explain


@dataclass(frozen=True)
class Bound:
    """What the opening says and what the cohort allows; `is_kept` is None where nothing is compared."""

    label: str
    value: str
    bound: str
    is_kept: bool | None = None


def bounds_of(opening: Opening) -> list[Bound]:
    return [_pay(opening), _term(opening), _closing(opening), _seats(opening), _designation(opening)]


def problems_of(opening: Opening, user: Any) -> list[str]:
    """Why it cannot be published as it stands, in the words of the guards."""
    if opening.status != OpeningStatus.SUBMITTED or not user.has_perm("agencies.approve_opening", opening):
        return []
    sentence = explain(opening, "publish", user)
    return [sentence] if sentence else []


def _money(low: Any, high: Any) -> str:
    return "–" if low is None or high is None else f"${low:,} – ${high:,}"


def _pay(opening: Opening) -> Bound:
    low, high = opening.pay_low, opening.pay_high
    overlaps = is_paid(opening) and not pay_problem(opening)
    bound = _("Overlaps %(band)s") % {"band": _money(opening.cohort_pay_min, opening.cohort_pay_max)}
    if opening.band_exception_id:
        bound = _("%(bound)s, or its exception") % {"bound": bound}
    return Bound(_("Pay a year"), _money(low, high), bound, overlaps)


def _term(opening: Opening) -> Bound:
    value = _("%(count)s months") % {"count": opening.term_months}
    bound = _("At most %(count)s months") % {"count": opening.cohort_term_months}
    return Bound(_("Term"), value, bound, opening.term_months <= opening.cohort_term_months)


def _closing(opening: Opening) -> Bound:
    cohort = opening.cohort
    value = deadline_text(opening.closes_at, opening.time_zone) if opening.closes_at else "–"
    window = deadline_text(cohort.closes_at, cohort.time_zone)
    return Bound(_("Closes"), value, _("The cohort’s window: %(moment)s") % {"moment": window})


def _seats(opening: Opening) -> Bound:
    pledge = AgencyParticipation.objects.filter(agency=opening.agency_id, cohort=opening.cohort_id).first()
    if pledge is None:
        nothing = _("The agency has pledged nothing for this cohort")
        return Bound(_("Seats"), str(opening.seats), nothing, is_kept=False)
    bound = _("The agency pledged %(count)s for the cohort") % {"count": pledge.seats_pledged}
    return Bound(_("Seats"), str(opening.seats), bound, opening.seats <= pledge.seats_pledged)


def _designation(opening: Opening) -> Bound:
    parts = [opening.vetting_tier, opening.sensitivity, opening.designation_record]
    value = ", ".join(str(part) for part in parts if part) or "–"
    is_done = bool(all(parts) and opening.designated_on and opening.disclosure_filer)
    return Bound(_("Designation"), value, _("Tier, sensitivity, record, day and disclosure"), is_done)
