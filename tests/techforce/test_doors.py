"""Every address is public on purpose or asks who you are (I11). The list is made from the URL configuration, so an
address that nobody thought of fails here. The rows behind the staff pages are the matter of test_access.py."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from agencies.models import Agency
from techforce.accounts.models import OpmRole
from tests.techforce.desk import METHODS, Desk, undone
from tests.techforce.world import OURS, World

PUBLIC = {
    # ours
    "home",
    "healthz",
    "openings",
    "opening",
    "apply",
    "about",
    "accessibility",
    "privacy",
    "disclosure",
    "foia",
    "no_fear_act",
    "numbers",
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
    # to Login.gov and back; unknown without its configuration
    "login_gov_login",
    "login_gov_callback",
    # shows whose invitation it is and leads to sign-in
    "accounts_invitation",
    # the same for who was nominated
    "nomination",
    "nomination_decline",
    # read by calendar programs, at a secret address
    "calendar_feed",
    # the demonstration, on the loopback address only
    "design",
    "demo",
    "demo_sign_in",
    "demo_mail",
    "demo_mail_message",
    "demo_mail_html",
}
SIGNED_IN = {
    "agency_opening",
    "agency_opening_act",
    "agency_opening_add",
    "agency_opening_change",
    "agency_opening_edit",
    "agency_openings",
    "opening_interest",
    "apply_step",
    "apply_review",
    "apply_receipt",
    "apply_receipt_pdf",
    "apply_discard",
    "apply_resume_preview",
    "document",
    "accounts_close",
    "accounts_download",
    "accounts_extend",
    "accounts_my_data",
    "accounts_profile",
    "accounts_second_factor",
    "acknowledge_reminder",
    "choose_mails",
    "my_reminders",
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "socialaccount_connections",
    "socialaccount_login_error",
    "usersessions_list",
    # a person's own application, offers and service
    "my_application",
    "my_calendar",
    "my_calendar_renew",
    "my_calendar_revoke",
    "interview_file",
    "my_information",
    "my_offer",
    "my_offer_accept",
    "my_offer_decline",
    "my_question",
    "my_question_ask",
    "my_questions",
    "my_review_request",
    "my_service",
    "my_step_submit",
    "my_steps_submit",
    "my_withdraw",
    "my_withdraw_undo",
    # the work of an agency
    "agency",
    "agency_candidate",
    "agency_candidate_act",
    "agency_candidates",
    "agency_certificate",
    "agency_class",
    "agency_commitments",
    "agency_conflict",
    "agency_conflict_act",
    "agency_conflict_relationship",
    "agency_conflicts",
    "agency_ethics",
    "agency_figure",
    "agency_import",
    "agency_interview_act",
    "agency_offer",
    "agency_offer_act",
    "agency_offer_add",
    "agency_numbers",
    "agency_offers",
    "agency_placement",
    "agency_placement_act",
    "agency_placements",
    "agency_step",
    "agency_step_act",
    "agency_steps_record",
    "agency_vetting",
    "agency_vetting_detail",
    # the nominations of one's company
    "partner",
    "partner_colleague_withdraw",
    "partner_colleagues",
    "partner_invite",
    "partner_nominate",
    "partner_nomination",
    "partner_revoke",
    "partner_terms",
    "None",  # allauth's old addresses of the above, which only redirect
}
STAFF_COMMON = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "None",  # what leads to an address that ends in a slash
    # what staff do that is no table
    "review_queue",
    "review_application",
    "review_recognise",
    "review_give_back",
    "decide_queue",
    "decide_application",
    "case_queue",
    "accommodation_queue",
    "review_request_queue",
    "late_case_queue",
    "search_resumes",
    "certificate_new",
    "commitments",
    "destruction",
    "checklist_dates",
    "core_reminderledger_preview",
}
STAFF_PAGES = ("changelist", "add", "change", "delete", "history", "transition", "act")
OWN_ROWS = {"mfa_edit_webauthn", "mfa_remove_webauthn"}
"""Addresses that name a row of one person."""
OF_AN_APP = {
    # tests/applicants/test_opening_page.py
    "opening",
    "opening_interest",
    # tests/applicants/test_apply_pages.py
    "apply_step",
    "apply_review",
    "apply_receipt",
    "apply_receipt_pdf",
    "apply_discard",
    # tests/applicants/test_document_pages.py
    "apply_resume_preview",
    "document",
    # tests/agencies/test_opening_pages.py
    "agency_opening",
    "agency_opening_act",
    "agency_opening_change",
    "agency_opening_edit",
    # tests/placements/test_my_offers.py, test_my_service.py
    "my_offer",
    "my_offer_accept",
    "my_offer_decline",
    "my_step_submit",
    # tests/placements/test_agency_candidates.py, ..._offers.py, ..._placements.py, ..._conflicts.py
    "agency_candidate",
    "agency_candidate_act",
    "agency_certificate",
    "agency_conflict",
    "agency_conflict_act",
    "agency_conflict_relationship",
    # tests/placements/test_numbers.py
    "agency_figure",
    # tests/placements/test_agency_offers.py and its neighbours
    "agency_offer",
    "agency_offer_act",
    "agency_offer_add",
    "agency_placement",
    "agency_placement_act",
    "agency_step",
    "agency_step_act",
    # tests/applicants/test_cases.py, test_question_pages.py
    "my_question",
    "my_review_request",
    # tests/placements/test_interviews.py
    "agency_interview_act",
    "interview_file",
    # tests/placements/test_class_page.py
    "agency_class",
    # tests/core/test_acknowledging.py
    "acknowledge_reminder",
    # tests/partners/test_partner_pages.py, test_colleagues.py
    "partner_colleague_withdraw",
    "partner_invite",
    "partner_nomination",
    "partner_revoke",
    "partner_terms",
}
"""Addresses that name a row of an app, whose own tests say to whom it opens."""
TOKENS = {
    # tests/placements/test_calendar_feed.py
    "calendar_feed",
    "accounts_invitation",
    "account_confirm_email",
    "account_reset_password_from_key",
    # tests/partners/test_nomination_pages.py
    "nomination",
    "nomination_decline",
}
"""Addresses that name a row and open it only to whoever has the secret from the mail."""
NO_SUCH_ID = "00000000-0000-4000-8000-000000000000"
DEMONSTRATION = {"demo_sign_in", "demo_mail_message", "demo_mail_html"}

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


@dataclass(frozen=True)
class Address:
    route: str
    namespace: str
    pattern: URLPattern

    @property
    def name(self) -> str:
        return str(self.pattern.name)

    @property
    def is_open(self) -> bool:
        return not getattr(self.pattern.callback, "login_required", True)

    @property
    def parameters(self) -> list[str]:
        """Of the whole route, not only of its last part."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.route)

    def path(self, pk: int = 1) -> str:
        """With a row that does not exist, unless it has the key `pk`."""
        if self.pattern.name is None:
            return f"/{self.route}"
        stand_ins = {"pk": pk, "uidb36": "1", "app_label": "core"}
        values = {
            name: NO_SUCH_ID if name.endswith("_id") else stand_ins.get(name, "x") for name in self.parameters
        }
        return reverse(self.namespace + self.name, kwargs=values)


