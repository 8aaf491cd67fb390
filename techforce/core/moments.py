"""Words for dates and deadlines. A deadline names its time zone; a date alone means Washington, D.C."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EASTERN = "America/New_York"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"  # so that a line never ends between the hour and its zone

# As people write them, without telling summer from winter: the hour on the wall is what counts.
ZONE_NAMES = {
    EASTERN: "ET",
    "America/Chicago": "CT",
    "America/Denver": "MT",
    "America/Phoenix": "MT",
    "America/Los_Angeles": "PT",
    "America/Anchorage": "AKT",
    "Pacific/Honolulu": "HT",
    "America/Puerto_Rico": "AT",
    "Pacific/Guam": "ChT",
    "UTC": "UTC",
}


def announced(moment: datetime.datetime, zone: str = EASTERN) -> datetime.datetime:
    """The moment in its zone as people say it: what ends with a day ends at 11:59 p.m. of that day."""
    local = moment.astimezone(ZoneInfo(zone))
    return local - datetime.timedelta(minutes=1) if local.time() == datetime.time(0) else local


def deadline_text(moment: datetime.datetime | datetime.date, zone: str = EASTERN) -> str:
    """ "October 14, 2026, 11:59 p.m. ET", or the date alone for a date."""
    if not isinstance(moment, datetime.datetime):
        return format_date(moment, "F j, Y")
    local = announced(moment, zone)
    clock = f"{format_date(local, 'P')} {ZONE_NAMES.get(zone) or local.tzname()}"
    return f"{format_date(local, 'F j, Y')}, {clock.replace(' ', NO_BREAK_SPACE)}"


def days_until(moment: datetime.datetime | datetime.date, zone: str = EASTERN) -> int:
    """Calendar days from today, both in the deadline's zone; negative once it has passed."""
    day = announced(moment, zone).date() if isinstance(moment, datetime.datetime) else moment
    return (day - timezone.now().astimezone(ZoneInfo(zone)).date()).days


def distance_text(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
