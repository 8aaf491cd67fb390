import datetime
import json
from argparse import ArgumentParser
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


class Command(BaseCommand):
    help = "Prints when each step of vetting and ethics would be due, from the versions of the checklists in use."
    requires_system_checks: list[str] = []  # it does without a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", help=", ".join(KINDS))
        parser.add_argument("--tier", help=", ".join(TIERS))
        for _anchor, option, words in IN_ORDER:
            parser.add_argument(f"--{option}", metavar="DATE", help=f"day of the {words}")
        parser.add_argument("--sep", metavar="DATE", help="last day at the partner company")
        parser.add_argument("--sensitivity", help=", ".join(SENSITIVITIES))
        parser.add_argument(
            "--reciprocity", action="store_true", help="an earlier investigation is found and accepted"
        )
        parser.add_argument("--term-months", default="24", help="length of the term (24)")
        parser.add_argument("--ends-on", metavar="DATE", help="last day of the term, instead of its length")
        parser.add_argument("--json", action="store_true", help="one object a code")

    def handle(self, *args: Any, **options: Any) -> None:
        tier = _tier(options["tier"])
        rows = preview_checklist(
            steps=_steps(_kind(options["kind"]), tier),
            anchors=_anchors(options),
            is_waiver_possible=_waiver(options["sensitivity"], tier),
            calendar=BusinessCalendar(_closures()),
            is_result_accepted=options["reciprocity"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
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
    return SENSITIVITIES[sensitivity]


def _anchors(options: dict[str, Any]) -> dict[str, Anchor]:
    given = [(anchor, words, _date(options, option)) for anchor, option, words in IN_ORDER]
    known = [(anchor, words, day) for anchor, words, day in given if day is not None]
    for (_one, earlier, first), (_other, later, second) in pairwise(known):
        if second < first:
            raise _refuse(f"The {later} ({second}) cannot come before the {earlier} ({first}).")
    days = {anchor: day for anchor, _words, day in known}
    if (left_on := _date(options, "sep")) is not None:
        days["SEP"] = left_on
        if "EOD" in days and left_on > days["EOD"]:
            raise _refuse(
                f"The last day at the company ({left_on}) cannot follow the entry on duty ({days['EOD']})."
            )
    if (ends_on := _end(options, days.get("EOD"))) is not None:
        days["TERM"] = ends_on
    return {anchor: Anchor(day) for anchor, day in days.items()}


def _end(options: dict[str, Any], starts_on: datetime.date | None) -> datetime.date | None:
    ends_on = _date(options, "ends-on")
    if ends_on is not None:
        if starts_on is not None and ends_on < starts_on:
            raise _refuse(f"The term cannot end ({ends_on}) before the entry on duty ({starts_on}).")
        return ends_on
    months = str(options["term_months"])
    if not months.isdecimal() or not 1 <= int(months) <= 48:
        raise _refuse("--term-months is a number from 1 to 48.")
    return end_of_term(starts_on, int(months)) if starts_on else None


def _date(options: dict[str, Any], option: str) -> datetime.date | None:
    text = options[option.replace("-", "_")]
    if text is None or isinstance(text, datetime.date):
        return text
    try:
        day = datetime.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a date has no time zone)
    except ValueError:
        raise _refuse(f"--{option} is a date such as 2026-11-30, not “{text}”.") from None
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
