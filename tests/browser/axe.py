"""Asks axe what is wrong with the page that the browser shows."""

import re
from typing import Any

from playwright.sync_api import Page

from tests.browser.pages import WIDTHS

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

BARE_NONE = re.compile(r"(^|[:,]\s*)None\s*($|[,.;])")


def faults(page: Page, axe_source: str) -> list[str]:
    """What is wrong at any of the three widths."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width} px: {line}" for line in faults_as_shown(page, axe_source)]
    return found + [f"says “{line}”" for line in bare_nones(page)]


def bare_nones(page: Page) -> list[str]:
    """Lines that show a person Python's word for nothing."""
    return [line for line in page.inner_text("body").splitlines() if BARE_NONE.search(line)]


def faults_as_shown(page: Page, axe_source: str) -> list[str]:
    """Broken rules, and sideways scrolling (WCAG 1.4.10), at the present width."""
    found = violations(page, axe_source)
    if pixels := overflow(page):
        found.append(f"{pixels} pixels too wide")
    return found


def violations(page: Page, axe_source: str) -> list[str]:
    """One line for each broken rule, with the elements concerned.

    The script goes in through the browser's debugging protocol, so the page's own policy stays in force.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source)
    # Without `preload`, which reads style sheets by adding inline ones: the policy refuses them, rightly.
    options = {"runOnly": STANDARDS, "resultTypes": ["violations"], "preload": False}
    result: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{rule['id']} ({rule['help']}): " + "; ".join(node["html"][:160] for node in rule["nodes"])
        for rule in result["violations"]
    ]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    pixels: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return pixels
