"""PDFs that are broken in one place, or that hide something far inside."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from applicants.services.scanning import Verdict, check_file

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


# ── Names that only sound active, and contents that lie elsewhere ─────────────────────────────────
def font_called(name: str) -> Callable[[pikepdf.Pdf, Any], None]:
    def change(pdf: pikepdf.Pdf, page: Any) -> None:
        page.Resources.Font[name] = page.Resources.Font.F

    return change


def role_called_after_files(pdf: pikepdf.Pdf, page: Any) -> None:
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, RoleMap=Dictionary({"/EF": Name.P}))


def list_of_no_files(pdf: pikepdf.Pdf, page: Any) -> None:
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))


@pytest.mark.parametrize(
    "change", [font_called("/JS"), font_called("/EF"), role_called_after_files, list_of_no_files]
)
def test_what_only_sounds_active_is_taken(change: Callable[..., None], tmp_path: Path) -> None:
    assert verdict_on(change, tmp_path).verdict == "accept"


def address() -> Any:
    return Dictionary(FS=Name.URL, F="http://evil.example/track.png")


def stream_elsewhere(pdf: pikepdf.Pdf, page: Any) -> None:
    page.Resources.XObject = Dictionary(I=pdf.make_stream(b"", Subtype=Name.Image, F=address()))


def real_list_of_files(pdf: pikepdf.Pdf, page: Any) -> None:
    file = Dictionary(Type=Name.Filespec, F="a.exe", EF=Dictionary(F=pdf.make_stream(b"MZ")))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(["a", file])))


def script(pdf: pikepdf.Pdf, page: Any) -> None:
    page.Resources.Far = Dictionary(JS=pdf.make_stream(b"app.alert(1)"))


@pytest.mark.parametrize("change", [stream_elsewhere, real_list_of_files, script])
def test_a_content_at_an_address_files_and_scripts_are_refused(
    change: Callable[..., None], tmp_path: Path
) -> None:
    assert verdict_on(change, tmp_path).reason == "active_content"


def test_a_picture_of_another_file_is_not_fetched(tmp_path: Path) -> None:
    def change(pdf: pikepdf.Pdf, page: Any) -> None:
        other = Dictionary(F="http://evil.example/x.pdf", Page=0)
        form = pdf.make_stream(b"", Subtype=Name.Form, BBox=Array([0, 0, 1, 1]), Ref=other)
        page.Resources.XObject = Dictionary(R=form)

    verdict = verdict_on(change, tmp_path)
    assert verdict.verdict == "accept"
    with pikepdf.open(io.BytesIO(verdict.rewritten)) as pdf:
        assert not any("evil.example" in str(obj) for obj in pdf.objects)


@pytest.mark.parametrize("filters", [[Name.DCTDecode], [Name.FlateDecode, Name.DCTDecode]])
def test_a_photograph_tells_no_place_however_it_is_packed(filters: list[Any], tmp_path: Path) -> None:
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "TAKEN AT HOME"
    Image.new("RGB", (8, 8)).save(photo, "JPEG", exif=exif)
    data = photo.getvalue()
    assert b"TAKEN AT HOME" in data

    def change(pdf: pikepdf.Pdf, page: Any) -> None:
        image = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8)
        image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
        packed = zlib.compress(data) if len(filters) > 1 else data
        image.write(packed, filter=Array(filters))
        page.Resources.XObject = Dictionary(I=image)

    verdict = verdict_on(change, tmp_path)
    assert verdict.verdict == "accept"
    with pikepdf.open(io.BytesIO(verdict.rewritten)) as pdf:
        (picture,) = pdf.pages[0].get_images().values()
        assert b"TAKEN AT HOME" not in picture.read_raw_bytes()
        assert pikepdf.PdfImage(picture).as_pil_image().size == (8, 8)


def verdict_on(change: Callable[..., None], tmp_path: Path) -> Verdict:
    """On a good file with this one change."""
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        change(pdf, page_in(pdf, helvetica()))
        pdf.save(path)
    return check_file(path)
