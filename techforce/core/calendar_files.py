"""Calendar files (RFC 5545). The library `icalendar` escapes and folds; here stand the rules that calendars live by:
an entry keeps its UID for ever, and its SEQUENCE rises with each change."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar, Event

from techforce.core.moments import EASTERN

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = datetime.timedelta(hours=4)
YEAR = datetime.timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An hour in its zone, or a whole day. `key` is the stable name of what it stands for."""

    key: str
    title: str
    starts: datetime.datetime | datetime.date
    ends: datetime.datetime | None = None
    zone: str = EASTERN
    sequence: int = 0
    url: str = ""
    place: str = ""
    is_busy: bool = False
    is_cancelled: bool = False


def calendar_file(entries: Iterable[Entry], *, method: str = "PUBLISH", name: str = "Tech Force") -> bytes:
    """`method` is PUBLISH, or CANCEL for a file that takes entries out again."""
    calendar = Calendar()
    for key, value in {
        "prodid": "-//Tech Force//Calendar//EN",
        "version": "2.0",
        "calscale": "GREGORIAN",
        "method": method,
        "x-wr-calname": name,
    }.items():
        calendar.add(key, value)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    shown = list(entries)
    for entry in shown:
        calendar.add_component(_event(entry))
    if moments := [entry.starts for entry in shown if isinstance(entry.starts, datetime.datetime)]:
        calendar.add_missing_timezones(
            first_date=(min(moments) - YEAR).date(), last_date=(max(moments) + YEAR).date()
        )
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@techforce")
    event.add("dtstamp", timezone.now().astimezone(datetime.UTC))
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", _in_zone(entry.starts, entry.zone))
    if entry.ends is not None:
        event.add("dtend", _in_zone(entry.ends, entry.zone))
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
        event.add("description", entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _in_zone(moment: datetime.datetime | datetime.date, zone: str) -> datetime.datetime | datetime.date:
    return moment.astimezone(ZoneInfo(zone)) if isinstance(moment, datetime.datetime) else moment
