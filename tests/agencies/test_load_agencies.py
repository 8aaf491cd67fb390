"""The federal list: every line accounted for, twice changes nothing, a broken file changes nothing."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from agencies.models import Agency
from agencies.services import LoadReport, load_agencies
from agencies.services.agency_list import BrokenFile
from agencies.services.seeding import seed_agencies
from techforce.accounts.models import User
from techforce.core.models import AuditEvent
from tests.factories.agencies import AgencyFactory

pytestmark = pytest.mark.django_db

HEADING = "code,name,parent_code,acronym,level,department_code,cfo_act_agency,disabled"
TREASURY = "TR,Department of the Treasury,,USDT,department,TR,yes,no"
REVENUE = "TR93,Internal Revenue Service,TR,IRS,subelement,TR,yes,no"


@pytest.fixture
def listed(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(*lines: str, heading: str = HEADING) -> Path:
        path = tmp_path / "agencies.csv"
        path.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
        return path

    return write


def load(path: Path) -> LoadReport:
    return load_agencies(path=path, by=User.objects.system())


def everything() -> list[tuple[object, ...]]:
    return sorted(Agency.objects.values_list())


@pytest.mark.shared_data
def test_every_line_of_the_federal_list_is_accounted_for_and_twice_changes_nothing(shared_data: Path) -> None:
    path = shared_data / "agencies" / "federal_agencies.csv"
    seed_agencies()
    seeded = Agency.objects.count()

    first = load(path)
    after_first = everything()
    second = load(path)

    lines = len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert first.lines == second.lines == lines
    assert len(second.unchanged) == lines
    assert everything() == after_first
    assert Agency.objects.count() == seeded + len(first.created)
    assert Agency.objects.get(code="AF").parent.code == "DD"


def test_components_may_stand_before_their_department(listed) -> None:  # type: ignore[no-untyped-def]
    load(listed(REVENUE, TREASURY))

    revenue = Agency.objects.get(code="TR93")
    assert (revenue.parent.code, revenue.acronym, revenue.is_cfo_act) == ("TR", "IRS", True)


def test_a_change_in_the_file_is_carried_over_with_one_audit_row(listed) -> None:  # type: ignore[no-untyped-def]
    AgencyFactory(code="TR", name="Treasury", acronym="USDT", is_cfo_act=True)

    report = load(listed(TREASURY, REVENUE))

    treasury = Agency.objects.get(code="TR")
    assert (report.updated, report.created) == (["TR"], ["TR93"])
    assert (treasury.name, treasury.version) == ("Department of the Treasury", 2)
    assert AuditEvent.objects.about(treasury).count() == 1


def test_an_empty_acronym_does_not_erase_a_known_one(listed) -> None:  # type: ignore[no-untyped-def]
    load(listed(TREASURY))

    load(listed(TREASURY.replace("USDT", "")))

    assert Agency.objects.get(code="TR").acronym == "USDT"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (TREASURY, "the code TR comes twice"),
        ("tr94,Mint,TR,,subelement,TR,yes,no", "one to four capitals"),
        ("TR94,,TR,,subelement,TR,yes,no", "the name is empty"),
        ("TR94,Mint,ZZ,,subelement,TR,yes,no", "the parent ZZ is unknown"),
        ("TR94,Mint,TR,,bureau,TR,yes,no", "no level"),
        ("TR94,Mint,TR94,,subelement,TR,yes,no", "part of itself"),
        ("TR94,Mint,TR", "another number of cells"),
        ("TR94,Mint,TR,,subelement,TR,yes,no,more", "another number of cells"),
    ],
)
def test_one_wrong_line_changes_nothing_and_is_named(listed, line: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    path = listed(TREASURY, REVENUE, line)

    with pytest.raises(BrokenFile, match="nothing was changed") as broken:
        load(path)

    assert [(number, reason in text) for number, text in broken.value.report.refused] == [(4, True)]
    assert not Agency.objects.exists()


def test_a_circle_through_the_stored_tree_is_found_before_anything_is_written(listed) -> None:  # type: ignore[no-untyped-def]
    AgencyFactory(code="TR93", parent=AgencyFactory(code="TR"))
    before = everything()

    with pytest.raises(BrokenFile):
        load(listed("TR,Department of the Treasury,TR93,USDT,department,TR,yes,no"))

    assert everything() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"code,name\nTR,Treasury\n", HEADING.encode(), HEADING.encode() + b'\nTR,"open'],
)
def test_a_file_that_is_no_list_changes_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "agencies.csv"
    path.write_bytes(content)

    with pytest.raises(BrokenFile):
        load(path)
    assert not Agency.objects.exists()


def test_the_command_says_what_became_of_the_lines(listed, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    call_command("load_agencies", str(listed(TREASURY, REVENUE)))
    assert "2 lines: 2 created, 0 updated, 0 unchanged, 0 refused" in capsys.readouterr().out

    with pytest.raises(CommandError, match="1 line is wrong"):
        call_command("load_agencies", str(listed(TREASURY, TREASURY)))
    assert "line 3: the code TR comes twice" in capsys.readouterr().err


def test_the_seed_has_the_24_agencies_and_leaves_alone_what_is_there() -> None:
    AgencyFactory(code="TR", name="The Treasury as staff named it")

    seed_agencies()
    again = seed_agencies()

    departments = Agency.objects.filter(is_cfo_act=True, parent__isnull=True)
    assert departments.count() == 23  # the Treasury above is not marked
    assert Agency.objects.get(code="TR").name == "The Treasury as staff named it"
    assert str(again) == "nothing to change"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no file at .*agencies\.csv\."):
        call_command("load_agencies", tmp_path / "agencies.csv")
