"""Writing an opening: a draft is begun and edited by the agency, and says what it still needs."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Office, Opening, OpeningPlace
from agencies.models.opening import HIGHEST_GRADE
from agencies.services.guards import date_problem, position_problem
from agencies.workflow import OpeningStatus
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.versions import save_version
from techforce.program.models import Cohort
from techforce.program.workflow import CohortStatus

Place = tuple[str, str]
"""A city and the two letters of its state."""

EDITABLE = frozenset(
    {
        "title",
        "office",
        "discipline",
        "track",
        "series",
        "hiring_manager",
        "fill_method",
        "pay_plan",
        "grade_low",
        "grade_high",
        "pay_low",
        "pay_high",
        "seats",
        "term_months",
        "opens_at",
        "closes_at",
        "time_zone",
        "is_remote",
        "is_telework_eligible",
        "travel_percent",
        "summary",
        "duties",
        "requirements",
        "evaluation",
        "vetting_tier",
        "sensitivity",
        "designated_on",
        "designation_record",
        "disclosure_filer",
        "is_citizenship_required",
        *Opening.DUTY_FLAGS,
        "has_no_vendor_duties",
    }
)
"""What an agency writes. The cohort and the agency stay as they were when the draft was begun."""

PLACED_COHORTS = (CohortStatus.SERVING, CohortStatus.ENDED)
"""Cohorts whose people have started: nothing new is written for them."""


@service
def create_opening(*, cohort: Cohort, office: Office, title: str, by: Any) -> Opening:
    """Begin a draft for an office."""
    if not by.has_perm("agencies.add_opening", office):
        raise NotPermitted(_("Your role does not allow writing openings for this office."))
    if not office.is_active:
        raise Refused(_("This office is closed. Choose another one."))
    if cohort.status in PLACED_COHORTS:
        raise Refused(_("The places of this cohort are filled. Choose another one."))
    opening = Opening(
        cohort=cohort,
        agency_id=office.agency_id,
        office=office,
        title=title,
        term_months=cohort.term_months,
    )
    opening.save()
    record_event("agencies.opening:create", subject=opening, by=by)
    return opening


@service
def edit_opening(
    *, opening: Opening, version: int, values: Mapping[str, Any], places: Iterable[Place], by: Any
) -> Opening:
    """Save what the agency wrote into its draft. `values` are new values by column.

    Raises Conflict when `version` is no longer the saved one, Refused for what contradicts itself.
    """
    if unknown := set(values) - EDITABLE:
        raise ValueError(f"not written by the agency: {sorted(unknown)}")
    locked = _lock_draft(opening, by)
    changed = _write(locked, values)
    if "office" in changed:
        _check_office(locked, by)
    if problems := draft_problems(locked):
        raise Refused(" ".join(problems.values()))
    has_other_places = _put_places(locked, places)
    if changed or has_other_places:
        save_version(locked, expected=version, fields=changed)
        fields = [*changed, "places"] if has_other_places else changed
        record_event("agencies.opening:edit", subject=locked, by=by, detail={"fields": fields})
    return locked


def _write(opening: Opening, values: Mapping[str, Any]) -> list[str]:
    """Put the new values into the row; returns the columns that differ now."""
    changed = sorted(name for name, value in values.items() if getattr(opening, name) != value)
    for name in changed:
        setattr(opening, name, values[name])
    if opening.band_exception_id and {"pay_low", "pay_high"} & set(changed):
        opening.band_exception = None  # an exception is good for exactly the range that it names
        changed.append("band_exception")
    return changed


def _lock_draft(opening: Opening, by: Any) -> Opening:
    if not by.has_perm("agencies.change_opening", opening):
        raise NotPermitted(_("Your role does not allow changing this opening."))
    rows = Opening.objects.select_for_update(of=("self",)).with_position()
    locked: Opening = rows.select_related("hiring_manager").get(pk=opening.pk)
    if locked.status != OpeningStatus.DRAFT:
        raise Refused(_("Only a draft can be edited. This opening is with OPM or already public."))
    return locked


def _check_office(opening: Opening, by: Any) -> None:
    if opening.office.agency_id != opening.agency_id:
        raise Refused(_("The office belongs to another agency."))
    if not by.has_perm("agencies.change_opening", opening):
        raise NotPermitted(_("Your role does not allow writing openings for this office."))


def _put_places(opening: Opening, places: Iterable[Place]) -> bool:
    """Make the places of work these; whether that changed anything."""
    wanted = set(places)
    saved = {(place.city, place.state): place for place in opening.places.order_by("pk")}
    gone = [place.pk for key, place in saved.items() if key not in wanted]
    new = [OpeningPlace(opening=opening, city=city, state=state) for city, state in wanted - saved.keys()]
    opening.places.filter(pk__in=gone).delete()
    OpeningPlace.objects.bulk_create(new)
    return bool(gone or new)


def draft_problems(opening: Opening) -> dict[str, str]:
    """What cannot be saved even in a draft, because it contradicts itself: a sentence by column."""
    checks = {
        "pay_high": _pay_order(opening),
        "grade_high": _grade_order(opening),
        "term_months": _term(opening),
        "closes_at": date_problem(opening),
        "has_no_vendor_duties": _duties(opening),
        "sensitivity": position_problem(opening),
    }
    return {name: sentence for name, sentence in checks.items() if sentence}


def _pay_order(opening: Opening) -> str:
    low, high = opening.pay_low, opening.pay_high
    is_wrong = low is not None and high is not None and low > high
    return _("The lowest pay is above the highest.") if is_wrong else ""


def _grade_order(opening: Opening) -> str:
    low, high = opening.grade_low, opening.grade_high
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return _("Enter both grades, or neither. For a single grade enter it twice.")
    if not 1 <= low <= high <= HIGHEST_GRADE:
        return _("Grades go from 1 to %(highest)s, the lowest first.") % {"highest": HIGHEST_GRADE}
    return ""


def _term(opening: Opening) -> str:
    if 1 <= opening.term_months <= opening.cohort_term_months:
        return ""
    return _("A term in this cohort has 1 to %(months)s months.") % {"months": opening.cohort_term_months}


def _duties(opening: Opening) -> str:
    if opening.duty_flags and opening.has_no_vendor_duties:
        return _("Either some of these, or “none of these”.")
    return ""
