"""`make screenshots`: pictures of every page of every role, into .local/screenshots/.

BASE_URL names a demonstration that is running. Without it one is started on a free port, and stopped at the end.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from techforce.demo.embedded import free_port
from techforce.demo.environment import HOST
from tests.browser.pages import PUBLIC, visits
from tests.browser.staff import ROLES, Tour

# Only the URL configuration is read: nothing here connects to the database.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".local" / "screenshots"
WIDTHS = (390, 1440)


def main() -> int:
    import django

    from tests.browser.conftest import FLAGS, find_chromium

    FOLDER.mkdir(parents=True, exist_ok=True)
    with demonstration() as base, sync_playwright() as playwright:
        os.environ |= {"TESTING": "1", "DATABASE_URL": "postgres://nobody@127.0.0.1/nothing"}
        django.setup()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page()
        for role in dict.fromkeys(visit.role for visit in visits()):
            take_listed(page, base, role, [visit.url for visit in visits() if visit.role == role])
        tour = Tour()
        for role in ROLES:
            take_staff(page, base, role, tour)
        browser.close()
    print(f"Pictures of every page are in {FOLDER.relative_to(ROOT)}.")
    return 0


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of one that runs, or of one for these pictures alone."""
    if named := os.environ.get("BASE_URL"):
        yield named.rstrip("/")
        return
    port = free_port()
    environment = {**os.environ, "PORT": str(port)}
    launcher = subprocess.Popen(
        [sys.executable, "-m", "techforce.demo"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        wait_until_ready(launcher)
        yield f"http://{HOST}:{port}"
    finally:
        launcher.terminate()
        launcher.communicate()


def wait_until_ready(launcher: "subprocess.Popen[str]") -> None:
    for line in launcher.stdout or ():
        print(line, end="")
        if line.startswith("Ready:"):
            return
    raise SystemExit(
        "The demonstration did not start. If one runs already, name it: BASE_URL=http://127.0.0.1:8000"
    )


def take_listed(page: Page, base: str, role: str, urls: list[str]) -> None:
    from tests.browser.journeys import enter

    if role != PUBLIC:
        enter(page, base, role)
    for url in urls:
        take(page, role, base + url)


def take_staff(page: Page, base: str, role: str, tour: Tour) -> None:
    """Their first page; then what it leads to, unless another role sees the same."""
    from tests.browser.journeys import enter

    enter(page, base, role)
    take(page, role, base + "/admin/")
    for stop in tour.through(page, base):
        take(page, role, stop.url)


def take(page: Page, role: str, url: str) -> None:
    name = re.sub(r"\W+", "-", url.split("/", 3)[3]).strip("-") or "home"
    (FOLDER / role).mkdir(exist_ok=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(url)
        page.screenshot(path=FOLDER / role / f"{name}-{width}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
