"""Every address of the site, made from the URL configuration, and whose row it names. A new page that names one has its
entry here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver, reverse

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
    # tests/placements/test_disclosure_extensions.py
    "agency_extension",
    "agency_extension_act",
    "my_extension",
    "my_extension_withdraw",
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
