"""Addresses that may die, and addresses that must not open an account.

A mailbox at a university or an employer ends with the studies or the job, so its holder needs a second
verified address. A partner company can read the mailboxes that it runs, so the account of a person whom it
lends is never opened by a code sent there. Later apps say which domains and which people are meant.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress

DomainRule = Callable[[str], bool]
IdentityRule = Callable[[Any, str], bool]
OwnEmployerRule = Callable[[Any, str], bool]

_EMPLOYER_DOMAINS: list[DomainRule] = []
_OWN_EMPLOYERS: list[OwnEmployerRule] = []
_BARRED_IDENTITIES: list[IdentityRule] = []


def register_employer_domains(rule: DomainRule) -> DomainRule:
    """`rule(domain)` is true for the mail domain of an employer."""
    if rule not in _EMPLOYER_DOMAINS:
        _EMPLOYER_DOMAINS.append(rule)
    return rule


def register_own_employers(rule: OwnEmployerRule) -> OwnEmployerRule:
    """`rule(user, domain)` is true for the mail domain of an employer whom this person named."""
    if rule not in _OWN_EMPLOYERS:
        _OWN_EMPLOYERS.append(rule)
    return rule


def bar_identities(rule: IdentityRule) -> IdentityRule:
    """`rule(user, address)` is true for an address that must not open this person's account."""
    if rule not in _BARRED_IDENTITIES:
        _BARRED_IDENTITIES.append(rule)
    return rule


def may_die(address: str, user: Any = None) -> bool:
    """The mailbox ends with a job or with studies; `user` is whose address it is, where that is known."""
    domain = address.rpartition("@")[2].lower()
    if domain.endswith(".edu") or any(rule(domain) for rule in _EMPLOYER_DOMAINS):
        return True
    return user is not None and any(rule(user, domain) for rule in _OWN_EMPLOYERS)


def verified_addresses(user: Any) -> list[str]:
    return list(
        EmailAddress.objects.filter(user=user, verified=True).order_by("pk").values_list("email", flat=True)
    )


def needs_second_address(user: Any) -> bool:
    """The address used to sign in may die, and no verified one would outlive it."""
    return may_die(user.email, user) and all(may_die(address, user) for address in verified_addresses(user))


def is_barred(user: Any, address: str) -> bool:
    """This address must not open this account. Never true for the only way in: nobody is locked out."""
    if not any(rule(user, address) for rule in _BARRED_IDENTITIES):
        return False
    others = (other for other in verified_addresses(user) if other.lower() != address.lower())
    return any(not any(rule(user, other) for rule in _BARRED_IDENTITIES) for other in others)


def owner(address: str) -> Any:
    """Whose verified address this is, or None."""
    found = EmailAddress.objects.filter(email=address.lower(), verified=True).select_related("user").first()
    return found.user if found else None
