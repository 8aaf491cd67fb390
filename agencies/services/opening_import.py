"""USAJOBS announcements become drafts: every record is accounted for, and a broken file changes nothing."""

import datetime
import zoneinfo
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone

from agencies.models import Agency, Office, Opening, OpeningPlace
from agencies.services.agency_match import AgencyIndex, AgencyNotFound
from agencies.services.guards import missing_parts, pay_problem
from agencies.services.import_notes import BROKEN_FILES, import_note
from agencies.usajobs import Announcement, Gap, Unreadable, UnreadableFile, read_announcements
from techforce.core.audit import record_event
from techforce.core.errors import Refused
from techforce.core.services import service
from techforce.program.models import Cohort, OccupationalSeries, Sensitivity, VettingTier

LARGEST_FILE = 50_000_000  # bytes; one answer of the API with its 500 records has about 10 million
LONGEST_NAME = 160
TIME_ZONE = zoneinfo.ZoneInfo("America/New_York")  # in which USAJOBS announces its deadlines


class BrokenAnnouncementFile(Refused):
    """A file as a whole cannot be believed; nothing was changed."""


@dataclass(frozen=True, slots=True)
class RefusedRecord:
    """`place` is the file and the number of the record in it, counted from 1."""

    control_number: str
    place: str
    reason: str
    found: str = ""


@dataclass(slots=True)
class ImportReport:
    """What became of every record."""

    created: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[RefusedRecord] = field(default_factory=list)
    gaps: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        return len(self.created) + len(self.unchanged) + len(self.refused)


@dataclass(frozen=True, slots=True)
class Record:
    place: str
    content: Announcement | Unreadable


@service
def import_openings(
    *, paths: Sequence[Path], cohort: Cohort, is_dry_run: bool = False, by: Any
) -> ImportReport:
    """Make a draft in `cohort` of every announcement in these files that is not there yet.

    A draft that was made before stays as people have left it. A dry run does all of it and takes it back.
    Raises BrokenAnnouncementFile before anything is written.
    """
    records = [record for path in paths for record in _read(path)]
    with transaction.atomic():
        # Imports into one cohort take turns; applicants, who only refer to its key, need not wait.
        locked = Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=cohort.pk)
        report = _Import(locked, by).run(records)
        if is_dry_run:
            transaction.set_rollback(True)
    return report


def _read(path: Path) -> list[Record]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _broken(path, "too_large")
        found = read_announcements(path.read_bytes())
    except OSError as error:
        raise _broken(path, "unreadable") from error
    except UnreadableFile as error:
        raise _broken(path, str(error)) from error
    return [Record(f"{path.name}, {number}", content) for number, content in enumerate(found, start=1)]


def _broken(path: Path, reason: str) -> BrokenAnnouncementFile:
    return BrokenAnnouncementFile(BROKEN_FILES[reason] % {"name": path.name})


