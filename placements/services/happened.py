"""The day and the number of what is recorded: services hold them to one rule, whether they come by a form, several at
once, or as rows."""

import datetime

from django.utils.translation import gettext as _

from applicants.sniffing import SOCIAL_SECURITY_NUMBER
from techforce.core.calendar import YEARS_AROUND_TODAY, days_near_today, today
from techforce.core.errors import Refused


def check_happened(day: datetime.date) -> None:
    """It is over, and near enough to be no slip in the year."""
    if day > today():
        raise Refused(_("Record the day on which it happened; it cannot lie in the future."))
    if day < days_near_today()[0]:
        raise Refused(
            _("This day lies more than %(years)d years back. Check the year.") % {"years": YEARS_AROUND_TODAY}
        )


def check_words(text: str) -> None:
    """What somebody writes in their own words."""
    if SOCIAL_SECURITY_NUMBER.search(text):
        raise Refused(_("Remove what looks like a Social Security number: we never ask for one."))


def check_number(*texts: str) -> None:
    """Numbers of another system, and where a paper is kept. What looks like a Social Security number is never kept."""
    if any(SOCIAL_SECURITY_NUMBER.search(text) for text in texts):
        raise Refused(
            _("The external number looks like a Social Security number. Remove it: we never ask for one.")
        )
