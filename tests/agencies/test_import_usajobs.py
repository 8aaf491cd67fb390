"""The import of announcements as a whole: every record accounted for, twice changes nothing, a broken file
changes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency, Office, Opening, OpeningPlace
from agencies.services import ImportReport, load_agencies
from agencies.services.opening_import import BrokenAnnouncementFile
from techforce.accounts.models import User
from techforce.core.models import AuditEvent
from techforce.program.models import Cohort
from tests.agencies.conftest import ImportRecords
from tests.agencies.usajobs_samples import OF_2016, PRESENT, record, run_import, write
from tests.factories.agencies import AgencyFactory
from tests.factories.program import CohortFactory

pytestmark = pytest.mark.django_db


def everything() -> list[list[tuple[object, ...]]]:
    models = (Opening, OpeningPlace, Office, Agency, AuditEvent)
    return [sorted(model._default_manager.values_list(), key=str) for model in models]


def refusals(report: ImportReport) -> list[tuple[str, str]]:
    return [(refused.control_number, refused.reason) for refused in report.refused]


def test_codes_that_are_none_give_way_to_the_name(import_records: ImportRecords) -> None:
    AgencyFactory(code="NA", name="National Archives")

    import_records(record(OrganizationCodes="Not Applicable/NA "))

    assert Opening.objects.get().agency.code == "TR93"


@pytest.mark.parametrize(
    ("organization", "department", "code"),
    [
        ("INTERNAL REVENUE SERVICE", "Department Of The Treasury", "TR93"),
        ("Treasury, Internal Revenue Service", "Department Of The Treasury", "TR93"),
        ("Internal Revenue Service (IRS)", "", "TR93"),
        ("United States Census Bureau", "", "CM63"),
        ("U. S. Census Bureau", "Department of Commerce", "CM63"),
        ("", "Department Of Commerce", "CM"),
        ("Department of Commerce - Agency Wide", "Department Of Commerce", "CM"),
    ],
)
def test_an_agency_is_known_by_its_name_however_it_is_written(
    import_records: ImportRecords, organization: str, department: str, code: str
) -> None:
    import_records(record(OF_2016, OrganizationName=organization, DepartmentName=department))

    assert Opening.objects.get().agency.code == code


@pytest.mark.parametrize(
    ("organization", "department", "reason"),
    [
        ("Bureau of Odd Jobs", "Department Of Commerce", "unknown_agency"),
        ("Internal Revenue Service", "Department Of Commerce", "unknown_agency"),
        ("Office of Inspector General", "", "ambiguous_agency"),
        ("Bureau of Old Things", "", "retired_agency"),
        ("", "", "no_agency"),
    ],
)
def test_an_agency_that_is_not_certain_is_refused_with_the_number(
    import_records: ImportRecords, organization: str, department: str, reason: str
) -> None:
    for code in ("TR95", "CM64"):
        AgencyFactory(code=code, name="Office of Inspector General")
    AgencyFactory(code="CM99", name="Bureau of Old Things", is_active=False)

    report = import_records(
        record(OF_2016, OrganizationName=organization, DepartmentName=department), record(number="7")
    )

    assert refusals(report) == [("420000100", reason)]
    assert report.created == ["7"]


def test_an_agency_that_is_listed_twice_is_known_by_its_longer_code(import_records: ImportRecords) -> None:
    for code in ("NF", "NF00"):
        AgencyFactory(code=code, name="National Science Foundation")

    import_records(record(OF_2016, OrganizationName="National Science Foundation", DepartmentName=""))

    assert Opening.objects.get().agency.code == "NF00"


def test_the_department_tells_agencies_of_one_name_apart(import_records: ImportRecords) -> None:
    for code in ("TR", "CM"):
        parent = Agency.objects.get(code=code)
        AgencyFactory(code=f"{code}95", name="Office of Inspector General", parent=parent)

    import_records(record(OF_2016, OrganizationName="Office of Inspector General"))

    assert Opening.objects.get().agency.code == "CM95"


@pytest.mark.parametrize(
    ("item", "refusal"),
    [
        ("text", ("", "no_control_number")),
        ({}, ("", "no_control_number")),
        ({"MatchedObjectId": "x' OR 1=1"}, ("", "no_control_number")),
        ({"MatchedObjectId": "8"}, ("8", "no_descriptor")),
        ({"MatchedObjectId": "8", "MatchedObjectDescriptor": [1]}, ("8", "no_descriptor")),
        (record(number="8", PositionTitle=" "), ("8", "no_title")),
        (record(number="8", PositionTitle=["IT"]), ("8", "no_title")),
    ],
)
def test_a_record_that_is_none_is_refused_and_the_others_are_taken(
    import_records: ImportRecords, item: Any, refusal: tuple[str, str]
) -> None:
    report = import_records(item, PRESENT)

    assert refusals(report) == [refusal]
    assert report.refused[0].place == "answer.json, 1"
    assert report.created == ["900100200"]


def test_a_number_that_comes_twice_makes_one_draft(tmp_path: Path, cohort: Cohort) -> None:
    first = write(tmp_path / "first.json", PRESENT, record(PositionTitle="Another"))
    second = write(tmp_path / "second.json", PRESENT)

    report = run_import(cohort, first, second)

    assert Opening.objects.get().title == "IT Specialist (APPSW)"
    assert [(refused.place, refused.reason) for refused in report.refused] == [
        ("first.json, 2", "came_before"),
        ("second.json, 1", "came_before"),
    ]


def test_an_import_leaves_a_draft_as_people_have_changed_it(import_records: ImportRecords) -> None:
    import_records(PRESENT, OF_2016)
    Opening.objects.filter(control_number="900100200").update(title="Engineer")
    before = everything()

    report = import_records(PRESENT, OF_2016)

    assert (report.created, report.unchanged) == ([], ["900100200", "420000100"])
    assert everything() == before


def test_another_cohort_gets_drafts_of_its_own_in_the_same_office(tmp_path: Path, cohort: Cohort) -> None:
    path = write(tmp_path / "answer.json", PRESENT)

    run_import(cohort, path)
    run_import(CohortFactory(), path)

    assert Opening.objects.filter(control_number="900100200").count() == 2
    assert Office.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"SearchResult": {"SearchResultItems": [\x00]}}',
        b'{"SearchResult": {"SearchResultItems": [NaN]}}',
        b"[" * 200_000,
        b"[]",
        b'{"SearchResult": []}',
        b'{"SearchResult": {"SearchResultItems": {"0": {}}}}',
    ],
)
def test_one_broken_file_changes_nothing(tmp_path: Path, cohort: Cohort, content: bytes) -> None:
    good = write(tmp_path / "good.json", PRESENT)
    broken = tmp_path / "broken.json"
    broken.write_bytes(content)
    before = everything()

    with pytest.raises(BrokenAnnouncementFile, match=r"broken\.json"):
        run_import(cohort, good, broken)

    assert everything() == before


def test_a_dry_run_tells_all_and_changes_nothing(tmp_path: Path, cohort: Cohort) -> None:
    path = write(tmp_path / "answer.json", PRESENT, OF_2016, {"MatchedObjectId": "8"})
    before = everything()

    dry = run_import(cohort, path, is_dry_run=True)

    assert everything() == before
    assert dry == run_import(cohort, path)


def test_the_command_says_what_became_of_the_records(
    tmp_path: Path, cohort: Cohort, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = record(number="9", OrganizationCodes="ZZ/ZZ01", OrganizationName="Bureau of Odd Jobs")
    path = write(tmp_path / "answer.json", PRESENT, OF_2016, unknown, {})

    call_command("import_usajobs", str(path), "--cohort", "spring", "--dry-run")
    assert "This was a dry run. Nothing was changed." in capsys.readouterr().out
    call_command("import_usajobs", str(path), "--cohort", "spring")

    printed = capsys.readouterr().out
    assert "4 records: 2 drafts made, 0 already there, 2 refused" in printed
    assert "9: the agency is not in the list of agencies (ZZ, ZZ01, Bureau of Odd Jobs" in printed
    assert "answer.json, 4: the record has no control number" in printed
    assert "     1  Pay: outside the pay band of the cohort" in printed


def test_the_command_refuses_an_unknown_cohort_and_a_file_that_is_not_there(
    tmp_path: Path, cohort: Cohort
) -> None:
    path = tmp_path / "missing.json"
    with pytest.raises(CommandError, match="no cohort autumn"):
        call_command("import_usajobs", str(path), "--cohort", "autumn")
    with pytest.raises(CommandError, match=r"missing\.json cannot be read\. Nothing was changed\."):
        call_command("import_usajobs", str(path), "--cohort", "spring")


@pytest.mark.shared_data
def test_every_real_announcement_is_accounted_for_and_twice_changes_nothing(
    shared_data: Path, cohort: Cohort
) -> None:
    call_command("seed")
    load_agencies(path=shared_data / "agencies" / "federal_agencies.csv", by=User.objects.system())
    paths = sorted((shared_data / "usajobs").glob("search_api_*.json"))
    numbers = [
        item["MatchedObjectId"]
        for path in paths
        for item in json.loads(path.read_bytes())["SearchResult"]["SearchResultItems"]
    ]

    first = run_import(cohort, *paths)
    after_first = everything()
    second = run_import(cohort, *paths)

    assert sorted([*first.created, *(refused.control_number for refused in first.refused)]) == sorted(numbers)
    assert {refused.reason for refused in first.refused} == {"unknown_agency"}
    assert len(first.refused) < 0.05 * len(numbers)
    assert sorted(second.unchanged) == sorted(first.created)
    assert refusals(second) == refusals(first)
    assert everything() == after_first
    army = Opening.objects.get(control_number="793682000")
    assert (army.agency.code, army.vetting_tier.code, army.duties != "") == ("ARAF", "NS-S", True)
