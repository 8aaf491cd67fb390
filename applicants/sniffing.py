"""What a file is, by its content (trust.md §3). Nothing is unpacked or interpreted here: heads, tails and the table of
contents of an archive are enough to refuse a lie. Looking inside is the scanner's work, in a process of its own.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

PDF, DOCX, TXT = "pdf", "docx", "txt"
HEAD, TAIL = 8, 2048
MOST_MEMBERS = 2_000
LARGEST_UNPACKED = 50 * 1024 * 1024
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
TYPES_PART = "[Content_Types].xml"
MAIN_PART = re.compile(r"word/document\d*\.xml")
"""Word on the web numbers it."""
SOCIAL_SECURITY_NUMBER = re.compile(r"(?<![\d-])\d{3}[- ]\d{2}[- ]\d{4}(?![\d-])")
NOT_ASCII = re.compile(rb"[\x80-\xff]")
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MOST_FOREIGN = 0.2
"""Of the bytes of a text in a Western language."""
TEXT_CODECS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Found:
    """Either a format, or the code of a reason why the file is refused."""

    format: str = ""
    refusal: str = ""


def sniff(file: BinaryIO) -> Found:
    """Look at a seekable file and leave it at its beginning."""
    file.seek(0)
    head = file.read(HEAD)
    try:
        return _by_head(file, head)
    finally:
        file.seek(0)


def _by_head(file: BinaryIO, head: bytes) -> Found:
    if not head:
        return Found(refusal="empty")
    if head.startswith(b"%PDF-"):
        return _pdf(file)
    if head.startswith(ARCHIVES):
        return _archive(file)
    return _text(file)


def _pdf(file: BinaryIO) -> Found:
    """A PDF that was cut off ends without its table."""
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    is_whole = b"startxref" in tail and b"%%EOF" in tail
    return Found(PDF) if is_whole else Found(refusal="damaged")


def _archive(file: BinaryIO) -> Found:
    file.seek(0)
    try:
        members = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return Found(refusal="damaged")
    names = {member.filename for member in members}
    if TYPES_PART not in names or not any(map(MAIN_PART.fullmatch, names)):
        return Found(refusal="wrong_type")
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        return Found(refusal="too_large")
    if any(member.flag_bits & 0x1 for member in members):
        return Found(refusal="encrypted")
    if any(_is_active(name) for name in names):
        return Found(refusal="active_content")
    return Found(DOCX)


def _is_active(name: str) -> bool:
    """A macro, a program, or a member that would climb out of its folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    climbs = path.is_absolute() or ".." in path.parts
    return climbs or path.name.lower().startswith(("vbaproject", "vbadata", "activex"))


def _decoded(content: bytes) -> str | None:
    """Unicode, or what older programs on Windows write: mostly plain letters, without control characters."""
    try:
        return content.decode(TEXT_CODECS.get(content[:2], "utf-8-sig"))
    except UnicodeDecodeError:
        foreign = len(NOT_ASCII.findall(content))
        if content[:2] in TEXT_CODECS or CONTROL.search(content) or foreign > len(content) * MOST_FOREIGN:
            return None
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _text(file: BinaryIO) -> Found:
    """Readable, and not the source of another kind of document."""
    file.seek(0)
    content = file.read()
    text = _decoded(content)
    if text is None:
        return Found(refusal="wrong_type")
    begin = text.lstrip()[:200].lower()
    is_markup = begin.startswith(("<!doctype", "<html", "<?xml", "<svg", "<script", "{\\rtf"))
    if "\x00" in text or is_markup:
        return Found(refusal="wrong_type")
    return Found(TXT) if text.strip() else Found(refusal="empty")
