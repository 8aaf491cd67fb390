import datetime
import json
from argparse import Action, ArgumentError, ArgumentParser, Namespace
from itertools import pairwise
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from placements.checklists import Anchor
from placements.services import end_of_term, preview_checklist
from placements.services.preview import StepsOfBoth, seeded_steps, steps_in_use
from techforce.core.calendar import NO_CLOSURES, BusinessCalendar
from techforce.core.closures import closures

KINDS = ("leave_of_absence", "separation", "outside")
TIERS = ("L", "M", "NS-S", "H", "NS-TS")
OTHER_NAMES = {
    "LOW": "L", "MODERATE": "M", "HIGH": "H", "M-PT": "M", "H-PT": "H", "SECRET": "NS-S", "TOP-SECRET": "NS-TS",
}  # fmt: skip
IN_ORDER = (
    ("SEL", "sel", "selection"),
    ("TJO_SENT", "tjo-sent", "sending of the tentative offer"),
    ("TJO", "tjo", "acceptance of the tentative offer"),
    ("FJO", "fjo", "firm offer"),
    ("EOD", "eod", "entry on duty"),
)
SENSITIVITIES = {"nonsensitive": False, "noncritical": True, "critical": True, "special": False}
"""Whether a position of this sensitivity allows a waiver (5 CFR 1400.202)."""

OPTIONS = (
    ("kind", None, ", ".join(KINDS)),
    ("tier", None, ", ".join(TIERS)),
    *((option, "DATE", f"day of the {words}") for _anchor, option, words in IN_ORDER),
    ("sep", "DATE", "last day at the partner company"),
    ("sensitivity", None, ", ".join(SENSITIVITIES)),
    ("term-months", "MONTHS", "length of the term (24)"),
    ("ends-on", "DATE", "last day of the term, instead of its length"),
)
KEYS = ("code", "due_on", "nudge_on", "owner", "gate", "depends_on", "reason")
"""What --json prints of a step."""
USUAL_MONTHS, MOST_MONTHS = 24, 48
"""A term, and what appointments of one person may come to together (5 CFR 213.3102(r))."""


