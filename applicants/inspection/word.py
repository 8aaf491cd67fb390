"""Word: what is active is refused; what is left is packed anew from the parts that show the text, without properties,
names of authors, and anything fetched from elsewhere.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from applicants.inspection import Refusal, is_harmless_link, refuse_virus
from applicants.inspection.fields import WORD, neutralize_fields
from applicants.inspection.pictures import without_metadata

LARGEST_PART = 20 * 1024 * 1024
MAIN = re.compile(r"word/document\d*\.xml")
TYPES = "[Content_Types].xml"
KEPT_ENDINGS = (
    *(".xml", ".rels", ".odttf", ".ttf"),
    *(".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf"),
)
# Properties, data behind the text, names and addresses of those who wrote it, their notes to each other, settings of
# their printers.
LEFT_OUT = (
    *("docProps/", "docMetadata/", "customXml/", "customUI/", "userCustomization/", "_xmlsignatures/"),
    *("word/printerSettings/", "word/people.xml", "word/intelligence", "word/glossary/", "word/comments"),
)
# Files inside the file: they are opened by a click, and nobody looked into them.
FILES_INSIDE = ("word/embeddings/", "word/afchunk", "word/activex")
RELATIONS_TO_FILES = ("/afchunk", "/oleobject", "/package", "/control", "/vbaproject")
XML_ENDINGS = (".xml", ".rels")
REMOTE = re.compile(
    rb"<(?:\w+:)?Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)"
    rb"(?=[^>]*/(?:frame|subDocument|oleObject|externalLink)[\"'])",
    re.IGNORECASE,
)
DROPPED_ELEMENTS = (
    *("attachedTemplate", "mailMerge", "rsids", "docVars", "dataBinding", "printerSettings"),
    *("commentRangeStart", "commentRangeEnd", "commentReference"),
)
DELETED = (f"{WORD}del", f"{WORD}moveFrom")
"""What somebody struck out, or moved elsewhere: the reader of the paper does not see it."""
LOCAL_TEMPLATE = re.compile(r"(file:///?)?[a-z]:[\\/]|[^:\\/]+$", re.IGNORECASE)
"""A path on the writer's own machine, or a bare name; the rewritten file has none."""
NOWHERE = "about:blank"
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": WORD.strip("{}").encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
"""The strict kind of Word file says the same under other names."""
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
PARTS_WITH_TEXT = re.compile(r"word/(header|document|footnotes|endnotes|footer)\d*\.xml")
SHOWN = {f"{WORD}noBreakHyphen": "-", f"{WORD}tab": " ", f"{WORD}br": " ", f"{WORD}cr": " "}


