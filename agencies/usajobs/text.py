"""Text of an announcement without markup and without what a database cannot hold."""

import re
from html.parser import HTMLParser
from typing import Any

UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # PostgreSQL refuses NUL and lone surrogates


def word(value: Any) -> str:
    """One line of text; numbers too, as the API has both "134751.0" and 134751.0."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(UNSTORABLE.sub(" ", str(value)).split())


class _PlainText(HTMLParser):
    """The words of an HTML text: blocks become lines, list entries get a dash, scripts are left out."""

    BLOCKS = frozenset(
        {"address", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "tr", "ul"}
    )
    SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent_in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self._silent_in = tag
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent_in:
            self._silent_in = ""
        elif tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent_in:
            self.parts.append(data)


def plain_text(text: str) -> str:
    """`text` without markup, with single spaces and at most one empty line in a row."""
    parser = _PlainText()
    parser.feed(
        text.replace("<![", "&lt;![")
    )  # the parser gives up on a marked section that it does not know
    parser.close()
    plain = UNSTORABLE.sub(" ", "".join(parser.parts).replace("\r\n", "\n").replace("\r", "\n"))
    lines = [" ".join(line.split()) for line in plain.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
