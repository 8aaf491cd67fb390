"""No page is heavier than 120 kB on a first visit (performance.md): what a proxy sends, compressed as it compresses."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.applicants.filling import Person, at, draft
from tests.factories.agencies import PublishedOpeningFactory

pytestmark = pytest.mark.django_db

HEAVIEST = 120_000
MOST_REQUESTS = 12
LINKED = re.compile(rf'(?:src|href)="{re.escape(settings.STATIC_URL)}([^"?#]+)"')
INSIDE = re.compile(r"url\(\"?([^\")]+)\"?\)")
PACKED = {".woff2", ".png", ".jpg", ".webp"}
"""Compressed already."""


def weight_of(content: bytes, suffix: str) -> int:
    return len(content) if suffix in PACKED else len(brotli.compress(content))


def files_of(page: str) -> set[Path]:
    """What the page links, and the fonts that every style sheet of ours may load."""
    files = {Path(str(finders.find(name))) for name in LINKED.findall(page)}
    fonts = set()
    for sheet in [file for file in files if file.suffix == ".css"]:
        named = INSIDE.findall(sheet.read_text())
        fonts |= {(sheet.parent / name).resolve() for name in named if name.endswith(".woff2")}
    return files | fonts


def first_visit(client: Client, address: str) -> tuple[int, int]:
    """Bytes and requests."""
    answer = client.get(address)
    assert answer.status_code == 200
    files = files_of(answer.content.decode())
    assert len(files) >= 3, "the page without its style, script and font is not the page"
    return len(gzip.compress(answer.content)) + sum(
        weight_of(file.read_bytes(), file.suffix) for file in files
    ), 1 + len(files)


@pytest.mark.parametrize(
    "address", ["/", "/openings/", "/numbers/", "/accounts/login/", "/accounts/signup/", "/apply/"]
)
def test_a_public_page_is_light(address: str) -> None:
    PublishedOpeningFactory.create_batch(25)
    weight, requests = first_visit(Client(), address)
    assert weight <= HEAVIEST
    assert requests <= MOST_REQUESTS


@pytest.mark.parametrize("step", ["contact", "experience", "skills", "resume", "review"])
def test_a_page_of_the_application_is_light(step: str) -> None:
    application = draft()
    weight, _requests = first_visit(Person(application.applicant.user), at(application, step))
    assert weight <= HEAVIEST
