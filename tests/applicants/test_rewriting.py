"""What is served was written by us: the words and the look stay, what is active or tells of the writer goes."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from applicants.inspection.fields import WORD
from applicants.services import scanning
from applicants.services.scanning import check_file

CANARY = "canary-8731"
EXIF = b"\xff\xe1\x00\x1bExif\x00\x00" + CANARY.encode() + b"\x00" * 8
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    + EXIF
    + b"\xff\xda\x00\x02\xff\xd9"
)


def page_with_text(pdf: pikepdf.Pdf, text: str = "Robin Reyes") -> Any:
    page = pdf.add_blank_page()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Resources = Dictionary(Font=Dictionary(F1=font))
    page.Contents = pdf.make_stream(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
    return page


def rewritten_pdf(tmp_path: Path, spoil: Callable[[pikepdf.Pdf, Any], None]) -> tuple[bytes, pikepdf.Pdf]:
    """What arrived and what is served."""
    path = tmp_path / "resume.pdf"
    with pikepdf.new() as pdf:
        spoil(pdf, page_with_text(pdf))
        pdf.save(path, fix_metadata_version=False, preserve_pdfa=False)
    verdict = check_file(path)
    assert (verdict.verdict, "Robin Reyes" in verdict.text) == ("accept", True)
    return path.read_bytes(), pikepdf.open(io.BytesIO(verdict.rewritten))


def all_of(content: bytes) -> bytes:
    """A PDF with every stream unpacked."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(
            out,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            fix_metadata_version=False,
            preserve_pdfa=False,
        )
    return out.getvalue()


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return all_of(out.getvalue())


def title(pdf: pikepdf.Pdf, page: Any) -> None:
    pdf.docinfo["/Author"] = CANARY


def xmp(pdf: pikepdf.Pdf, page: Any) -> None:
    pdf.Root.Metadata = pdf.make_stream(CANARY.encode(), Type=Name.Metadata, Subtype=Name.XML)


def editor_data(pdf: pikepdf.Pdf, page: Any) -> None:
    page.PieceInfo = Dictionary(Editor=Dictionary(Private=CANARY))


def outline(pdf: pikepdf.Pdf, page: Any) -> None:
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Title=CANARY))


def note(pdf: pikepdf.Pdf, page: Any) -> None:
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents=CANARY)])


def photograph(pdf: pikepdf.Pdf, page: Any) -> None:
    size = {"Width": 1, "Height": 1, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
    page.Resources.XObject = Dictionary(
        Im1=pdf.make_stream(JPEG, Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode, **size)
    )


@pytest.mark.parametrize("spoil", [title, xmp, editor_data, outline, note, photograph])
def test_nothing_of_a_pdf_tells_of_the_writer(
    tmp_path: Path, spoil: Callable[[pikepdf.Pdf, Any], None]
) -> None:
    arrived, served = rewritten_pdf(tmp_path, spoil)

    assert CANARY.encode() in all_of(arrived)  # the negative: it was there
    assert CANARY.encode() not in saved(served)


def test_links_to_the_web_stay_and_links_to_files_go(tmp_path: Path) -> None:
    def link(address: str) -> Dictionary:
        action = Dictionary(S=Name.URI, URI=address)
        return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action, NM=CANARY)

    addresses = [
        "https://example.org/me",
        "mailto:me@example.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ]

    def spoil(pdf: pikepdf.Pdf, page: Any) -> None:
        page.Annots = Array([link(address) for address in addresses])

    _arrived, served = rewritten_pdf(tmp_path, spoil)

    assert [str(note.A.URI) for note in served.pages[0].Annots] == addresses[:2]
    assert CANARY.encode() not in saved(served)


def test_what_was_typed_into_a_form_is_on_the_page_and_the_form_is_gone(tmp_path: Path) -> None:
    def spoil(pdf: pikepdf.Pdf, page: Any) -> None:
        look = pdf.make_stream(
            b"BT /F1 12 Tf 2 4 Td (Typed by hand) Tj ET",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=[0, 0, 200, 20],
            Resources=page.Resources,
        )
        field = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T="name",
                V="Typed by hand",
                Rect=[72, 600, 272, 620],
                AP=Dictionary(N=look),
                F=4,
            )
        )
        page.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    _arrived, served = rewritten_pdf(tmp_path, spoil)

    assert "/AcroForm" not in served.Root
    assert list(served.pages[0].get("/Annots", [])) == []
    assert b"Typed by hand" in saved(served)


def test_what_a_screen_reader_needs_stays(tmp_path: Path) -> None:
    def spoil(pdf: pikepdf.Pdf, page: Any) -> None:
        pdf.Root.Lang, pdf.Root.MarkInfo = "en-US", Dictionary(Marked=True)
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))

    _arrived, served = rewritten_pdf(tmp_path, spoil)

    assert {"/Lang", "/MarkInfo", "/StructTreeRoot"} <= set(served.Root.keys())


