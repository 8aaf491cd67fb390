"""Words for the codes that people choose from: reasons of transitions and outcomes of steps."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

OFFER_WITHDRAWN = {
    "requirements_not_met": _("Requirements are not met"),
    "position_cancelled": _("The position was cancelled"),
    "error_corrected": _("The offer had an error"),
    "other_offer_accepted": _("The person accepted another offer"),
    "person_withdrew": _("The person withdrew"),
}
NOT_SELECTED = {
    "skills_fit": _("Skills fit the work less well"),
    "experience_fit": _("Experience fits the work less well"),
    "another_selected": _("Somebody else was selected"),
    "position_changed": _("The position changed"),
    "failed_to_reply": _("The person did not reply"),
}
STEP_RETURNED = {
    "incomplete": _("Something is missing"),
    "incorrect": _("Something is wrong"),
    "outdated": _("It is out of date"),
    "illegible": _("It cannot be read"),
}
SUSPENDED = {
    "leave_without_pay": _("Leave without pay"),
    "access_suspended": _("Access is suspended"),
    "conflict_reopened": _("An ethics question was reopened"),
    "furlough": _("Furlough"),
}
ENDED_EARLY = {
    "resigned": _("The person resigned"),
    "recalled_by_partner": _("The partner company asked the person back"),
    "agency_ended": _("The agency ended it"),
    "requirements_not_met": _("Requirements are no longer met"),
    "deceased": _("The person died"),
}
CHANGED = {
    "duties": _("The duties"),
    "office": _("The office"),
    "contract": _("A contract of the office"),
}
FELL_THROUGH = {
    "withdrew": _("The person withdrew"),
    "requirements_not_met": _("Requirements are not met"),
    "position_cancelled": _("The position was cancelled"),
    "conflict": _("The ethics office did not clear it"),
    "no_show": _("The person did not come"),
}
BACK_TO_CHECKS = {
    "step_returned": _("A step came back"),
    "step_expired": _("A result has run out"),
    "start_moved": _("The start was moved"),
    "conflict_reopened": _("An ethics question was reopened"),
    "checklist_moved": _("The checklist follows a newer version, which asks for more"),
}
REASONS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("placements.offer", "withdraw"): OFFER_WITHDRAWN,
    ("placements.selection", "reject"): NOT_SELECTED,
    ("placements.checklistitem", "send_back"): STEP_RETURNED,
    ("placements.placement", "suspend"): SUSPENDED,
    ("placements.placement", "curtail"): ENDED_EARLY,
    ("placements.placement", "fall_through"): FELL_THROUGH,
    ("placements.placement", "return_to_checks"): BACK_TO_CHECKS,
}

OUTCOMES: Mapping[str, Any] = {
    "recorded": _("Done"),
    "accept": _("An earlier result can be accepted"),
    "upgrade": _("An earlier result has to be upgraded"),
    "new": _("A new investigation is needed"),
    "accepted": _("Accepted"),
    "not_accepted": _("Not accepted"),
    "all_no": _("Every answer was no"),
    "some_yes": _("At least one answer was yes"),
    "allowed": _("Allowed"),
    "given_up": _("Given up"),
    "nothing_unvested": _("Nothing is unvested"),
    "clear": _("Clear"),
    "recusal": _("Recusal"),
    "no_recusal": _("No recusal"),
    "remedy": _("Remedy before the start"),
    "waived": _("Waived"),
    "favorable": _("Favorable"),
    "pending": _("Pending"),
    "under_review": _("Under review"),
    "files": _("The position files a disclosure"),
    "does_not_file": _("The position files none"),
    "granted": _("Granted"),
    "eligibility_pending": _("Eligibility pending"),
    "none_received": _("None was received"),
    "received_and_recused": _("One was received; the person is recused"),
    "received_and_waived": _("One was received; it was waived"),
    "returns": _("Returns to the company"),
    "separates": _("Separates from the company"),
    "extends": _("Extends"),
    "converts": _("Converts"),
}


def outcome_word(code: str) -> str:
    """An outcome in words; one that a later template brought stays readable."""
    return str(OUTCOMES.get(code) or code.replace("_", " ").capitalize())
