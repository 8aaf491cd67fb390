"""Fixtures for tests that drive a real browser: Debian's Chromium under Playwright."""

import os
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from techforce.demo.sink import Mailbox
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
    tab.on("console", lambda line: console_problems.append(line.text) if is_problem(line, tab) else None)
    tab.on("pageerror", lambda error: console_problems.append(str(error)))
    yield tab
    tab.close()
    assert console_problems == []


def is_problem(line: ConsoleMessage, tab: Page) -> bool:
    """An error page is one on purpose, and the browser says so; a file that is missing on a page is a problem."""
    is_own_status = line.text.startswith("Failed to load resource") and line.location["url"] == tab.url
    return line.type == "error" and not is_own_status


@pytest.fixture(scope="package")
def transactional_db(
    playwright: Playwright, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Takes the place of pytest-django's, which would empty the database after each test.

    Playwright comes first, for a connection made beside its event loop is another one, and would stay open.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # A thread that waits for the browser's next request would hold its connection.
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        yield
        call_command("flush", interactive=False, verbosity=0)
        connections.close_all()


@pytest.fixture(scope="package")
def house(transactional_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a whole demonstration, shared by all browser tests: they look, and hardly change anything."""
    mail = tmp_path_factory.mktemp("mail")
    put_a_message(Mailbox(mail))
    with (
        override_settings(DEMO=True, ROOT_URLCONF="tests.browser.urls"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("MAIL_DIR", str(mail))
        call_command("seed", verbosity=0)
        call_command("load_demo", verbosity=0)
        server = LiveServer("localhost")
        yield server.url
        server.stop()


def put_a_message(mailbox: Mailbox) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = "maya@mail.example", "A message"
    message["Message-ID"], message["Date"] = "<one@sink>", "Sun, 22 Nov 2026 15:04:05 +0000"
    message.set_content("Read it at http://127.0.0.1:8000/openings/.")
    message.add_alternative("<p>Read it.</p>", subtype="html")
    mailbox.store(message.as_bytes())


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe, to be run in a page under test."""
    root = Path(__file__).resolve().parents[2]
    path = root / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        skip_unless_ci("axe is not installed; install it with: make install")
    return path.read_text()
