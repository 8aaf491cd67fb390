"""Who acts: the person of a row, members of the agency to which it leads, OPM staff who are not recused."""

from typing import Any

import rules

from agencies.models import Opening
from agencies.permissions import live_memberships, scope_of
from agencies.workflow import AgencyRole
from applicants.models import Applicant
from applicants.permissions import recused_from
from applicants.querysets import READING_ROLES
from placements.querysets import AUTHORIZES_STARTS, CERTIFYING_ROLES, PREPARES_OFFERS, RESTRICTED_ROLES
from techforce.accounts.permissions import is_case_manager

PARENTS = ("selection", "placement", "referral", "checklist", "item", "entry", "application")


def opening_of(obj: Any) -> Opening | None:
    """The opening to which a row leads."""
    if isinstance(obj, Opening):
        return obj
    if getattr(obj, "opening_id", None):
        return obj.opening
    return next((opening_of(parent) for parent in _parents(obj)), None)


def person_of(obj: Any) -> Applicant | None:
    """The person to whom a row leads."""
    if isinstance(obj, Applicant):
        return obj
    if getattr(obj, "applicant_id", None):
        return obj.applicant
    people = (person_of(parent) for parent in _parents(obj))
    return next((person for person in people if person), None)


def _parents(obj: Any) -> list[Any]:
    return [getattr(obj, name) for name in PARENTS if getattr(obj, f"{name}_id", None)]


def works_at(user: Any, opening: Opening | None, roles: frozenset[str]) -> bool:
    """Holds one of `roles` in the opening's office or agency."""
    held = [membership for membership in live_memberships(user) if membership.role in roles]
    return opening is not None and any(membership.covers(*scope_of(opening)) for membership in held)


def in_office(*roles: str) -> rules.predicates.Predicate:
    """Acts for the row's agency in one of these roles (any, when none is named); without a row, for any agency."""
    wanted = frozenset(str(role) for role in roles or AgencyRole.values)

    @rules.predicate(f"in_office:{'|'.join(sorted(wanted))}")
    def check(user: Any, obj: Any) -> bool:
        if obj is None:
            return any(membership.role in wanted for membership in live_memberships(user))
        return works_at(user, opening_of(obj), wanted)

    return check


def opm_reads(roles: frozenset[str]) -> rules.predicates.Predicate:
    """Holds one of these OPM roles and is not recused from the row's person."""

    @rules.predicate(f"opm_reads:{'|'.join(sorted(roles))}")
    def check(user: Any, obj: Any) -> bool:
        if not (getattr(user, "opm_roles", frozenset()) & roles):
            return False
        person = person_of(obj) if obj is not None else None
        return person is None or person.pk not in recused_from(user)

    return check


@rules.predicate
def is_the_person(user: Any, obj: Any) -> bool:
    """The row is about the user."""
    person = person_of(obj) if obj is not None else None
    return person is not None and bool(user.is_authenticated) and person.user_id == user.pk


@rules.predicate
def is_concerned(user: Any, obj: Any) -> bool:
    """The row is about the user or about somebody whose duties they carry: others decide (I16)."""
    person = person_of(obj) if obj is not None else None
    return person is not None and bool(user.is_authenticated) and person.user_id in user.stands_for


def of_whole_agency(*roles: str) -> rules.predicates.Predicate:
    """Acts for all offices of the row's agency in one of these roles."""

    @rules.predicate(f"of_whole_agency:{'|'.join(sorted(roles))}")
    def check(user: Any, obj: Any) -> bool:
        held = [one for one in live_memberships(user) if one.role in roles]
        return any(obj is None or one.covers(obj.agency_id, None) for one in held)

    return check


certifies = rules.predicate(
    lambda user: bool(getattr(user, "opm_roles", frozenset()) & CERTIFYING_ROLES), "certifies"
)
reads_cases = opm_reads(READING_ROLES)
reads_restricted = opm_reads(RESTRICTED_ROLES)
is_member = in_office()
is_hr_specialist = in_office(AgencyRole.HR_SPECIALIST)
is_approving_official = in_office(AgencyRole.APPROVING_OFFICIAL)
is_ethics_official = in_office(AgencyRole.ETHICS_OFFICIAL)
is_security_officer = in_office(AgencyRole.SECURITY_OFFICER)
is_security_officer_of_the_whole = of_whole_agency(AgencyRole.SECURITY_OFFICER)
considers = in_office(AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)
prepares_offers = in_office(*PREPARES_OFFERS)
authorizes_starts = in_office(*AUTHORIZES_STARTS)
works_on_case = is_case_manager & ~is_concerned
