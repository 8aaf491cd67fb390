"""The federal list of agencies: each line is accounted for, and a broken file changes nothing."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency, AgencyLevel
from techforce.core.audit import record_event
from techforce.core.errors import Refused
from techforce.core.services import service
from techforce.core.versions import save_version

CODE = re.compile(r"[A-Z0-9]{1,4}")
COLUMNS = ("code", "name", "parent_code", "acronym", "level", "cfo_act_agency", "disabled")


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One line of the file, read but not yet believed."""

    number: int
    code: str
    name: str
    parent_code: str
    acronym: str
    level: str
    is_cfo_act: bool
    is_active: bool


@dataclass(slots=True)
class LoadReport:
    """What became of every line. Lines are counted as in an editor, the heading being line 1."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def lines(self) -> int:
        return len(self.created) + len(self.updated) + len(self.unchanged) + len(self.refused)

    def __str__(self) -> str:
        counts = {
            "lines": self.lines,
            "created": len(self.created),
            "updated": len(self.updated),
            "unchanged": len(self.unchanged),
            "refused": len(self.refused),
        }
        sentence = _(
            "%(lines)s lines: %(created)s created, %(updated)s updated, %(unchanged)s unchanged,"
            " %(refused)s refused"
        )
        return sentence % counts


class BrokenFile(Refused):
    """The file as a whole cannot be believed; `report` says what is wrong with which line."""

    def __init__(self, sentence: str, report: LoadReport) -> None:
        self.report = report
        super().__init__(sentence)


@service
def load_agencies(*, path: Path, by: Any) -> LoadReport:
    """Create and update agencies from the CSV file at `path`, all lines or none.

    An empty acronym in the file does not erase one that is known; a code that the file leaves out stays as it
    is. Raises BrokenFile, with a report of the lines at fault, and then nothing was changed.
    """
    report = LoadReport()
    lines = _believable(_read(path, report), report)
    if report.refused:
        raise BrokenFile(_wrong_lines(len(report.refused)), report)
    known = {agency.code: agency for agency in Agency.objects.select_for_update(of=("self",)).order_by("pk")}
    for line in _parents_first(lines):
        known[line.code] = _store(line, known, report)
    _record(report, known, by)
    return report


def _wrong_lines(count: int) -> str:
    sentence = ngettext(
        "%(count)s line is wrong, so nothing was changed.",
        "%(count)s lines are wrong, so nothing was changed.",
        count,
    )
    return sentence % {"count": count}


def _read(path: Path, report: LoadReport) -> list[AgencyLine]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenFile(_("The file cannot be read as UTF-8 text."), report) from error
    if "\0" in text:
        raise BrokenFile(_("The file cannot be read as UTF-8 text."), report)
    rows = csv.DictReader(text.splitlines(), strict=True)
    try:
        if missing := [name for name in COLUMNS if name not in (rows.fieldnames or [])]:
            raise BrokenFile(_("The heading lacks: %(names)s.") % {"names": ", ".join(missing)}, report)
        return list(_parse(rows, report))
    except csv.Error as error:
        sentence = _("Line %(line)s is no CSV line.") % {"line": rows.line_num}
        raise BrokenFile(sentence, report) from error


def _parse(rows: "csv.DictReader[str]", report: LoadReport) -> Iterator[AgencyLine]:
    for row in rows:
        if None in row or None in row.values():
            report.refused.append((rows.line_num, _("another number of cells than the heading")))
            continue
        cells = {name: row[name].strip() for name in COLUMNS}
        yield AgencyLine(
            number=rows.line_num,
            code=cells["code"],
            name=cells["name"],
            parent_code=cells["parent_code"],
            acronym=cells["acronym"],
            level=cells["level"],
            is_cfo_act=cells["cfo_act_agency"] == "yes",
            is_active=cells["disabled"] == "no",
        )


def _believable(lines: list[AgencyLine], report: LoadReport) -> list[AgencyLine]:
    """The lines that can be stored; the others go into the report with a reason."""
    known = set(Agency.objects.values_list("code", flat=True)) | {line.code for line in lines}
    seen: set[str] = set()
    for line in lines:
        if sentence := _fault(line, known, seen):
            report.refused.append((line.number, sentence))
        seen.add(line.code)
    for line in _in_a_circle(lines):
        report.refused.append((line.number, _("%(code)s would be part of itself") % {"code": line.code}))
    if not lines and not report.refused:
        raise BrokenFile(_("The file has no lines."), report)
    return lines


def _fault(line: AgencyLine, known: set[str], seen: set[str]) -> str:
    if line.code in seen:
        return _("the code %(code)s comes twice") % {"code": line.code}
    if not CODE.fullmatch(line.code):
        return _("“%(code)s” is no code of one to four capitals and digits") % {"code": line.code}
    if not line.name or len(line.name) > 160 or len(line.acronym) > 20:
        return _("the name is empty, or a text is too long")
    if line.level not in AgencyLevel.values:
        return _("“%(level)s” is no level") % {"level": line.level}
    if line.parent_code and line.parent_code not in known:
        return _("the parent %(code)s is unknown") % {"code": line.parent_code}
    return ""


def _in_a_circle(lines: Iterable[AgencyLine]) -> Iterator[AgencyLine]:
    """Lines whose parents, in this file or as stored, lead back to themselves."""
    stored = Agency.objects.filter(parent__isnull=False).values_list("code", "parent__code")
    parents = {**dict(stored), **{line.code: line.parent_code for line in lines}}
    for line in lines:
        seen = {line.code}
        above = line.parent_code
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
        if above == line.code:
            yield line


def _parents_first(lines: Iterable[AgencyLine]) -> Iterator[AgencyLine]:
    """Each line after its parent's, so that a parent is there before it is pointed to."""
    waiting = {line.code: line for line in lines}
    while waiting:
        free = [line for line in waiting.values() if line.parent_code not in waiting]
        for line in free:
            yield waiting.pop(line.code)


def _store(line: AgencyLine, known: dict[str, Agency], report: LoadReport) -> Agency:
    agency = known.get(line.code)
    if agency is None:
        report.created.append(line.code)
        return Agency.objects.create(code=line.code, **_wanted(line, known, acronym=line.acronym))
    wanted = _wanted(line, known, acronym=line.acronym or agency.acronym)
    changed = [name for name, value in wanted.items() if getattr(agency, name) != value]
    if not changed:
        report.unchanged.append(line.code)
        return agency
    for name in changed:
        setattr(agency, name, wanted[name])
    save_version(agency, expected=agency.version, fields=changed)
    report.updated.append(line.code)
    return agency


def _wanted(line: AgencyLine, known: dict[str, Agency], *, acronym: str) -> dict[str, Any]:
    parent = known[line.parent_code] if line.parent_code else None
    return {
        "name": line.name,
        "acronym": acronym,
        "parent": parent,
        "level": line.level,
        "is_cfo_act": line.is_cfo_act,
        "is_active": line.is_active,
    }


def _record(report: LoadReport, known: dict[str, Agency], by: Any) -> None:
    """One audit event an agency that the file made or changed."""
    for verb, codes in (("created", report.created), ("updated", report.updated)):
        for code in codes:
            record_event(
                f"agencies.agency:{verb}", subject=known[code], by=by, detail={"source": "agency list"}
            )
