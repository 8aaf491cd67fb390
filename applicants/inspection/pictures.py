"""Pictures without what they tell beside the picture: place, camera, editor, hidden copies of an earlier version."""

from __future__ import annotations

import struct
from collections.abc import Iterator

JPEG_START, START_OF_SCAN = b"\xff\xd8", 0xDA
JPEG_TELLS = frozenset({0xE1, 0xED, 0xFE})  # EXIF and XMP, Photoshop, comment
PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_TELLS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})


def without_metadata(picture: bytes) -> bytes:
    """A JPEG or PNG without its metadata; anything else, also a broken picture, as it is."""
    try:
        if picture.startswith(JPEG_START):
            return JPEG_START + b"".join(_jpeg_parts(picture))
        if picture.startswith(PNG_START):
            return PNG_START + b"".join(_png_parts(picture))
    except (struct.error, IndexError):
        return picture
    return picture


def _jpeg_parts(picture: bytes) -> Iterator[bytes]:
    """Segments up to the scan; from there on the picture itself."""
    at = len(JPEG_START)
    while picture[at] == 0xFF and picture[at + 1] != START_OF_SCAN:
        (length,) = struct.unpack_from(">H", picture, at + 2)
        if picture[at + 1] not in JPEG_TELLS:
            yield picture[at : at + 2 + length]
        at += 2 + length
    yield picture[at:]


def _png_parts(picture: bytes) -> Iterator[bytes]:
    """Chunks: length, kind, data, checksum. What follows the last one belongs to no picture."""
    at, kind = len(PNG_START), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", picture, at)
        if kind not in PNG_TELLS:
            yield picture[at : at + 12 + length]
        at += 12 + length