def rewrite_docx(path: str, target: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            for name in names:
                _refuse_part(name, _part(archive, name))
            kept = {name for name in names if _is_kept(name)}
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
                # Readers expect the list of types first.
                for name in sorted(kept, key=lambda name: (name != TYPES, name)):
                    # Without the moment at which a part was packed.
                    written.writestr(zipfile.ZipInfo(name), _rewritten(name, _part(archive, name), kept), 8)
            return "\n".join(_text_of(archive, kept))
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, ValueError):
        raise Refusal("damaged") from None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member, read no further than the limit whatever its entry says of its size."""
    with archive.open(name) as member:
        content = member.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Refusal("too_large")
    return content


def _refuse_part(name: str, content: bytes) -> None:
    refuse_virus(content)
    if name.lower().startswith(FILES_INSIDE):
        raise Refusal("active_content")
    if not name.lower().endswith(XML_ENDINGS):
        return
    plain = content.replace(b"\x00", b"")  # also when it is written in two bytes a letter
    is_macro = name == TYPES and b"macroEnabled" in plain
    is_remote = name.lower().endswith(".rels") and REMOTE.search(plain)
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain or is_macro or is_remote:
        raise Refusal("active_content")


def _is_kept(name: str) -> bool:
    return not name.startswith(LEFT_OUT) and name.lower().endswith(KEPT_ENDINGS)


# ── Each part ─────────────────────────────────────────────────────────────────────────────────────
def _rewritten(name: str, content: bytes, kept: set[str]) -> bytes:
    if not name.lower().endswith(XML_ENDINGS):
        return without_metadata(content)
    root = _tree(content)
    if name == TYPES:
        _keep_types(root, kept)
    elif name.lower().endswith(".rels"):
        _keep_relations(name, root, kept)
    else:
        _leave_out(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _tree(content: bytes) -> Any:
    root = _parsed(content)
    if root.getroottree().docinfo.doctype:  # in an encoding that hid it from the first look
        raise Refusal("active_content")
    plain = etree.tostring(root, encoding="UTF-8")
    return _parsed(_usual(plain)) if any(name in plain for name in STRICT) else root


def _parsed(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise Refusal("damaged") from None


def _usual(plain: bytes) -> bytes:
    for name, usual in STRICT.items():
        plain = plain.replace(name, usual)
    return plain


def _keep_types(root: Any, kept: set[str]) -> None:
    for entry in list(root):
        _refuse_disguised(entry)
        if entry.get("PartName") and entry.get("PartName").lstrip("/") not in kept:
            root.remove(entry)


def _refuse_disguised(entry: Any) -> None:
    """A part of text under the name of a picture would be shown, and nobody would have looked into it."""
    name = entry.get("PartName") or f".{entry.get('Extension', '')}"
    is_xml = entry.get("ContentType", "").lower().endswith("xml")
    if is_xml and not name.lower().endswith(XML_ENDINGS):
        raise Refusal("active_content")


def _refuse_relation(kind: str, target: str, inside: str, *, is_external: bool) -> None:
    """To a file inside the file, to a main part other than those that are read, or to a template on another
    machine."""
    is_other = kind.endswith("/officedocument") and not MAIN.fullmatch(inside)
    is_fetched = (
        kind.endswith("/attachedtemplate") and is_external and not LOCAL_TEMPLATE.match(target.strip())
    )
    if kind.endswith(RELATIONS_TO_FILES) or is_other or is_fetched:
        raise Refusal("active_content")


def _keep_relations(name: str, root: Any, kept: set[str]) -> None:
    """`word/_rels/document.xml.rels` speaks of `word/document.xml`: its targets lie beside that."""
    folder = posixpath.dirname(posixpath.dirname(name))
    for relation in list(root):
        target = relation.get("Target", "")
        inside = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        is_external = relation.get("TargetMode", "").lower() == "external"
        _refuse_relation(relation.get("Type", "").lower(), target, inside, is_external=is_external)
        if is_external:
            is_link = relation.get("Type", "").endswith("/hyperlink")
            if not (is_link and is_harmless_link(target)):
                relation.set("Target", NOWHERE)  # text refers to it by its number, so the entry stays
        elif inside not in kept:
            root.remove(relation)


def _leave_out_deleted(root: Any) -> None:
    """A row of a table says of itself that it was struck out; a paragraph only that its end was."""
    for mark in list(root.iter(*DELETED)):
        parent = mark.getparent()
        if parent is not None and parent.tag == f"{WORD}trPr":
            mark, parent = parent.getparent(), parent.getparent().getparent()
        if parent is not None:
            parent.remove(mark)


def _leave_out(root: Any) -> None:
    _leave_out_deleted(root)
    for element in list(root.iter(*(f"{WORD}{name}" for name in DROPPED_ELEMENTS))):
        if element.getparent() is not None:
            element.getparent().remove(element)
    for element in root.iter(etree.Element):
        for name, neutral in (("author", "Author"), ("initials", "A")):
            if element.get(f"{WORD}{name}") is not None:
                element.set(f"{WORD}{name}", neutral)
    neutralize_fields(root)


# ── Text ──────────────────────────────────────────────────────────────────────────────────────────
def _text_of(archive: zipfile.ZipFile, kept: set[str]) -> Iterator[str]:
    """A name often stands in the header only, so that comes first."""
    for kind in ("header", "document", "footnotes", "endnotes", "footer"):
        for name in sorted(kept):
            match = PARTS_WITH_TEXT.fullmatch(name)
            if match and match[1] == kind:
                root = _tree(_part(archive, name))
                _leave_out_deleted(root)
                yield from _paragraphs(root)


def _paragraphs(root: Any) -> Iterator[str]:
    """A text box is a paragraph of its own inside another; what older programs show in its place says the same."""
    for copy in list(root.iter(FALLBACK)):
        copy.getparent().remove(copy)
    for paragraph in root.iter(f"{WORD}p"):
        parts = paragraph.iter(f"{WORD}t", *SHOWN)
        yield "".join(_shown(part) for part in parts if next(part.iterancestors(f"{WORD}p")) is paragraph)


def _shown(part: Any) -> str:
    return SHOWN.get(part.tag) or part.text or ""
