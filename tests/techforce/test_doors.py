"""Every address is public on purpose or asks who you are (I11). The list is made from the URL configuration, so an
address that nobody thought of fails here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from techforce.accounts.models import OpmRole
from tests.accounts.visitor import Visitor
from tests.factories.accounts import UserFactory, give_second_factor, opm_staff

PUBLIC = {
    # ours
    "home",
    "healthz",
    "openings",
    "about",
    "accessibility",
    "privacy",
    "disclosure",
    "foia",
    "no_fear_act",
    "inspector_general",
    # signing in, signing up, resetting
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_password_reset_completed",
    "account_complete_password_reset",
    "account_logout",
    "account_signup_by_passkey",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_signup_webauthn",
    "mfa_trust",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    # shows whose invitation it is and leads to sign-in
    "accounts_invitation",
    # the demonstration, on the loopback address only
    "design",
    "demo",
    "demo_sign_in",
    "demo_mail",
    "demo_mail_message",
    "demo_mail_html",
}
SERVICE_ROUTES = ("admin/", "api/")


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns or get_resolver().url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry
        else:
            yield from addresses(entry.url_patterns, route)


def site_addresses() -> list[tuple[str, URLPattern]]:
    return [(route, entry) for route, entry in addresses() if not route.startswith(SERVICE_ROUTES)]


def is_open(entry: URLPattern) -> bool:
    return not getattr(entry.callback, "login_required", True)


def test_every_public_address_is_public_on_purpose() -> None:
    unlisted = {str(entry.name) for _route, entry in site_addresses() if is_open(entry)} - PUBLIC
    assert unlisted == set()


@pytest.mark.django_db
def test_every_other_address_asks_a_visitor_to_sign_in(client: Client) -> None:
    let_in = {
        route: answer.status_code
        for route, entry in site_addresses()
        if not is_open(entry)
        and (answer := client.get(address_of(entry))).status_code not in (404, 405)
        and not is_sign_in(answer)
    }
    assert let_in == {}


def address_of(entry: URLPattern) -> str:
    stand_ins = {
        "pk": 1,
        "public_id": "00000000-0000-4000-8000-000000000000",
        "slug": "x",
        "key": "x",
        "token": "x",
        "uidb36": "1",
    }
    names = entry.pattern.converters or {}
    try:
        return reverse(str(entry.name), kwargs={name: stand_ins.get(name, "x") for name in names})
    except NoReverseMatch:
        return f"/{entry.pattern}"


def is_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and reverse("account_login") in answer.headers["Location"]


def admin_addresses() -> list[str]:
    pages = [reverse("admin:index")]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        pages += [reverse(f"{name}_changelist"), reverse(f"{name}_add"), reverse(f"{name}_change", args=[1])]
    return pages


@pytest.mark.django_db
def test_nobody_without_an_opm_role_enters_the_staff_pages(client: Client) -> None:
    client.force_login(UserFactory())
    entered = {page for page in admin_addresses() if client.get(page).status_code not in (302, 403, 404)}
    assert entered == set()


@pytest.mark.django_db
@pytest.mark.parametrize("role", OpmRole.values)
def test_staff_pages_answer_every_role_without_an_error(role: str) -> None:
    member, visitor = opm_staff(role), Visitor()
    give_second_factor(member)
    visitor.sign_in_fully(member)
    answers = {page: visitor.get(page).status_code for page in admin_addresses()}
    assert {page: code for page, code in answers.items() if code not in (200, 302, 403)} == {}
    assert answers[reverse("admin:index")] == 200
