"""Fields of a Word file: instructions that the reader's program runs when it opens, prints or updates the file. DDE
starts programs, INCLUDETEXT and its like fetch files. Those that only count and point stay; of all others the text that
they last showed stays.
"""

from __future__ import annotations

import re
from typing import Any

from applicants.inspection import is_harmless_link

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HARMLESS = frozenset(
    {
        *(
            "PAGE",
            "NUMPAGES",
            "SECTIONPAGES",
            "SECTION",
            "REF",
            "PAGEREF",
            "NOTEREF",
            "STYLEREF",
            "TOC",
            "TC",
        ),
        *("SEQ", "DATE", "TIME", "SYMBOL", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "HYPERLINK"),
    }
)
ADDRESS = re.compile(r'[^\s"]*[:/][^\s"]*|\\\\[^\s"]+')
"""What may be one, wherever it stands among the switches: a word with a colon or a slash, or the name of a share."""


def neutralize_fields(root: Any) -> None:
    for field in list(root.iter(f"{WORD}fldSimple")):
        if not _is_harmless(field.get(f"{WORD}instr", "")):
            _unwrap(field)
    open_fields: list[tuple[Any, list[Any]]] = []
    for part in list(root.iter(f"{WORD}fldChar", f"{WORD}instrText", f"{WORD}delInstrText")):
        kind = part.get(f"{WORD}fldCharType") if part.tag == f"{WORD}fldChar" else "instruction"
        if kind == "begin":
            open_fields.append((part, []))
        elif kind == "instruction" and open_fields:
            open_fields[-1][1].append(part)
        elif kind == "instruction":
            part.text = ""
        elif kind == "end" and open_fields:
            _settle(*open_fields.pop())
    for begin, instructions in open_fields:
        _settle(begin, instructions)


def _settle(begin: Any, instructions: list[Any]) -> None:
    """An instruction may be cut into many runs."""
    if _is_harmless("".join(part.text or "" for part in instructions)):
        return
    for part in instructions:
        part.text = ""
    begin.set(f"{WORD}fldLock", "1")  # keeps what it shows


def _is_harmless(instruction: str) -> bool:
    words = instruction.split()
    if not words or words[0].upper() not in HARMLESS:
        return False
    is_link = words[0].upper() == "HYPERLINK"
    return not is_link or all(map(is_harmless_link, ADDRESS.findall(instruction)))


def _unwrap(field: Any) -> None:
    """The text stays where the field was."""
    parent = field.getparent()
    at = parent.index(field)
    parent[at : at + 1] = list(field)
