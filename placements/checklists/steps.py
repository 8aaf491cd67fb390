"""What a checklist template consists of: its words, its steps, and the distance of each from an anchor."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

ANCHORS = frozenset({"SEL", "TJO_SENT", "TJO", "FJO", "EOD", "SEP", "TERM", "CONTACT", "CHANGE"})
"""SEL selection, TJO_SENT and TJO sending and acceptance of the tentative offer, FJO firm offer, EOD entry on duty,
SEP last day at the company, TERM last day of the term, CONTACT the investigator's call, CHANGE of duties."""

EVENTS = frozenset({"CONTACT", "CHANGE"})
"""What may happen several times, each time on a day that nobody can foresee."""

ROLES = frozenset(
    {
        "candidate", "hiring_manager", "hr_specialist", "security_officer", "ethics_official", "supervisor",
        "appointing_official", "agency_head", "investigator", "adjudicator", "credentialing_office", "partner", "opm",
        "oge",
    }
)  # fmt: skip
OUTSIDE_ROLES = frozenset({"investigator", "adjudicator", "credentialing_office", "partner", "oge"})
"""Parties without an account here: somebody else records what they did."""
RECORDING_ROLES = frozenset(
    {
        "hiring_manager", "hr_specialist", "security_officer", "ethics_official", "supervisor", "appointing_official",
        "opm",
    }
)  # fmt: skip
"""Roles whose holders may record a step; nobody records their own."""

GATES = ("firm_offer", "entry_on_duty", "end", "none")
STOPPING_GATES = ("firm_offer", "entry_on_duty")

UNDATED = frozenset({"decided_elsewhere", "no_goal_for_tier", "before_first_access", "before_the_activity"})
DECIDED_BY = frozenset({"opening", "agreement", "nomination", "determination"})

DUE = re.compile(r"(?P<anchor>[A-Z0-9_|-]+?)(?P<offset>[+-]\d+)(?P<unit>bd|d|mo)")
UNITS = {"d": "calendar_days", "bd": "business_days", "mo": "months"}
FARTHEST = {"calendar_days": 3_660, "business_days": 3_660, "months": 120}
"""How far a step may lie from what it counts from, before or after: about ten years."""
MOST_CODES = 10
"""That a step counts on, or may end in."""
YEARLY = re.compile(r"(?P<month>\d\d)-(?P<day>\d\d)(?:>(?P<served>\d+))?")


class BadTemplate(ValueError):
    """The template file contradicts itself; the message names file kind and step."""


@dataclass(frozen=True, slots=True)
class Due:
    """A distance from an anchor; `anchor` may name alternatives, as in "V15|V18"."""

    anchor: str
    offset: int
    unit: str

    @property
    def is_in_reach(self) -> bool:
        return abs(self.offset) <= FARTHEST[self.unit]

    @classmethod
    def parse(cls, text: str) -> "Due":
        match = DUE.fullmatch(text)
        if match is None:
            raise BadTemplate(f"“{text}” is no distance from an anchor")
        return cls(match["anchor"], int(match["offset"]), UNITS[match["unit"]])


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """A day of every year after that of entry on duty, such as "12-31". "02-15>60" asks for more than 60 days in the
    position during the year before (5 CFR 2634.903(a))."""

    month: int
    day: int
    days_served: int = 0

    @classmethod
    def parse(cls, text: str) -> "YearlyDay":
        match = YEARLY.fullmatch(text)
        if match is None:
            raise BadTemplate(f"“{text}” is no day of a year")
        return cls(int(match["month"]), int(match["day"]), int(match["served"] or 0))

    @classmethod
    def is_day(cls, text: str) -> bool:
        """A day that every year has."""
        match = YEARLY.fullmatch(text)
        try:
            return match is not None and bool(date(2027, int(match["month"]), int(match["day"])))
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a template. Its due date is the latest of `due`, or a day each year, or unknown for a reason."""

    code: str
    title: str
    owner: str
    gate: str
    recorder: str = ""
    shared_with: tuple[str, ...] = ()
    due: tuple[Due, ...] = ()
    opens: Due | None = None
    yearly: tuple[str, ...] = ()
    repeats: bool = False
    undated: str = ""
    depends_on: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    when: str = ""
    outcomes: tuple[str, ...] = ("recorded",)
    accepted: tuple[str, ...] = ("recorded",)
    excusable_by: tuple[str, ...] = ()
    valid_days: int | None = None
    is_legal: bool = False
    law: str = ""
    evidence: str = ""
    guidance: str = ""
    decided_by: str = ""
    changed_by: tuple[str, ...] = ()

    def references(self) -> Iterator[str]:
        """Every anchor or code that this step counts on."""
        opens = (self.opens.anchor,) if self.opens else ()
        for name in (*(due.anchor for due in self.due), *opens, *self.depends_on):
            yield from name.split("|")

    def event(self) -> str:
        """The anchor that nobody can foresee, if it counts from one."""
        return next((due.anchor for due in self.due if due.anchor in EVENTS), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The steps of one kind of checklist; `tier` is empty where the vetting tier does not matter."""

    kind: str
    tier: str
    effective_on: date
    steps: tuple[Step, ...] = field(default_factory=tuple)
