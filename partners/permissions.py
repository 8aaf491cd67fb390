"""Who may do what with partner companies and their nominations. Each `view_` agrees with `visible_to`."""

from typing import Any

import rules

from applicants.permissions import recused_from
from partners.models import EquityDeclaration, LoanTerms, Nomination, Partner, PartnerMembership
from partners.querysets import READS_NOMINATIONS, READS_RESTRICTED, recused_families
from techforce.accounts.models import User
from techforce.accounts.permissions import (
    has_opm_role,
    is_administrator,
    is_case_manager,
    is_opm,
    is_program_manager,
)
from techforce.core.permissions import is_signed_in, is_system


def live_memberships(user: Any) -> list[PartnerMembership]:
    """Memberships in companies that count today, loaded once for each request's user."""
    if not (user.is_authenticated and user.is_active):
        return []
    if "live_partner_memberships" not in user.__dict__:
        user.__dict__["live_partner_memberships"] = list(PartnerMembership.objects.held_by(user))
    return user.__dict__["live_partner_memberships"]


def holds_a_membership(user: Any) -> bool:
    """Whoever acts for a partner company signs in with a second factor."""
    return bool(live_memberships(user))


def partner_of(obj: Any) -> int | None:
    """The key of the company to which a row belongs."""
    if isinstance(obj, Partner):
        return obj.pk
    if isinstance(obj, LoanTerms | EquityDeclaration):
        return obj.nomination.partner_id
    return getattr(obj, "partner_id", None)


@rules.predicate
def coordinates(user: Any, obj: Any) -> bool:
    """Works for the row's company in this system. Without a row: for any company."""
    companies = {membership.partner_id for membership in live_memberships(user)}
    return bool(companies) if obj is None else partner_of(obj) in companies


@rules.predicate
def is_own_membership(user: Any, obj: Any) -> bool:
    return obj is not None and obj.user_id is not None and obj.user_id == user.pk


@rules.predicate
def is_nominee(user: Any, obj: Any) -> bool:
    nomination = obj if isinstance(obj, Nomination) else getattr(obj, "nomination", None)
    return nomination is not None and nomination.nominee_id is not None and nomination.nominee_id == user.pk


@rules.predicate
def is_person(user: Any) -> bool:
    """Not a machine: only people confirm anything about themselves."""
    return bool(user.is_authenticated and user.kind == User.Kind.PERSON)


def nomination_of(obj: Any) -> Nomination:
    return obj if isinstance(obj, Nomination) else obj.nomination


def recused_family_ids(user: Any) -> frozenset[int]:
    """Tops of the corporate families from which `user` stands aside, remembered like the people are."""
    if "recused_families" not in user.__dict__:
        roots = recused_families(user).values_list("company__family_root", flat=True)
        user.__dict__["recused_families"] = frozenset(roots)
    found: frozenset[int] = user.__dict__["recused_families"]
    return found


@rules.predicate
def is_unrecused(user: Any, obj: Any) -> bool:
    """I16: neither from the nominee nor from the company's family. Without a row, nobody is meant yet."""
    if obj is None:
        return True
    nomination = nomination_of(obj)
    person = getattr(nomination.nominee, "applicant", None)
    return nomination.partner.company.family_root_id not in recused_family_ids(user) and getattr(
        person, "pk", None
    ) not in recused_from(user)


reads_nominations = is_system | (has_opm_role(*READS_NOMINATIONS) & is_unrecused)
reads_restricted = is_system | (has_opm_role(*READS_RESTRICTED) & is_unrecused)
keeps_partners = is_program_manager | is_administrator
sees_all = is_opm | is_system

rules.add_perm("partners.view_partner", sees_all | coordinates)
rules.add_perm("partners.add_partner", keeps_partners)
rules.add_perm("partners.change_partner", keeps_partners)
rules.add_perm("partners.onboard_partner", keeps_partners)

rules.add_perm("partners.view_partnermembership", sees_all | is_own_membership | coordinates)
rules.add_perm("partners.add_partnermembership", keeps_partners | coordinates)
rules.add_perm("partners.change_partnermembership", keeps_partners)

rules.add_perm("partners.view_partneragreement", sees_all | coordinates)
rules.add_perm("partners.add_partneragreement", keeps_partners)
rules.add_perm("partners.change_partneragreement", keeps_partners)

rules.add_perm("partners.view_nomination", reads_nominations | is_nominee | coordinates)
rules.add_perm("partners.add_nomination", keeps_partners | coordinates)
rules.add_perm("partners.nominate", keeps_partners | is_case_manager | coordinates)
rules.add_perm("partners.answer_nomination", is_signed_in & is_person)
rules.add_perm("partners.decline_nomination", (is_signed_in & is_person) | is_system)
rules.add_perm("partners.expire_nomination", is_system)
rules.add_perm("partners.carry_nomination", (is_case_manager & is_unrecused) | is_system)

rules.add_perm("partners.view_loanterms", reads_nominations | is_nominee | coordinates)
rules.add_perm("partners.add_loanterms", is_case_manager | coordinates | is_nominee)
rules.add_perm("partners.change_loanterms", is_case_manager & is_unrecused)

rules.add_perm("partners.view_equitydeclaration", reads_restricted | is_nominee)
rules.add_perm("partners.add_equitydeclaration", is_nominee)
