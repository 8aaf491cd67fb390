"""The scanner's verdict on real files, good and nasty (trust.md §3)."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import CommandError, call_command

from applicants.services.scanning import check_file

MEGABYTE = 1024 * 1024
MOST_MEMORY, MOST_SECONDS = 300 * MEGABYTE, 5

# What the list of files leaves open is decided here, the same way each time.
EITHER_WAY = {
    "reject_or_sanitize": {"reject"},
    "either": {"accept", "accept_with_warning", "reject"},
}


Costs = dict[str, dict[str, Any]]


def costs_of(*paths: Path) -> Costs:
    """Each file judged in a process of its own, with what its child took."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "techforce.settings"}
    command = [sys.executable, "-m", "tests.applicants.measuring", *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["file"]: row for row in rows}


def too_costly(costs: Costs) -> dict[str, tuple[int, float]]:
    """Megabytes and seconds of the files that took more than a file may."""
    return {
        name: (cost["peak_bytes"] // MEGABYTE, cost["cpu_seconds"])
        for name, cost in costs.items()
        if cost["peak_bytes"] >= MOST_MEMORY or cost["cpu_seconds"] >= MOST_SECONDS
    }


@pytest.mark.shared_data
def test_every_nasty_file_meets_what_is_expected_of_it(shared_data: Path) -> None:
    folder = shared_data / "resumes" / "nasty"
    rows = list(csv.DictReader((folder / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    costs = costs_of(*(folder / row["file"] for row in rows))
    verdicts = {name: cost["verdict"] for name, cost in costs.items()}
    faults = {
        row["file"]: verdicts[row["file"]]
        for row in rows
        if verdicts[row["file"]] not in EITHER_WAY.get(row["expected"], {row["expected"]})
    }
    assert (faults, too_costly(costs)) == ({}, {})
    assert len(rows) >= 30


@pytest.mark.shared_data
def test_every_good_file_is_taken_and_its_text_is_read(shared_data: Path) -> None:
    folder = shared_data / "resumes" / "good"
    people = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    costs = costs_of(*(folder / person["file"] for person in people))
    for person in people:
        cost = costs[person["file"]]
        assert cost["verdict"] == "accept", person["file"]
        assert person["name"].split()[-1].lower() in cost["text"].lower(), person["file"]
    assert too_costly(costs) == {}


@pytest.mark.slow
@pytest.mark.shared_data
def test_bombs_are_refused_before_they_go_off(shared_data: Path, tmp_path: Path) -> None:
    maker = shared_data / "resumes" / "nasty" / "make_at_runtime.py"
    subprocess.run([sys.executable, maker, tmp_path], check=True, capture_output=True)
    costs = costs_of(*tmp_path.iterdir())
    assert {name: cost["reason"] for name, cost in costs.items()} == {
        "huge_60mb.pdf": "too_large",
        "zip_bomb_1gb.docx": "too_large",
        "eicar.txt": "malware",
        "eicar_inside.docx": "malware",
    }
    assert too_costly(costs) == {}


def test_a_page_that_unpacks_to_more_than_the_memory_allowed_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(b"% " + b" " * 400_000_000 + b"\n")
        pdf.save(path, compress_streams=True)
    assert path.stat().st_size < 5_000_000
    costs = costs_of(path)
    assert costs["resume.pdf"]["verdict"] != "accept"
    assert too_costly(costs) == {}


def test_a_small_file_that_would_take_700_megabytes_gets_less_than_300(tmp_path: Path) -> None:
    """Its objects are packed, so that whoever opens it unpacks them at once."""
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Padding = pdf.make_indirect(pikepdf.String("a" * 160_000_000))
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert path.stat().st_size < 200_000
    costs = costs_of(path)
    assert (costs["resume.pdf"]["verdict"], too_costly(costs)) == ("reject", {})


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


def test_a_text_of_an_older_program_is_read_and_noise_is_not(tmp_path: Path) -> None:
    path = tmp_path / "resume.txt"
    path.write_bytes("Zoë Brontë – “engineer”, naïve Bayes, €5 saved\r\n".encode("cp1252"))
    assert (check_file(path).verdict, check_file(path).characters) == ("accept", 48)
    for noise in (bytes(range(1, 256)), b"plain \x81 text", "Ünïcödé".encode("cp1252"), b"a\x07\xe9" * 40):
        path.write_bytes(noise)
        assert check_file(path).reason == "wrong_type"


def test_the_command_says_when_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no file"):
        call_command("check_document", str(tmp_path / "nothing.pdf"))


# ── Whatever lies at the place ────────────────────────────────────────────────────────────────────
def answer_on(path: Path) -> Any:
    out = io.StringIO()
    call_command("check_document", str(path), "--json", stdout=out)
    return json.loads(out.getvalue())


def test_what_is_no_file_gets_an_answer_too(tmp_path: Path) -> None:
    (folder := tmp_path / "folder.pdf").mkdir()
    os.mkfifo(pipe := tmp_path / "pipe.pdf")
    assert [answer_on(path)["reason"] for path in (folder, pipe)] == ["not_a_file", "not_a_file"]
    assert answer_on(tmp_path / ("x" * 300)) == {"verdict": "reject", "reason": "unreadable", "characters": 0}
    (dangling := tmp_path / "dangling.pdf").symlink_to(tmp_path / "gone")
    with pytest.raises(CommandError, match="There is no file"):
        answer_on(dangling)


def test_the_bytes_of_a_name_do_not_matter(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/r\xe9sum\xe9.pdf"))
    with odd.open("wb") as file:
        pdf.save(file)
    assert answer_on(odd)["reason"] == "no_text"


def test_a_text_may_begin_like_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "resume.txt"
    path.write_text("PKI engineer, ten years of certificates")
    assert answer_on(path)["verdict"] == "accept"