# ── Word ──────────────────────────────────────────────────────────────────────────────────────────
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def word_file(tmp_path: Path) -> Path:
    """Written by a program for Word files, by somebody with a name."""
    path, document = tmp_path / "resume.docx", docx.Document()
    document.core_properties.author = CANARY
    document.add_paragraph("Robin Reyes")
    document.part.relate_to("https://example.org/me", f"{RELATIONS}/hyperlink", is_external=True)
    document.part.relate_to(f"file:///{CANARY}", f"{RELATIONS}/hyperlink", is_external=True)
    document.part.relate_to(f"https://{CANARY}.example/seen.png", f"{RELATIONS}/image", is_external=True)
    document.save(str(path))
    return path


def changed(path: Path, **parts: Callable[[bytes], bytes] | bytes) -> Path:
    """The file with some parts put in or changed; "__" stands for "/" and "_dot_" for "."."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for key, part in parts.items():
        name = key.replace("__", "/").replace("_dot_", ".")
        members[name] = part(members[name]) if callable(part) else part
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_nothing_of_a_word_file_tells_of_the_writer(word_file: Path) -> None:
    comment = (
        f'<w:comments xmlns:w="{WORD.strip("{}")}"><w:comment w:id="0" w:author="{CANARY}"/></w:comments>'
    )
    changed(
        word_file,
        word__comments_dot_xml=comment.encode(),
        customXml__item1_dot_xml=f"<a>{CANARY}</a>".encode(),
        word__media__me_dot_jpg=JPEG,
    )
    assert CANARY.encode() in b"".join(members_of(word_file.read_bytes()).values())

    verdict = check_file(word_file)

    assert verdict.verdict == "accept"
    assert CANARY.encode() not in b"".join(members_of(verdict.rewritten).values())


def test_nothing_is_fetched_from_elsewhere_and_links_to_the_web_stay(word_file: Path) -> None:
    served = docx.Document(io.BytesIO(check_file(word_file).rewritten))  # a program for Word files opens it

    targets = [one.target_ref for one in served.part.rels.values() if one.is_external]
    assert sorted(targets) == ["about:blank", "about:blank", "https://example.org/me"]
    assert [paragraph.text for paragraph in served.paragraphs] == ["Robin Reyes"]


def field(instruction: str) -> str:
    cut = len(instruction) // 2
    runs = "".join(
        f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (instruction[:cut], instruction[cut:])
    )
    begin, middle, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    return f"<w:p>{begin}{runs}{middle}<w:r><w:t>shown</w:t></w:r>{end}</w:p>"


@pytest.mark.parametrize(
    ("instruction", "is_kept"),
    [
        ("DDEAUTO c:\\Windows\\System32\\cmd.exe", False),
        ("INCLUDEPICTURE https://tracker.example/x.png", False),
        ("HYPERLINK \\o tip file:///share", False),
        ("HYPERLINK https://example.org/me", True),
        ("PAGE \\* MERGEFORMAT", True),
    ],
)
def test_a_field_that_starts_or_fetches_something_keeps_only_what_it_shows(
    word_file: Path, instruction: str, is_kept: bool
) -> None:
    changed(
        word_file,
        word__document_dot_xml=lambda part: part.replace(b"<w:p>", field(instruction).encode() + b"<w:p>", 1),
    )

    verdict = check_file(word_file)

    assert "shown" in verdict.text
    part = members_of(verdict.rewritten)["word/document.xml"].decode()
    first_half = instruction[: len(instruction) // 2]
    assert (first_half in part) == is_kept


@pytest.mark.parametrize("name", ["word__embeddings__tool_dot_bin", "word__afchunk1_dot_html"])
def test_a_file_inside_the_file_is_refused(word_file: Path, name: str) -> None:
    assert check_file(changed(word_file, **{name: b"x"})).reason == "active_content"


# ── Text, and the limits of the child ─────────────────────────────────────────────────────────────
def test_a_text_is_served_as_utf8_without_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "resume.txt"
    path.write_bytes("Robin\x1b[31m Reyes\n".encode("utf-16"))

    assert check_file(path).rewritten == b"Robin[31m Reyes\n"


@pytest.fixture
def swelling(word_file: Path) -> Path:
    """A few kilobytes that swell to more than 300 MB in the memory of whoever reads them."""
    begin = f'<w:document xmlns:w="{WORD.strip("{}")}"><w:body>'.encode()
    body = b"<w:p/>" * 2_000_000
    changed(word_file, word__document_dot_xml=begin + body + b"</w:body></w:document>")
    with zipfile.ZipFile(word_file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(word_file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    assert word_file.stat().st_size < 500_000
    return word_file


def test_a_file_that_swells_in_memory_is_refused(swelling: Path) -> None:
    assert check_file(swelling).reason == "damaged"


def test_it_is_the_limit_of_memory_that_refuses_it(swelling: Path, monkeypatch: Any) -> None:
    """The negative control: with ten times the memory the same file is read."""
    monkeypatch.setattr(scanning, "MEMORY", 10 * scanning.MEMORY)
    monkeypatch.setattr(scanning, "CPU_SECONDS", 60)
    monkeypatch.setattr(scanning, "WALL_SECONDS", 60)
    assert check_file(swelling).verdict == "accept_with_warning"
