"""Announcements of the USAJOBS Search API, in the form of 2016 and in the present one, as plain values.

Nothing in a file is believed: a value that is missing, odd or of another type is left empty, and a `Gap` names it.
"""

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from agencies.usajobs.designation import tier_and_sensitivity
from agencies.usajobs.places import city_and_state
from agencies.usajobs.text import plain_text, word

HIGHEST_PAY = 999_999
HIGHEST_GRADE = 15
MOST_SEATS = 999

YEARLY = frozenset({"pa", "per year"})
TRAVEL_PERCENT = {
    "0": 0,
    "2": 25,
    "5": 50,
    "7": 75,
    "8": 100,
}  # codes without a number, such as "1", are gaps


class UnreadableFile(ValueError):
    """The file is no answer of the Search API; the argument is a reason of `import_notes`."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the draft that stays empty, the reason, and what the announcement had."""

    part: str
    reason: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that cannot become a draft."""

    control_number: str
    reason: str


@dataclass(slots=True)
class Announcement:
    control_number: str
    title: str
    department: str
    organization: str
    agency_codes: tuple[str, ...]
    office: str
    series: tuple[str, ...] = ()
    pay_plan: str = ""
    grades: tuple[int, int] | None = None
    pay: tuple[Decimal, Decimal] | None = None
    dates: tuple[datetime.date, datetime.date] | None = None
    places: tuple[tuple[str, str], ...] = ()
    is_remote: bool = False
    is_telework_eligible: bool = False
    travel_percent: int = 0
    seats: int = 1
    tier: str = ""
    sensitivity: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)


def read_announcements(content: bytes) -> list[Announcement | Unreadable]:
    """Every record of a file, in its order. Raises UnreadableFile if the file as a whole cannot be believed."""
    try:
        tree = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("not_json") from error
    items = _dict(_dict(tree).get("SearchResult")).get("SearchResultItems")
    if not isinstance(items, list):
        raise UnreadableFile("not_a_search_result")
    return [_read(item) for item in items]


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _read(item: Any) -> Announcement | Unreadable:
    number = word(_dict(item).get("MatchedObjectId"))
    if not re.fullmatch(r"[0-9]{1,20}", number, re.ASCII):
        return Unreadable("", "no_control_number")
    body = _dict(_dict(item).get("MatchedObjectDescriptor"))
    title = word(body.get("PositionTitle"))
    if not title:
        return Unreadable(number, "no_title" if body else "no_descriptor")
    details = _dict(_dict(body.get("UserArea")).get("Details"))
    announcement = Announcement(
        control_number=number,
        title=title,
        department=word(body.get("DepartmentName")),
        organization=word(body.get("OrganizationName")),
        agency_codes=_agency_codes(word(details.get("OrganizationCodes"))),
        office=word(body.get("SubAgency")) or word(details.get("SubAgencyName")),
    )
    announcement.gaps.extend(_fill(announcement, body, details))
    return announcement


def _agency_codes(text: str) -> tuple[str, ...]:
    """ "DD/ARAF": the department, then the component."""
    return tuple(text.split("/")) if re.fullmatch(r"[A-Z0-9]{2,4}(/[A-Z0-9]{2,4})*", text) else ()


def _fill(to: Announcement, body: dict[str, Any], details: dict[str, Any]) -> Iterator[Gap]:
    yield from _classification(to, body, details)
    yield from _pay(to, _dicts(body.get("PositionRemuneration")))
    yield from _dates(to, body)
    yield from _places(to, body, details)
    yield from _working_conditions(to, details)
    yield from _designation(to, details)
    yield from _texts(to, body, details)


def _classification(to: Announcement, body: dict[str, Any], details: dict[str, Any]) -> Iterator[Gap]:
    codes = [word(category.get("Code")) for category in _dicts(body.get("JobCategory"))]
    # 2016 also lists the group of the series: 2200 beside 2210.
    to.series = tuple(dict.fromkeys(c for c in codes if re.fullmatch(r"[0-9]{4}", c) and c[2:] != "00"))
    if not to.series:
        yield _gap("series", ", ".join(codes), "unknown_series")
    plans = [word(grade.get("Code")).upper() for grade in _dicts(body.get("JobGrade"))]
    if plans and re.fullmatch(r"[A-Z]{2}", plans[0]):
        to.pay_plan = plans[0]
    else:
        yield _gap("pay_plan", ", ".join(plans), "not_a_pay_plan")
    low, high = word(details.get("LowGrade")), word(details.get("HighGrade"))
    to.grades = _grades(low, high)
    if to.grades is None:
        yield _gap("grades", _range(low, high), "not_a_grade")


def _grades(low: str, high: str) -> tuple[int, int] | None:
    if not all(re.fullmatch(r"[0-9]{1,2}", grade, re.ASCII) for grade in (low, high)):
        return None
    pair = int(low), int(high)
    return pair if 1 <= pair[0] <= pair[1] <= HIGHEST_GRADE else None


def _pay(to: Announcement, rates: list[dict[str, Any]]) -> Iterator[Gap]:
    """Whole dollars a year; several yearly rates (one a grade) become one range."""
    yearly = [rate for rate in rates if _interval(rate) in YEARLY]
    stated = _rates_in_words(yearly or rates)
    if not yearly:
        yield _gap("pay", stated, "not_yearly")
        return
    ranges = [_dollar_range(rate) for rate in yearly]
    known = [pair for pair in ranges if pair]
    if len(known) < len(ranges):
        yield _gap("pay", stated, "not_an_amount")
        return
    to.pay = min(low for low, _high in known), max(high for _low, high in known)


def _dollar_range(rate: dict[str, Any]) -> tuple[Decimal, Decimal] | None:
    low, high = _dollars(rate.get("MinimumRange")), _dollars(rate.get("MaximumRange"))
    return (low, high) if low and high and low <= high else None


def _interval(rate: dict[str, Any]) -> str:
    return word(rate.get("RateIntervalCode")).casefold()


def _rates_in_words(rates: list[dict[str, Any]]) -> str:
    """What the announcement says about pay, for the note."""
    parts = []
    for rate in rates:
        span = _range(word(rate.get("MinimumRange")), word(rate.get("MaximumRange")))
        parts.append(f"{span} {word(rate.get('Description')) or word(rate.get('RateIntervalCode'))}".strip())
    return ", ".join(parts)


def _dollars(value: Any) -> Decimal | None:
    text = word(value).replace(",", "").lstrip("$")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text, re.ASCII):
        return None
    amount = Decimal(text).quantize(Decimal(1), ROUND_HALF_UP)
    return amount if 0 < amount <= HIGHEST_PAY else None


def _dates(to: Announcement, body: dict[str, Any]) -> Iterator[Gap]:
    """Only the days count: 2016 writes midnight UTC and the present form Eastern times, both for whole days."""
    opens = word(body.get("PublicationStartDate")) or word(body.get("PositionStartDate"))
    closes = word(body.get("ApplicationCloseDate")) or word(body.get("PositionEndDate"))
    days = _day(opens), _day(closes)
    if days[0] is None or days[1] is None or days[0] > days[1]:
        yield _gap("dates", _range(opens, closes), "not_dates")
    else:
        to.dates = days[0], days[1]


def _day(text: str) -> datetime.date | None:
    try:
        day = datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
    is_believable = 1990 <= day.year <= 2100 and text[10:11] in ("", "T")
    return day if is_believable else None


def _places(to: Announcement, body: dict[str, Any], details: dict[str, Any]) -> Iterator[Gap]:
    locations = _dicts(body.get("PositionLocation"))
    names = [word(location.get("LocationName")) or word(location.get("CityName")) for location in locations]
    is_anywhere = [name.casefold().startswith("anywhere in the u") for name in names]
    to.is_remote = _is_yes(details.get("RemoteIndicator")) or any(is_anywhere)
    found = {name: city_and_state(location, name) for name, location in zip(names, locations, strict=True)}
    to.places = tuple(dict.fromkeys(place for place in found.values() if place))
    unusable = [
        name for name, anywhere in zip(names, is_anywhere, strict=True) if not (found[name] or anywhere)
    ]
    if unusable or not (to.places or to.is_remote):
        yield _gap("places", "; ".join(dict.fromkeys(unusable)), "not_a_place")


def _working_conditions(to: Announcement, details: dict[str, Any]) -> Iterator[Gap]:
    to.is_telework_eligible = _is_yes(details.get("TeleworkEligible"))
    travel, seats = word(details.get("TravelCode")), word(details.get("TotalOpenings"))
    if travel in TRAVEL_PERCENT:
        to.travel_percent = TRAVEL_PERCENT[travel]
    else:
        yield _gap("travel", travel, "not_a_percentage")
    if re.fullmatch(r"[0-9]{1,3}", seats, re.ASCII) and 1 <= int(seats) <= MOST_SEATS:
        to.seats = int(seats)
    else:
        yield Gap("seats", "one_assumed", seats)


def _designation(to: Announcement, details: dict[str, Any]) -> Iterator[Gap]:
    # The API spells it wrongly; should that be mended one day, the right name works too.
    stated = word(details.get("PositionSensitivitiy")) or word(details.get("PositionSensitivity"))
    clearance = word(details.get("SecurityClearance"))
    known = tier_and_sensitivity(stated, clearance)
    if known:
        to.tier, to.sensitivity = known
    else:
        yield _gap("vetting", ", ".join(filter(None, (stated, clearance))), "unclear_designation")


def _texts(to: Announcement, body: dict[str, Any], details: dict[str, Any]) -> Iterator[Gap]:
    required = (details.get("KeyRequirements"), details.get("Requirements"))
    qualified = (body.get("QualificationSummary"), details.get("Education"))
    sources = {
        "summary": (details.get("JobSummary"),),
        "duties": (details.get("MajorDuties"),),
        "requirements": (*required, *qualified),
        "evaluation": (details.get("Evaluations"),),
    }
    for name, values in sources.items():
        paragraphs = dict.fromkeys(plain for value in values for plain in _paragraphs(value) if plain)
        to.texts[name] = "\n\n".join(paragraphs)
        if not paragraphs:
            yield Gap(name, "missing")


def _paragraphs(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [plain_text(text) for text in values if isinstance(text, str)]


def _gap(part: str, found: str, reason: str) -> Gap:
    """For a value that cannot be used, or is not there at all."""
    return Gap(part, reason if found else "missing", found)


def _range(low: str, high: str) -> str:
    return f"{low or '?'} to {high or '?'}" if low or high else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _is_yes(value: Any) -> bool:
    return value is True or word(value).casefold() in ("true", "yes")
