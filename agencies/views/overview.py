"""What pages say of an opening, in words: for the public and for the agency that wrote it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import DisclosureFiler, Opening, OpeningStatus
from agencies.services.guards import label_of
from techforce.core.moments import deadline_text
from techforce.program.models import Clearance

Row = dict[str, Any]

KINDS = {
    OpeningStatus.DRAFT: "neutral",
    OpeningStatus.SUBMITTED: "active",
    OpeningStatus.PUBLISHED: "success",
    OpeningStatus.PAUSED: "warning",
    OpeningStatus.CLOSED: "neutral",
    OpeningStatus.ARCHIVED: "neutral",
    OpeningStatus.CANCELLED: "error",
}
"""How a state is marked; see `status_tag`."""


def row(label: Any, value: Any) -> Row:
    return {"label": label, "value": value}


def yes_or_no(answer: bool) -> str:
    return _("Yes") if answer else _("No")


def pay_text(opening: Opening) -> str:
    low, high = opening.pay_low, opening.pay_high
    if low is None or high is None:
        return ""
    if low == high:
        return _("$%(pay)s a year") % {"pay": f"{low:,}"}
    return _("$%(low)s to $%(high)s a year") % {"low": f"{low:,}", "high": f"{high:,}"}


def grade_text(opening: Opening) -> str:
    plan, low, high = opening.pay_plan, opening.grade_low, opening.grade_high
    if low is None or high is None:
        return plan
    if low == high:
        return f"{plan}-{low}"
    return _("%(low)s to %(high)s") % {"low": f"{plan}-{low}", "high": f"{plan}-{high}"}


def places_text(opening: Opening) -> str:
    return "; ".join(str(place) for place in opening.places.all())


def travel_text(opening: Opening) -> str:
    if not opening.travel_percent:
        return _("No travel")
    return _("%(percent)s percent of the time") % {"percent": opening.travel_percent}


def opens_text(opening: Opening) -> str:
    return (
        format_date(opening.opens_at.astimezone(ZoneInfo(opening.time_zone)), "F j, Y")
        if opening.opens_at
        else ""
    )


def closes_text(opening: Opening) -> str:
    return deadline_text(opening.closes_at, opening.time_zone) if opening.closes_at else ""


def term_text(opening: Opening) -> str:
    months = opening.term_months
    return ngettext("Term, %(months)s month", "Term, %(months)s months", months) % {"months": months}


def clearance_text(opening: Opening) -> str:
    tier = opening.vetting_tier
    return str(Clearance(tier.clearance).label) if tier else ""


def seats_text(opening: Opening) -> str:
    return _("%(filled)s of %(seats)s filled") % {"filled": opening.seats_filled, "seats": opening.seats}


def open_to(opening: Opening) -> str:
    citizens = (
        _("U.S. citizens")
        if opening.is_citizenship_required
        else _("Anyone who may work in the United States")
    )
    return f"{citizens} · {opening.get_track_display()}"


def flags_text(opening: Opening) -> str:
    names = [*sorted(opening.duty_flags), *(["has_no_vendor_duties"] if opening.has_no_vendor_duties else [])]
    return capfirst("; ".join(label_of(name) for name in names))


def job_rows(opening: Opening) -> list[Row]:
    """What everybody may know of the job itself, in the order in which USAJOBS has it."""
    return [
        row(_("Opens"), opens_text(opening)),
        row(_("Apply by"), closes_text(opening)),
        row(_("Pay"), pay_text(opening)),
        row(_("Pay plan and grade"), grade_text(opening)),
        row(_("Series"), opening.series),
        row(_("Discipline"), opening.discipline),
        row(_("Seats"), opening.seats),
        row(_("Places"), places_text(opening) or _("Agreed with the person selected")),
        row(_("Remote"), yes_or_no(opening.is_remote)),
        row(_("Telework"), yes_or_no(opening.is_telework_eligible)),
        row(_("Travel"), travel_text(opening)),
        row(_("Appointment"), term_text(opening)),
        row(_("Schedule"), _("Full-time")),
        row(_("Vetting level"), opening.vetting_tier),
        row(_("Sensitivity"), opening.sensitivity),
        row(_("Security clearance"), clearance_text(opening)),
    ]


def office_rows(opening: Opening) -> list[Row]:
    """What only the agency and OPM look at."""
    return [
        row(_("Office"), opening.office),
        row(_("Cohort"), opening.cohort),
        row(_("For"), opening.get_track_display()),
        row(_("Filled by"), opening.get_fill_method_display()),
        row(_("Seats filled"), seats_text(opening)),
        row(_("Hiring manager"), opening.hiring_manager),
        row(_("The work touches"), flags_text(opening)),
        row(_("Designated on"), opening.designated_on),
        row(_("Designation record"), opening.designation_record),
        row(_("Financial disclosure"), opening.get_disclosure_filer_display()),
        row(_("U.S. citizenship required"), yes_or_no(opening.is_citizenship_required)),
    ]


def standing_requirements(opening: Opening) -> list[str]:
    """What the law and the position ask, beside what the agency wrote."""
    asked = []
    if opening.is_citizenship_required:
        asked.append(_("You must be a U.S. citizen."))
    if opening.vetting_tier:
        sentence = _("You must pass a background investigation at this level: %(tier)s.")
        asked.append(sentence % {"tier": opening.vetting_tier})
    if opening.disclosure_filer not in ("", DisclosureFiler.NONE):
        sentence = _("You file a financial disclosure report: %(report)s.")
        asked.append(sentence % {"report": opening.get_disclosure_filer_display()})
    if opening.series and opening.series.has_positive_education_requirement:
        asked.append(_("You have the education that the occupational series asks for."))
    return asked


def text_rows(opening: Opening) -> list[Row]:
    """What applicants read, each with its lines."""
    return [
        {"label": capfirst(label_of(name)), "lines": lines(getattr(opening, name))}
        for name in ("summary", "duties", "requirements", "evaluation")
    ]


def lines(text: str) -> list[str]:
    """The lines of a text that say something; several are shown as a list."""
    return [line.strip() for line in text.splitlines() if line.strip()]