def addresses(patterns: Any = None, prefix: str = "", namespace: str = "") -> Iterator[Address]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(route, namespace, entry)
        else:
            inner = f"{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry.url_patterns, route, inner)


SITE = [address for address in addresses() if address.namespace != "admin:"]
STAFF = [address for address in addresses() if address.namespace == "admin:"]


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


# ── Reading changes nothing ───────────────────────────────────────────────────────────────────────
def digests() -> dict[str, str]:
    """What every table of ours holds, histories too; only the access log is written when somebody reads."""
    tables = [model._meta.db_table for label in OURS for model in apps.get_app_config(label).get_models()]
    found = {}
    with connection.cursor() as cursor:
        for table in set(tables) - {"core_accessevent"}:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
            found[table] = cursor.fetchone()[0]
    return found


def changed(before: dict[str, str]) -> set[str]:
    return {table for table, digest in digests().items() if digest != before[table]}


@pytest.mark.slow
def test_reading_changes_no_row(world: World) -> None:
    desks = [Desk(world.people[name]) for name in ("nobody", "person home", "OPM administrator")]
    before = digests()
    for desk in desks:
        for address in SITE:
            desk.get(address.path())
    assert changed(before) == set()


@pytest.mark.slow
def test_reading_the_staff_pages_changes_no_row(world: World) -> None:
    desk = Desk(world.people["OPM auditor"])
    before = digests()
    codes = [desk.get(address.path()).status_code for address in STAFF if not address.parameters]
    codes += [
        desk.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[rows[0].pk])
        ).status_code
        for model, rows in world.rows.items()
        if model in admin.site._registry
    ]
    assert changed(before) == set()
    assert codes.count(200) > 100


def test_a_row_that_changes_is_noticed(world: World) -> None:
    """The negative control of the two above."""
    before = digests()
    with undone():
        Agency.objects.filter(pk=world.sides["home"].agency.pk).update(name="Changed")
        assert changed(before) == {"agencies_agency"}
