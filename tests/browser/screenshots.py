"""`make screenshots`: pictures of every public page of a running server, into .local/screenshots/.

Start the server first with `make run`; BASE_URL names another address.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

# Only the URL configuration is read: nothing connects to the database.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")
os.environ.setdefault("TESTING", "1")
os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1/nothing")

FOLDER = Path(__file__).resolve().parents[2] / ".local" / "screenshots"
WIDTHS = (390, 1440)


def take(page: Page, base: str, url: str, width: int) -> Path:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(base + url)
    path = FOLDER / f"{url.strip('/').replace('/', '-') or 'home'}-{width}.png"
    page.screenshot(path=path, full_page=True)
    return path


def main() -> int:
    import django

    from tests.browser.conftest import FLAGS, find_chromium
    from tests.browser.pages import public_urls

    django.setup()
    base = os.environ.get("BASE_URL", "http://127.0.0.1:8000")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page()
        for url in public_urls():
            for width in WIDTHS:
                print(take(page, base, url, width))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
