"""The pages of the admin, found by following what its first page and its lists offer.

A page that looks the same to two roles (same record, same rights) is visited once, and each kind of page takes the
next width in turn, so that every kind is seen at every width.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle
from typing import NamedTuple

from playwright.sync_api import Page

from tests.browser.pages import WIDTHS

ROLES = (
    "program-manager",
    "administrator",
    "hr-decider",
    "case-manager",
    "reviewer",
    "records-officer",
    "auditor",
)
KINDS = ("area", "list", "empty search", "filtered list", "add", "record")
# These two are the list again with less in it.
ENOUGH = {"empty search": 9, "filtered list": 9}


class Stop(NamedTuple):
    kind: str
    url: str
    width: int


class Tour:
    """Remembers, over all roles, what was seen already and which width is next."""

    def __init__(self) -> None:
        self.widths: dict[str, Iterator[int]] = defaultdict(lambda: cycle(WIDTHS))
        self.seen: set[tuple[str, ...]] = set()
        self.stops: list[Stop] = []

    def through(self, page: Page, base: str) -> Iterator[Stop]:
        """Go to each page of the person who is signed in; the caller examines it where the tour stops."""
        page.goto(base + "/admin/")
        areas = page.locator("#content caption a").evaluate_all("links => links.map(link => link.href)")
        rows = page.locator("#content tr[class^='model-']").evaluate_all(
            "rows => rows.map(row => Array.from(row.querySelectorAll('a'), link => [link.href, link.className]))"
        )
        for area in areas:
            yield from self.stop(page, "area", area, area)
        for links in rows:
            yield from self.records(page, links[0][0], {kind: url for url, kind in links[1:]})

    def records(self, page: Page, listing: str, offered: dict[str, str]) -> Iterator[Stop]:
        rights = " ".join(sorted(offered))
        if (listing, rights) in self.seen:
            return
        self.seen.add((listing, rights))
        yield from self.stop(page, "list", listing, rights)
        record = first_link(page, "#result_list tbody th a")
        filtered = first_link(page, "#changelist-filter li:not(.selected) a")
        if page.locator("#searchbar").count():
            yield from self.stop(page, "empty search", f"{listing}?q=nobody", "")
        yield from self.stop(page, "filtered list", filtered, "")
        yield from self.stop(page, "record", record, rights)
        yield from self.stop(page, "add", offered.get("addlink", ""), "")

    def stop(self, page: Page, kind: str, url: str, rights: str) -> Iterator[Stop]:
        so_far = sum(stop.kind == kind for stop in self.stops)
        if not url or (kind, url, rights) in self.seen or so_far == ENOUGH.get(kind):
            return
        self.seen.add((kind, url, rights))
        stop = Stop(kind, url, next(self.widths[kind]))
        page.set_viewport_size({"width": stop.width, "height": 900})
        page.goto(url)
        self.stops.append(stop)
        yield stop


def first_link(page: Page, selector: str) -> str:
    """The address behind the first such link, or nothing."""
    found: list[str] = page.locator(selector).evaluate_all(
        "links => links.slice(0, 1).map(link => link.href)"
    )
    return found[0] if found else ""
