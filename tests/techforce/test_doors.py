"""Every address is public on purpose or asks who you are (I11). The list is made from the URL configuration, so an
address that nobody thought of fails here; new pages have their entry in doors.py and addresses.py. The rows behind the
staff pages are the matter of test_access.py."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client

from techforce.accounts.models import OpmRole
from tests.techforce.addresses import DEMONSTRATION, OF_AN_APP, OWN_ROWS, SITE, STAFF, TOKENS
from tests.techforce.desk import METHODS, Desk
from tests.techforce.doors import PUBLIC, SIGNED_IN, STAFF_COMMON, STAFF_PAGES
from tests.techforce.world import World

PEOPLE = (
    "nobody",
    "stranger",
    "person home",
    "coordinator home",
    "hr_specialist of the agency",
    "ethics_official of the office",
    "former OPM auditor",
    *(f"OPM {role}" for role in OpmRole.values),
)


# ── Nothing is forgotten ──────────────────────────────────────────────────────────────────────────
def test_every_address_is_public_or_private_on_purpose() -> None:
    assert {address.name for address in SITE if address.is_open} <= PUBLIC
    assert {address.name for address in SITE if not address.is_open} <= SIGNED_IN


def test_every_address_that_names_a_row_says_whose_row() -> None:
    assert {
        address.name for address in SITE if address.parameters
    } <= OWN_ROWS | OF_AN_APP | TOKENS | DEMONSTRATION


def test_every_staff_address_is_one_of_the_pages_of_a_table() -> None:
    tables = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    pages = {f"{table}_{page}" for table in tables for page in STAFF_PAGES}
    assert {address.name for address in STAFF} <= pages | STAFF_COMMON


# ── Who is let in ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_every_private_address_asks_a_visitor_to_sign_in(client: Client) -> None:
    private = [address for address in SITE + STAFF if not address.is_open and address.name != "login"]
    let_in = {
        address.route: answer.status_code
        for address in private
        for answer in [client.get(address.path())]
        if answer.status_code not in (404, 405) and not leads_to_sign_in(answer)
    }
    assert let_in == {}
    assert len(private) > 300


def leads_to_sign_in(answer: Any) -> bool:
    target = answer.headers.get("Location", "")
    return answer.status_code in (301, 302) and ("login" in target or "/accounts/" in target)


@pytest.mark.slow
@pytest.mark.parametrize("name", PEOPLE)
def test_every_address_answers_everyone_by_every_method_without_an_error(world: World, name: str) -> None:
    desk = Desk(world.people[name])
    methods = METHODS if name in ("stranger", "OPM administrator") else ("GET", "POST")
    common = [address for address in STAFF if address.name in STAFF_COMMON]
    broken = {
        f"{method} {address.route}": answer.status_code
        for address in SITE + common
        for method in methods
        for answer in [desk.try_out(method, address.path())]
        if answer.status_code >= 500
    }
    assert broken == {}


@pytest.mark.django_db
def test_a_row_of_one_person_opens_to_that_person_only(world: World) -> None:
    owner = world.people["person home"]
    key = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "Key", "credential": {}})
    opened = {
        (name, address.name, method)
        for name in PEOPLE
        for desk in [Desk(world.people[name])]
        for address in SITE
        if address.name in OWN_ROWS
        for method in set(METHODS) - {"OPTIONS"}  # which names the methods and looks at no row
        if desk.try_out(method, address.path(key.pk)).status_code == 200
    }
    assert {(name, address) for name, address, _method in opened} == {
        ("person home", address) for address in OWN_ROWS
    }
    assert Authenticator.objects.filter(pk=key.pk).exists()
