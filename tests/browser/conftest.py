"""Fixtures for tests that drive a real browser: Debian's Chromium under Playwright."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.conftest import skip_unless_ci

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The sandbox needs a user other than root; the rest keeps Chromium from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        # Playwright keeps an event loop on this thread, in which Django would refuse every query.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        yield running
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = find_chromium()
    if path is None:
        skip_unless_ci("no Chromium found; install it with: apt-get install chromium")
    assert path is not None
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str, playwright: Playwright) -> Iterator[Browser]:
    running = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
    yield running
    running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """An empty profile for each test."""
    profile = browser.new_context(viewport={"width": 1440, "height": 900})
    yield profile
    profile.close()


@pytest.fixture
def console_problems() -> list[str]:
    """What the browser complained about; the page fixture fails a test that leaves something in it."""
    return []


@pytest.fixture
def page(context: BrowserContext, console_problems: list[str]) -> Iterator[Page]:
    tab = context.new_page()
    tab.on("console", lambda line: console_problems.append(line.text) if line.type == "error" else None)
    tab.on("pageerror", lambda error: console_problems.append(str(error)))
    yield tab
    tab.close()
    assert console_problems == []


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe, to be run in a page under test."""
    root = Path(__file__).resolve().parents[2]
    path = root / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        skip_unless_ci("axe is not installed; install it with: make install")
    return path.read_text()
