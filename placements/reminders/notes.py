"""What a reminder adds to its date, by the words in placements/seed/reminders.toml. Nothing about vetting, ethics or
people (domain.md §6.3 rule 7); companies hear dates only."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from placements.reminders.ladders import DECLARED
from placements.reminders.people import is_of_company
from techforce.core.ladders.thresholds import Threshold

BEFORE, AFTER = "before", "after"

TO_THE_PERSON = {
    "more_time": _("If you need more time, ask for it there before that day."),
    "begins_again": _("If it stays open, it has to begin again."),
}
TO_STAFF = {
    "start_at_risk": _("the start is at risk"),
    "begins_again": _("if it stays open, it has to begin again"),
    "extend_or_return": _("extend it, or plan the return"),
    "not_allowed_any_more": _("what it allowed is not allowed any more"),
}


def note_of(key: str, threshold: Threshold, person: Any, *, is_theirs: bool) -> str:
    """Of the ladder `key`, for one recipient."""
    word = DECLARED[key].notes.get(AFTER if threshold.is_late else BEFORE, "")
    if is_of_company(person):
        return ""
    return str((TO_THE_PERSON if is_theirs else TO_STAFF).get(word, ""))
