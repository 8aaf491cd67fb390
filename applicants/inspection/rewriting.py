"""One file of any format that we take: refused, or written anew and read."""

from __future__ import annotations

import re
from pathlib import Path

from applicants.inspection import MOST_CHARACTERS, refuse_virus

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def rewrite(path: str, format: str, target: str) -> str:
    """Write the file at `path` anew at `target` and return its text, or raise Refusal."""
    content = Path(path).read_bytes()
    refuse_virus(content)
    if format == "txt":
        return _rewrite_text(content, target)[:MOST_CHARACTERS]
    del content
    if format == "docx":
        # Imported here: each format needs a library of its own, and memory is scarce.
        from applicants.inspection.word import rewrite_docx

        return rewrite_docx(path, target)[:MOST_CHARACTERS]
    from applicants.inspection.pdf import rewrite_pdf

    return rewrite_pdf(path, target)[:MOST_CHARACTERS]


def _rewrite_text(content: bytes, target: str) -> str:
    """UTF-8 without control characters. What is not Unicode comes from an older program on Windows."""
    is_wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = CONTROLS.sub("", text)
    Path(target).write_bytes(text.encode("utf-8"))
    return text
