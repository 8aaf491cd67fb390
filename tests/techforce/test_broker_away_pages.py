"""The broker is away and every page of the road is answered at once."""

import re
import time

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from tests.techforce.broker import MOST_WAIT_S
from tests.techforce.desk import Desk
from tests.techforce.world import World

BEGINNINGS = {
    "nobody": "/",
    "person home": "/my/",
    "coordinator home": "/partner/",
    "OPM program_manager": "/admin/",
    "OPM hr_decider": "/admin/",
    "OPM reviewer": "/admin/",
    **{
        f"{role} of the agency": "/agency/"
        for role in (
            "hr_specialist",
            "hiring_manager",
            "approving_official",
            "security_officer",
            "ethics_official",
        )
    },
}
# A PDF takes seconds of its own.
NOT_THE_ROAD = re.compile(r"demo|receipt_pdf|design|healthz|admin:(core|accounts|program)_|account_logout")


def visit(client: Client, beginning: str) -> dict[str, tuple[int, float]]:
    """Each kind of page once that links lead to, with its answer and its seconds."""
    found: dict[str, tuple[int, float]] = {}
    ways = [beginning]
    for path in ways:
        name = page_name(path)
        if name in found or NOT_THE_ROAD.search(name or "demo"):
            continue
        began = time.monotonic()
        answer = client.get(path)
        found[name] = (answer.status_code, time.monotonic() - began)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            ways += re.findall(r'<a [^>]*href="(/[^"#?]*)', answer.content.decode())
    return found


def page_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@pytest.mark.slow
@pytest.mark.usefixtures("stopped")
@pytest.mark.parametrize("name", BEGINNINGS)
def test_every_page_that_links_lead_to_is_answered_at_once(world: World, name: str) -> None:
    person = world.people[name]
    found = visit(Desk(person) if person.is_authenticated else Client(), BEGINNINGS[name])
    assert {page: code for page, (code, _seconds) in found.items() if code >= 500} == {}
    assert {page: seconds for page, (_code, seconds) in found.items() if seconds > MOST_WAIT_S} == {}
    assert len(found) > 9, sorted(found)
