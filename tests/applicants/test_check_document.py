"""The scanner's verdict on real files, good and nasty (trust.md §3)."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from applicants.services.scanning import check_file

# What the list of files leaves open is decided here, the same way each time.
EITHER_WAY = {
    "reject_or_sanitize": {"reject"},
    "either": {"accept", "accept_with_warning", "reject"},
}


@pytest.mark.shared_data
def test_every_nasty_file_meets_what_is_expected_of_it(shared_data: Path) -> None:
    folder = shared_data / "resumes" / "nasty"
    rows = list(csv.DictReader((folder / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    verdicts = {row["file"]: check_file(folder / row["file"]).verdict for row in rows}
    faults = {
        row["file"]: verdicts[row["file"]]
        for row in rows
        if verdicts[row["file"]] not in EITHER_WAY.get(row["expected"], {row["expected"]})
    }
    assert faults == {}
    assert len(rows) >= 30


@pytest.mark.shared_data
def test_every_good_file_is_taken_and_its_text_is_read(shared_data: Path) -> None:
    folder = shared_data / "resumes" / "good"
    for person in json.loads((folder / "expected.json").read_text(encoding="utf-8")):
        verdict = check_file(folder / person["file"])
        assert verdict.verdict == "accept", person["file"]
        assert person["name"].split()[-1].lower() in verdict.text.lower(), person["file"]


@pytest.mark.slow
@pytest.mark.shared_data
def test_bombs_are_refused_before_they_go_off(shared_data: Path, tmp_path: Path) -> None:
    maker = shared_data / "resumes" / "nasty" / "make_at_runtime.py"
    subprocess.run([sys.executable, maker, tmp_path], check=True, capture_output=True)
    for bomb in ("huge_60mb.pdf", "zip_bomb_1gb.docx"):
        assert check_file(tmp_path / bomb).reason == "too_large"
    for virus in ("eicar.txt", "eicar_inside.docx"):
        assert check_file(tmp_path / virus).reason == "malware"


def test_a_page_that_unpacks_to_more_than_the_memory_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(b"% " + b" " * 400_000_000 + b"\n")
        pdf.save(path, compress_streams=True)
    assert path.stat().st_size < 5_000_000
    assert check_file(path).verdict != "accept"


def test_an_action_deep_inside_a_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="tool.exe")
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch
        )
        page.Annots = pikepdf.Array([link])
        pdf.save(path)
    assert check_file(path).reason == "active_content"


def test_a_link_to_a_page_of_the_web_is_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        uri = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/me")
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=uri
        )
        page.Annots = pikepdf.Array([link])
        pdf.save(path)
    assert check_file(path).verdict == "accept_with_warning"  # it has no text


def test_the_command_prints_one_line_of_json(tmp_path: Path) -> None:
    path, out = tmp_path / "resume.txt", io.StringIO()
    path.write_text("Robin Reyes", encoding="utf-8")

    call_command("check_document", str(path), "--json", stdout=out)

    assert json.loads(out.getvalue()) == {"verdict": "accept", "reason": "", "characters": 11}


def test_the_command_says_when_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("check_document", str(tmp_path / "nothing.pdf"))
