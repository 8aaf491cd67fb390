"""Looking inside a file (trust.md §3). This is a program of its own: it runs in a child process with little memory and
little time, knows nothing of the site, and prints one line of JSON.

python inspection.py FILE FORMAT  →  {"refusal": "", "text": "…"}
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

MOST_PAGES, MOST_CHARACTERS = 100, 200_000
LARGEST_PART = 20 * 1024 * 1024
DEEPEST = 20
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE"})
# The line that every virus scanner reports and that does nothing; joined here so that none reports this program.
TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REMOTE = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)"
    rb"(?=[^>]*/(?:attachedTemplate|frame|subDocument|oleObject|externalLink)[\"'])",
    re.IGNORECASE,
)


class Refusal(Exception):
    """The file is not taken; the message is the code of the reason."""


def inspect(path: str, format: str) -> str:
    """The text of a file, or Refusal."""
    _check_for_virus(Path(path).read_bytes())
    return {"pdf": _pdf, "docx": _docx, "txt": _txt}[format](path)[:MOST_CHARACTERS]


def _check_for_virus(content: bytes) -> None:
    if TEST_VIRUS in content:
        raise Refusal("malware")


# ── PDF ───────────────────────────────────────────────────────────────────────────────────────────
def _pdf(path: str) -> str:
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            if not len(pdf.pages):
                raise Refusal("damaged")
            if any(_is_active(obj) for obj in pdf.objects):
                raise Refusal("active_content")
    except pikepdf.PasswordError:
        raise Refusal("encrypted") from None
    except (pikepdf.PdfError, RecursionError, ValueError):
        raise Refusal("damaged") from None
    return _pdf_text(path)


def _is_active(obj: Any, depth: int = 0) -> bool:
    """Scripts, programs to start, files inside; objects of their own are looked at by themselves."""
    import pikepdf

    if depth > DEEPEST:
        return False
    if isinstance(obj, pikepdf.Array):
        return any(_is_active(child, depth + 1) for child in obj if not _stands_alone(child))
    if not isinstance(obj, pikepdf.Dictionary | pikepdf.Stream):
        return False
    keys = set(obj.keys())
    if ACTIVE_KEYS & keys or str(obj.get("/S", "")) in ACTIVE_ACTIONS:
        return True
    return any(_is_active(obj.get(key), depth + 1) for key in keys if not _stands_alone(obj.get(key)))


def _stands_alone(child: Any) -> bool:
    return bool(getattr(child, "is_indirect", False))


def _pdf_text(path: str) -> str:
    import pypdf
    import pypdf.errors

    found: list[str] = []
    try:
        reader = pypdf.PdfReader(path)
        if reader.is_encrypted:  # flags of the owner only: it opened without a password
            reader.decrypt("")
        for page in reader.pages[:MOST_PAGES]:
            found.append(page.extract_text())
            if sum(map(len, found)) > MOST_CHARACTERS:
                break
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # A PDF that opens but whose text this reader does not understand counts as one without text.
        return "\n".join(found)
    return "\n".join(found)


# ── Word ──────────────────────────────────────────────────────────────────────────────────────────
def _docx(path: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                content = _part(archive, name)
                _check_for_virus(content)
                if name.endswith((".rels", ".xml")):
                    _check_part(name, content)
            return "\n".join(_paragraphs(_part(archive, "word/document.xml")))
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError):
        raise Refusal("damaged") from None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member, read no further than the limit whatever its entry says of its size."""
    with archive.open(name) as member:
        content = member.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Refusal("too_large")
    return content


def _check_part(name: str, content: bytes) -> None:
    plain = content.replace(b"\x00", b"")  # also when it is written in two bytes a letter
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refusal("active_content")
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise Refusal("active_content")
    if name.endswith(".rels") and REMOTE.search(content):
        raise Refusal("active_content")


def _paragraphs(content: bytes) -> Iterator[str]:
    try:
        # Without a document type there are no entities to expand, and this process may use little memory anyway.
        root = ElementTree.fromstring(content)  # noqa: S314
    except ElementTree.ParseError:
        raise Refusal("damaged") from None
    for paragraph in root.iter(f"{WORD}p"):
        yield "".join(part.text or "" for part in paragraph.iter(f"{WORD}t"))


# ── Text ──────────────────────────────────────────────────────────────────────────────────────────
def _txt(path: str) -> str:
    content = Path(path).read_bytes()
    is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if is_wide else "utf-8-sig", errors="replace")


def main(path: str, format: str) -> None:
    try:
        answer = {"refusal": "", "text": inspect(path, format)}
    except Refusal as refusal:
        answer = {"refusal": str(refusal), "text": ""}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
