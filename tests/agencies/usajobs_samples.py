"""Announcements of our own in both forms of the USAJOBS Search API, and how tests import them."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from agencies.services import ImportReport, import_openings
from techforce.accounts.models import User
from techforce.program.models import Cohort

PRESENT: dict[str, Any] = {
    "MatchedObjectId": "900100200",
    "MatchedObjectDescriptor": {
        "PositionTitle": "IT Specialist (APPSW)",
        "PositionLocation": [
            {
                "LocationName": "Washington, District of Columbia",
                "CountryCode": "United States",
                "CountrySubDivisionCode": "District of Columbia",
            },
            {
                "LocationName": "Boise, Idaho",
                "CountryCode": "United States",
                "CountrySubDivisionCode": "Idaho",
            },
        ],
        "OrganizationName": "Internal Revenue Service",
        "DepartmentName": "Department of the Treasury",
        "SubAgency": "Office of Online Services",
        "JobCategory": [{"Name": "Information Technology Management", "Code": "2210"}],
        "JobGrade": [{"Code": "GS"}],
        "QualificationSummary": "<p>One year of <b>building</b> services &amp; running them.</p>",
        "PositionRemuneration": [
            {
                "MinimumRange": "134751.0",
                "MaximumRange": "191900.0",
                "RateIntervalCode": "PA",
                "Description": "Per Year",
            }
        ],
        "PublicationStartDate": "2090-06-04T00:00:00.0000",
        "ApplicationCloseDate": "2090-06-12T23:59:59.9970",
        "UserArea": {
            "Details": {
                "JobSummary": "Build what taxpayers use.",
                "LowGrade": "13",
                "HighGrade": "14",
                "OrganizationCodes": "TR/TR93",
                "TotalOpenings": "3",
                "TravelCode": "2",
                "MajorDuties": ["Write software.", "Run <i>it</i>."],
                "KeyRequirements": ["U.S. citizens only."],
                "Evaluations": "We read your résumé.",
                "SecurityClearance": "Not Required",
                "PositionSensitivitiy": "Moderate Risk (MR)",
                "TeleworkEligible": True,
                "RemoteIndicator": False,
            }
        },
    },
}

OF_2016: dict[str, Any] = {
    "MatchedObjectId": "420000100",
    "MatchedObjectDescriptor": {
        "PositionTitle": "Computer Scientist",
        "PositionLocation": [
            {
                "LocationName": " Suitland, Maryland",
                "CountryCode": "United States",
                "CountrySubDivisionCode": "Maryland",
            }
        ],
        "OrganizationName": "Bureau of the Census",
        "DepartmentName": "Department Of Commerce",
        "JobCategory": [
            {"Name": "Mathematics And Statistic", "Code": "1500"},
            {"Name": "Computer Science", "Code": "1550"},
        ],
        "JobGrade": [{"Code": "GS"}],
        "QualificationSummary": "A degree in computer science.",
        "PositionRemuneration": [
            {"MinimumRange": "77490", "MaximumRange": "119794", "RateIntervalCode": "Per Year"}
        ],
        "PublicationStartDate": "2016-03-01T00:00:00Z",
        "ApplicationCloseDate": "2016-03-15T00:00:00Z",
        "UserArea": {"Details": {"JobSummary": "Count everybody once.", "LowGrade": "09", "HighGrade": "12"}},
    },
}


def record(base: dict[str, Any] = PRESENT, number: str = "", **changes: Any) -> dict[str, Any]:
    """A copy of `base` with other values; each name is looked for in the details, then in the descriptor."""
    copy = deepcopy(base)
    body = copy["MatchedObjectDescriptor"]
    for name, value in changes.items():
        details = body["UserArea"]["Details"]
        (details if name in details else body)[name] = value
    if number:
        copy["MatchedObjectId"] = number
    return copy


def answer(*records: Any) -> dict[str, Any]:
    return {"LanguageCode": "EN", "SearchResult": {"SearchResultItems": list(records)}}


def write(path: Path, *records: Any) -> Path:
    path.write_text(json.dumps(answer(*records)), encoding="utf-8")
    return path


def run_import(cohort: Cohort, *paths: Path, is_dry_run: bool = False) -> ImportReport:
    return import_openings(paths=paths, cohort=cohort, is_dry_run=is_dry_run, by=User.objects.system())
