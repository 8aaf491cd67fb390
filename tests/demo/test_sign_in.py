"""Every role is one click away, with a real second factor; from this machine only (trust.md §4)."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable

import pytest
from allauth.account.authentication import get_authentication_records
from django.conf import LazySettings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from techforce.accounts import second_factor
from techforce.accounts.models import User
from techforce.demo.people import PASSWORD, PEOPLE
from techforce.demo.sign_in import current_code, seed_of
from tests.conftest import ROOT
from tests.demo.conftest import HERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_loaded")]


def factors(client: Client, user: User) -> set[str]:
    request = HttpRequest()
    request.session = client.session
    return {record["method"] for record in get_authentication_records(request, user)}


@pytest.mark.parametrize("slug", PEOPLE)
def test_one_click_leads_to_the_page_where_the_role_begins(client: Client, slug: str) -> None:
    answer = client.post(f"/demo/sign-in/{slug}/", follow=True)
    assert answer.status_code == 200
    assert answer.request["PATH_INFO"] == reverse(PEOPLE[slug].starts_at)
    assert answer.wsgi_request.user.email == PEOPLE[slug].email


WORK = {
    "experienced": "Answer your tentative offer",
    "nominee": r"Fingerprints taken, late since .* days late",
    "accepted": "Short questions on employers and holdings",
    "serving": "Financial disclosure of a new entrant",
    "coordinator": "Step outstanding",
    "hr-specialist": r"[1-9]\d* Tentative offers to prepare",
    "hiring-manager": "V20 Badge sponsored",
    "approving-official": r"[1-9]\d* Selections to approve",
    "security-officer": r"V\d\d .* days late",
    "ethics-official": r"[1-9]\d* Reviews to sign",
    "supervisor": "Screening arrangement signed",
    "reviewer": r"[1-9]\d* To rate",
    "hr-decider": r"[1-9]\d* To decide",
    "program-manager": r"[1-9]\d* Openings to approve",
}
"""What each of them reads at once. Who is not here begins with nothing on purpose, or looks after all the records."""


@pytest.mark.parametrize("slug", WORK)
def test_work_waits_on_the_first_page(client: Client, slug: str) -> None:
    page = client.post(f"/demo/sign-in/{slug}/", follow=True).content.decode()
    assert re.search(WORK[slug], " ".join(strip_tags(page).split()))


@pytest.mark.parametrize("slug", PEOPLE)
def test_who_needs_a_second_factor_has_used_one(client: Client, slug: str) -> None:
    user = User.objects.get(email=PEOPLE[slug].email)
    client.post(f"/demo/sign-in/{slug}/")
    assert ("mfa" in factors(client, user)) == second_factor.is_required(user)


def test_the_same_role_again_at_once(client: Client) -> None:
    for _click in range(3):
        client.post("/demo/sign-in/auditor/")
        assert client.get("/admin/").status_code == 200


def test_choosing_another_role_ends_the_session_of_the_first(client: Client) -> None:
    client.post("/demo/sign-in/auditor/")
    first = client.session.session_key
    client.post("/demo/sign-in/early-career/")
    assert client.session.session_key != first
    assert client.get("/admin/").status_code != 200


def test_signing_in_by_hand_with_what_the_page_shows(client: Client) -> None:
    person = PEOPLE["auditor"]
    page = client.get("/demo/").content.decode()
    code = current_code(seed_of(User.objects.get(email=person.email)))
    assert all(shown in page for shown in (person.email, PASSWORD, code))
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.get("/admin/").status_code == 200


def test_the_page_names_every_role(client: Client) -> None:
    page = client.get("/demo/").content.decode()
    assert all(str(person.role) in page for person in PEOPLE.values())


def test_a_link_alone_signs_nobody_in(client: Client) -> None:
    assert client.get("/demo/sign-in/auditor/").status_code == 405


def test_nobody_but_the_demos_own_people(client: Client) -> None:
    assert client.post("/demo/sign-in/system/").status_code == 404


def addresses() -> Iterable[str]:
    return ["/demo/", "/demo/mail/", "/demo/mail/0-0/", "/demo/mail/0-0/html/"]


@pytest.mark.parametrize("address", addresses())
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"HTTP_HOST": "techforce.example"},
        {"HTTP_HOST": "127.0.0.1.techforce.example"},
        {"HTTP_HOST": "192.0.2.7:8000"},
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_other_machines_are_refused(settings: LazySettings, address: str, elsewhere: dict[str, str]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert Client(**(HERE | elsewhere)).get(address).status_code == 404


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "[::1]:8000", "[::1]"])
def test_this_machine_is_served_by_each_of_its_names(settings: LazySettings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert Client(HTTP_HOST=host, REMOTE_ADDR="::1").get("/demo/").status_code == 200


def test_another_machine_cannot_sign_in(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    stranger = Client(HTTP_HOST="techforce.example", REMOTE_ADDR="127.0.0.1")
    assert stranger.post("/demo/sign-in/auditor/").status_code == 404
    assert "sessionid" not in stranger.cookies


@pytest.mark.parametrize("address", addresses())
def test_refused_where_this_is_no_demonstration(client: Client, settings: LazySettings, address: str) -> None:
    settings.DEMO = False
    assert client.get(address).status_code == 404


def test_the_addresses_do_not_exist_without_demo() -> None:
    question = (
        "import django; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "for address in ('/demo/', '/demo/mail/', '/demo/sign-in/auditor/', '/design/'):\n"
        "    try:\n"
        "        resolve(address)\n"
        "    except Resolver404:\n"
        "        continue\n"
        "    raise SystemExit(f'{address} exists')\n"
    )
    environment = os.environ | {"DEMO": "0", "TESTING": "0", "DJANGO_SETTINGS_MODULE": "techforce.settings"}
    subprocess.run([sys.executable, "-c", question], cwd=ROOT, env=environment, check=True)
