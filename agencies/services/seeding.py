"""The CFO Act agencies and their main components, of our own writing (agencies/seed/cfo_act.csv).

What is there already stays: the federal list and OPM staff know better than a seed.
"""

import csv
from pathlib import Path

from agencies.models import Agency, AgencyLevel
from techforce.core.seeding import Seeded, put

CFO_ACT = Path(__file__).resolve().parent.parent / "seed" / "cfo_act.csv"
DEPARTMENT_CODE_LENGTH = 2


def seed_agencies() -> Seeded:
    """The 24 agencies of 31 U.S.C. 901(b) and their main components; parents stand before their
    components."""
    seeded = Seeded()
    by_code: dict[str, Agency] = {}
    with CFO_ACT.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_code[row["code"]] = put(seeded, Agency, {"code": row["code"]}, initial=_initial(row, by_code))
    return seeded


def _initial(row: dict[str, str], by_code: dict[str, Agency]) -> dict[str, object]:
    is_department = len(row["code"]) == DEPARTMENT_CODE_LENGTH
    return {
        "name": row["name"],
        "display_name": row["display_name"] if row["display_name"] != row["name"] else "",
        "acronym": row["acronym"],
        "parent": by_code[row["parent_code"]] if row["parent_code"] else None,
        "level": AgencyLevel.DEPARTMENT if is_department else AgencyLevel.SUBELEMENT,
        "is_cfo_act": True,
    }
