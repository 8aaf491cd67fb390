"""What an import says about the parts that it left empty and the records that it refused."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.usajobs import Gap

PARTS = {
    "dates": gettext_lazy("Dates"),
    "duties": gettext_lazy("Duties"),
    "evaluation": gettext_lazy("How we evaluate you"),
    "grades": gettext_lazy("Grades"),
    "office": gettext_lazy("Office"),
    "pay": gettext_lazy("Pay"),
    "pay_plan": gettext_lazy("Pay plan"),
    "places": gettext_lazy("Places of work"),
    "requirements": gettext_lazy("Requirements"),
    "seats": gettext_lazy("Seats"),
    "series": gettext_lazy("Series"),
    "summary": gettext_lazy("Summary"),
    "title": gettext_lazy("Title"),
    "travel": gettext_lazy("Travel"),
    "vetting": gettext_lazy("Vetting tier"),
}
GAPS = {
    "cut": gettext_lazy("too long, so it was cut"),
    "from_announcement": gettext_lazy(
        "named as in the announcement; please check, since conflicts go by office"
    ),
    "gone_by": gettext_lazy("the closing date has gone by"),
    "missing": gettext_lazy("the announcement does not say"),
    "not_a_grade": gettext_lazy("not a range of grades from 1 to 15"),
    "not_a_pay_plan": gettext_lazy("not a pay plan of two letters"),
    "not_a_percentage": gettext_lazy("not a percentage"),
    "not_a_place": gettext_lazy("not a city in a state"),
    "not_an_amount": gettext_lazy("not a range of dollars"),
    "not_dates": gettext_lazy("not two dates in order"),
    "not_yearly": gettext_lazy("not a yearly rate"),
    "one_assumed": gettext_lazy("the announcement gives no number, so one is assumed"),
    "one_of_several": gettext_lazy(
        "the announcement has several; the first one that the program knows was taken"
    ),
    "outside_band": gettext_lazy("outside the pay band of the cohort"),
    "unclear_designation": gettext_lazy("does not lead to one tier for certain"),
    "whole_agency": gettext_lazy(
        "the announcement names none, so it is the agency as a whole; please check, since conflicts go by office"
    ),
    "unknown_series": gettext_lazy("not a series that the program offers"),
}
REFUSALS = {
    "ambiguous_agency": gettext_lazy("the name fits several agencies"),
    "came_before": gettext_lazy("the control number came before in these files"),
    "no_agency": gettext_lazy("no agency is named"),
    "no_control_number": gettext_lazy("the record has no control number"),
    "no_descriptor": gettext_lazy("the record describes no position"),
    "no_title": gettext_lazy("the record has no title"),
    "retired_agency": gettext_lazy("the agency is no longer in use"),
    "unknown_agency": gettext_lazy("the agency is not in the list of agencies"),
}
BROKEN_FILES = {
    "not_a_search_result": gettext_lazy("The file %(name)s is no answer of the USAJOBS Search API."),
    "not_json": gettext_lazy("The file %(name)s is not JSON in UTF-8."),
    "too_large": gettext_lazy("The file %(name)s is too large."),
    "unreadable": gettext_lazy("The file %(name)s cannot be read."),
}


def gap_sentence(part: str, reason: str) -> str:
    return f"{PARTS[part]}: {GAPS[reason]}"


def import_note(control_number: str, gaps: Iterable[Gap], still_missing: Iterable[str]) -> str:
    """The note of a draft: where it is from, what could not be taken over, what else submitting asks for."""
    lines = [_("Read in from USAJOBS announcement %(number)s.") % {"number": control_number}]
    for gap in gaps:
        found = f" ({gap.found[:300]})" if gap.found else ""
        lines.append(f"- {gap_sentence(gap.part, gap.reason)}{found}")
    if parts := ", ".join(still_missing):
        lines.append(_("To fill in before submitting: %(parts)s.") % {"parts": parts})
    return "\n".join(lines)
