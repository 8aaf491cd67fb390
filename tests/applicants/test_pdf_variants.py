"""PDFs that are broken in one place, or that hide something far inside."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from applicants.services.scanning import check_file

WORDS = b"BT /F 12 Tf 20 20 Td (Robin Reyes) Tj ET"
FAR = 30


def page_in(pdf: pikepdf.Pdf, font: Any) -> Any:
    page = pdf.add_blank_page().obj
    page.Resources = Dictionary(Font=Dictionary(F=font))
    page.Contents = pdf.make_stream(WORDS)
    return page


def helvetica(**more: Any) -> Any:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, **more)


def broken_font(pdf: pikepdf.Pdf) -> Any:
    """Its widths are no numbers, and the table that says which letters it shows is noise."""
    table = pdf.make_stream(b"1 beginbfrange\n<0000> <0001>\nendbfrange")
    return helvetica(FirstChar=0, LastChar=1, Widths=Array([Name.A, Name.B]), ToUnicode=table)


def test_a_broken_font_takes_the_words_of_its_own_page_only(tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        page_in(pdf, broken_font(pdf))
        page_in(pdf, helvetica())
        pdf.save(path)
    verdict = check_file(path)
    assert (verdict.verdict, verdict.text.strip()) == ("accept", "Robin Reyes")


def test_a_file_whose_only_font_is_broken_is_one_without_text(tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        page_in(pdf, broken_font(pdf))
        pdf.save(path)
    verdict = check_file(path)
    assert (verdict.verdict, verdict.reason) == ("accept_with_warning", "no_text")


def beneath(inner: Any) -> Any:
    for _ in range(FAR):
        inner = Dictionary(X=inner)
    return inner


def in_resources(pdf: pikepdf.Pdf, page: Any, far: Any) -> None:
    page.Resources.Far = far


def in_group(pdf: pikepdf.Pdf, page: Any, far: Any) -> None:
    page.Group = far


def in_tags(pdf: pikepdf.Pdf, page: Any, far: Any) -> None:
    pdf.Root.StructTreeRoot = Dictionary(K=Array([far]))


def in_layers(pdf: pikepdf.Pdf, page: Any, far: Any) -> None:
    pdf.Root.OCProperties = Dictionary(D=far)


@pytest.mark.parametrize("put", [in_resources, in_group, in_tags, in_layers])
def test_a_script_far_inside_is_found(tmp_path: Path, put: Callable[[pikepdf.Pdf, Any, Any], None]) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        script = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        put(pdf, page_in(pdf, helvetica()), beneath(script))
        pdf.save(path)
    assert check_file(path).reason == "active_content"


def test_what_tells_of_the_writer_far_inside_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        in_resources(pdf, page_in(pdf, helvetica()), beneath(Dictionary(PieceInfo=Dictionary(By="Writer"))))
        pdf.save(path)
    verdict = check_file(path)
    assert verdict.verdict == "accept"
    path.write_bytes(verdict.rewritten)
    with pikepdf.open(path) as pdf:
        found = pdf.pages[0].obj.Resources.Far
        while "/X" in found:
            found = found.X
        assert set(found.keys()) == set()