class _Once(Action):
    """Two answers to one question are a mistake, not a change of mind."""

    def __call__(
        self, parser: ArgumentParser, namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            raise ArgumentError(self, "is given twice.")
        setattr(namespace, self.dest, values)


class Command(BaseCommand):
    help = "Prints when each step of vetting and ethics would be due, from the versions of the checklists in use."
    requires_system_checks: list[str] = []  # it does without a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        for option, shape, words in OPTIONS:
            parser.add_argument(f"--{option}", metavar=shape, action=_Once, help=words)
        parser.add_argument(
            "--reciprocity", action="store_true", help="an earlier investigation is found and accepted"
        )
        parser.add_argument("--json", action="store_true", help="one object a code")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, tier = _kind(options["kind"]), _tier(options["tier"])
        rows = preview_checklist(
            steps=_steps(kind, tier),
            anchors=_anchors(options),
            is_waiver_possible=_waiver(options["sensitivity"], tier),
            calendar=BusinessCalendar(_closures()),
            is_result_accepted=options["reciprocity"],
        )
        if options["json"]:
            self.stdout.write(json.dumps([{key: row[key] for key in KEYS} for row in rows], indent=2))
            return
        for row in rows:
            when = f"{row['due_on']}  nudge {row['nudge_on']}" if row["due_on"] else row["reason"]
            self.stdout.write(f"{row['code']:8} {row['owner']:12} {row['gate']:14} {when}")


def _refuse(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=2)


def _kind(text: str | None) -> str:
    kind = (text or "").strip().lower().replace("-", "_")
    kind = {"leave": "leave_of_absence"}.get(kind, kind)
    if kind not in KINDS:
        raise _refuse(f"--kind is one of {', '.join(KINDS)}.")
    return kind


def _tier(text: str | None) -> str:
    """ "M(PT)", "moderate" and "ns_ts" are understood too."""
    tier = (text or "").strip().upper().replace("(PT)", "").replace("_", "-").replace(" ", "-")
    tier = OTHER_NAMES.get(tier, tier)
    if tier not in TIERS:
        raise _refuse(f"--tier is one of {', '.join(TIERS)}.")
    return tier


def _waiver(text: str | None, tier: str) -> bool | None:
    """NS-S is noncritical-sensitive; NS-TS may be critical or special, so without a word nobody knows."""
    if text is None:
        return True if tier == "NS-S" else None
    sensitivity = text.strip().lower().removesuffix("sensitive").rstrip("-_ ")
    sensitivity = {"non": "nonsensitive"}.get(sensitivity, sensitivity).replace("non-critical", "noncritical")
    if sensitivity not in SENSITIVITIES:
        raise _refuse(f"--sensitivity is one of {', '.join(SENSITIVITIES)}.")
    if sensitivity == "nonsensitive" and tier.startswith("NS"):
        raise _refuse(f"A position of tier {tier} is sensitive: noncritical, critical or special.")
    return SENSITIVITIES[sensitivity]


def _anchors(options: dict[str, Any]) -> dict[str, Anchor]:
    days = _days_in_order(options)
    left_on, starts_on = _date(options, "sep"), days.get("EOD")
    if left_on and starts_on and left_on > starts_on:
        raise _refuse(
            f"The last day at the company ({left_on}) cannot follow the entry on duty ({starts_on})."
        )
    more = {"SEP": left_on, "TERM": _end(options, days)}
    return {anchor: Anchor(day) for anchor, day in {**days, **more}.items() if day is not None}


def _days_in_order(options: dict[str, Any]) -> dict[str, datetime.date]:
    given = [(anchor, words, _date(options, option)) for anchor, option, words in IN_ORDER]
    known = [(anchor, words, day) for anchor, words, day in given if day is not None]
    for (_one, earlier, first), (_other, later, second) in pairwise(known):
        if second < first:
            raise _refuse(f"The {later} ({second}) cannot come before the {earlier} ({first}).")
    return {anchor: day for anchor, _words, day in known}


def _end(options: dict[str, Any], days: dict[str, datetime.date]) -> datetime.date | None:
    ends_on, months = _date(options, "ends-on"), _months(options["term_months"])
    if ends_on is None:
        return end_of_term(days["EOD"], months or USUAL_MONTHS) if "EOD" in days else None
    if months:
        raise _refuse("--term-months and --ends-on exclude each other.")
    for anchor, _option, words in reversed(IN_ORDER):
        if anchor in days and ends_on < days[anchor]:
            raise _refuse(f"The term cannot end ({ends_on}) before the {words} ({days[anchor]}).")
    if "EOD" in days and ends_on > end_of_term(days["EOD"], MOST_MONTHS):
        raise _refuse(f"The term lasts at most {MOST_MONTHS} months from the entry on duty ({days['EOD']}).")
    return ends_on


def _months(text: str | int | None) -> int | None:
    if text is None:
        return None
    if not str(text).isdecimal() or not 1 <= int(text) <= MOST_MONTHS:
        raise _refuse(f"--term-months is a number from 1 to {MOST_MONTHS}.")
    return int(text)


def _date(options: dict[str, Any], option: str) -> datetime.date | None:
    text = options[option.replace("-", "_")]
    if text is None or isinstance(text, datetime.date):
        return text
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise _refuse(f"--{option} is a date such as 2026-11-30, not “{text}”.")
    if not 2000 <= day.year <= 2100:
        raise _refuse(f"--{option} lies in the years 2000 to 2100, not in {day.year}.")
    return day


def _steps(kind: str, tier: str) -> StepsOfBoth:
    """As staff published them; where there is no database, as they come with the release."""
    try:
        return steps_in_use(kind, tier) or seeded_steps(kind, tier)
    except DatabaseError:
        return seeded_steps(kind, tier)


def _closures() -> frozenset[datetime.date]:
    """Days that staff closed by hand; none where there is no database."""
    try:
        return closures()
    except DatabaseError:
        return NO_CLOSURES
