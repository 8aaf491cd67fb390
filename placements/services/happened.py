"""The day of what is recorded: services hold it to the same rule as the forms, for rows come in without a form."""

import datetime

from django.utils.translation import gettext as _

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