class _Import:
    """One run, with the reference rows that every record needs."""

    def __init__(self, cohort: Cohort, by: Any) -> None:
        self.cohort, self.by = cohort, by
        self.agencies = AgencyIndex()
        self.series = {row.code: row for row in OccupationalSeries.objects.filter(is_active=True)}
        self.tiers = {row.code: row for row in VettingTier.objects.all()}
        self.sensitivities = {row.code: row for row in Sensitivity.objects.all()}
        self.offices: dict[tuple[int, str], Office] = {}
        self.report = ImportReport()

    def run(self, records: Sequence[Record]) -> ImportReport:
        earlier = Opening.objects.filter(cohort=self.cohort).exclude(control_number="")
        known = set(earlier.values_list("control_number", flat=True))
        seen: set[str] = set()
        for record in records:
            number = record.content.control_number
            if number and number in seen:
                self._refuse(record, "came_before")
            elif isinstance(record.content, Unreadable):
                self._refuse(record, record.content.reason)
            elif number in known:
                self.report.unchanged.append(number)
            else:
                self._take(record, record.content)
            seen.add(number)
        return self.report

    def _take(self, record: Record, announcement: Announcement) -> None:
        try:
            agency = self.agencies.find(announcement)
        except AgencyNotFound as error:
            named = (*announcement.agency_codes, announcement.organization, announcement.department)
            self._refuse(record, error.reason, ", ".join(filter(None, named)))
            return
        self._make_draft(announcement, agency)
        self.report.created.append(announcement.control_number)

    def _refuse(self, record: Record, reason: str, found: str = "") -> None:
        refused = RefusedRecord(record.content.control_number, record.place, reason, found)
        self.report.refused.append(refused)

    def _make_draft(self, announcement: Announcement, agency: Agency) -> None:
        gaps = list(announcement.gaps)
        opening = Opening(
            cohort=self.cohort,
            agency=agency,
            office=self._office(announcement, agency, gaps),
            control_number=announcement.control_number,
            title=announcement.title[:LONGEST_NAME],
            pay_plan=announcement.pay_plan,
            seats=announcement.seats,
            term_months=self.cohort.term_months,
            is_remote=announcement.is_remote,
            is_telework_eligible=announcement.is_telework_eligible,
            travel_percent=announcement.travel_percent,
            vetting_tier=self.tiers.get(announcement.tier),
            sensitivity=self.sensitivities.get(announcement.sensitivity),
            **announcement.texts,
        )
        if len(announcement.title) > LONGEST_NAME:
            gaps.append(Gap("title", "cut", announcement.title))
        self._classify(opening, announcement, gaps)
        self._pay(opening, announcement, gaps)
        self._date(opening, announcement, gaps)
        opening.import_note = import_note(announcement.control_number, gaps, missing_parts(opening))
        opening.save()
        places = [
            OpeningPlace(opening=opening, city=city, state=state) for city, state in announcement.places
        ]
        OpeningPlace.objects.bulk_create(places)
        detail = {"source": "USAJOBS", "control_number": announcement.control_number}
        record_event("agencies.opening:imported", subject=opening, by=self.by, detail=detail)
        self.report.gaps.update({(gap.part, gap.reason) for gap in gaps})

    def _classify(self, opening: Opening, announcement: Announcement, gaps: list[Gap]) -> None:
        offered = [self.series[code] for code in announcement.series if code in self.series]
        if offered:
            opening.series = offered[0]
        if announcement.series and not offered:
            gaps.append(Gap("series", "unknown_series", ", ".join(announcement.series)))
        elif len(announcement.series) > 1:
            gaps.append(Gap("series", "one_of_several", ", ".join(announcement.series)))
        if announcement.grades:
            opening.grade_low, opening.grade_high = announcement.grades

    def _pay(self, opening: Opening, announcement: Announcement, gaps: list[Gap]) -> None:
        """A range that submitting would refuse (I5) is left out, so that nobody takes it for settled."""
        if announcement.pay is None:
            return
        opening.pay_low, opening.pay_high = low, high = announcement.pay
        opening.cohort_pay_min, opening.cohort_pay_max = self.cohort.pay_min, self.cohort.pay_max
        if pay_problem(opening):
            opening.pay_low = opening.pay_high = None
            gaps.append(Gap("pay", "outside_band", f"${low:,} to ${high:,}"))

    def _date(self, opening: Opening, announcement: Announcement, gaps: list[Gap]) -> None:
        """From the first moment of the first day to the first moment after the last."""
        if announcement.dates is None:
            return
        first, last = announcement.dates
        closes_at = _midnight(last + datetime.timedelta(days=1))
        if closes_at <= timezone.now():
            gaps.append(Gap("dates", "gone_by", f"{first} to {last}"))
        else:
            opening.opens_at, opening.closes_at = _midnight(first), closes_at

    def _office(self, announcement: Announcement, agency: Agency, gaps: list[Gap]) -> Office:
        """The agency's office of the name that the announcement gives, else of the agency's own; made if there
        is none, since an opening always belongs to an office."""
        name = (announcement.office or agency.name)[:LONGEST_NAME].strip()
        gaps.append(Gap("office", "from_announcement" if announcement.office else "whole_agency", name))
        key = agency.pk, name.casefold()
        if key not in self.offices:
            same_name = Office.objects.alias(key=Lower("name")).filter(agency=agency, key=Lower(Value(name)))
            found = same_name.order_by("pk").first()
            self.offices[key] = found or self._make_office(agency, name, announcement)
        return self.offices[key]

    def _make_office(self, agency: Agency, name: str, announcement: Announcement) -> Office:
        only_place = announcement.places[0] if len(announcement.places) == 1 else ("", "")
        office = Office.objects.create(agency=agency, name=name, city=only_place[0], state=only_place[1])
        record_event("agencies.office:created", subject=office, by=self.by, detail={"source": "USAJOBS"})
        return office


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=TIME_ZONE)
