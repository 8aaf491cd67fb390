"""Mail domains of partner companies: mailboxes that end with the job, and that the company can read."""

from typing import Any

from partners.models import Nomination, Partner


def is_partner_domain(domain: str) -> bool:
    """`domain` is one of a partner company, or below one."""
    words = Partner.objects.exclude(work_email_domains="").order_by("pk")
    return any(partner.is_work_address(f"x@{domain}") for partner in words)


def is_own_employers_address(user: Any, address: str) -> bool:
    """`address` is run by a company that lends this person: it must not open their account."""
    lent = Nomination.objects.confirmed().filter(nominee=user).select_related("partner").order_by("pk")
    return any(nomination.partner.is_work_address(address) for nomination in lent)
