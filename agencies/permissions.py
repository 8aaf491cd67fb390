"""Who may do what for an agency: by membership, for one office or the whole agency, never inherited by
components."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import rules

from agencies.models import (
    Agency,
    AgencyMembership,
    AgencyRole,
    Office,
    OfficePartnerRelationship,
    Opening,
    RelationshipReader,
)
from agencies.workflow import PUBLIC_OPENING_STATES
from techforce.accounts.permissions import is_administrator, is_opm, is_program_manager
from techforce.core.permissions import is_system


def live_memberships(user: Any) -> list[AgencyMembership]:
    """The agency memberships that count for `user` today, one's own and lent ones, remembered for as long as this
    user object lives."""
    if not user.is_authenticated:
        return []
    if (
        getattr(user, "live_agency_memberships", None) is None
    ):  # not in __dict__: a request's user is a lazy proxy
        user.live_agency_memberships = list(AgencyMembership.objects.held_by(user).order_by("pk"))
    return user.live_agency_memberships


class Members:
    """Whoever is told on behalf of these agencies: live members whose account is in use, in one query for all of them.
    Every mail and reminder to an agency finds its recipients here."""

    def __init__(self, agencies: Collection[int], *roles: str) -> None:
        live = AgencyMembership.objects.live().filter(agency__in=agencies, user__is_active=True)
        live = live.filter(role__in=roles) if roles else live
        self._held: dict[tuple[int, str], list[AgencyMembership]] = defaultdict(list)
        for membership in live.select_related("user").order_by("pk"):
            self._held[membership.agency_id, membership.role].append(membership)

    def holding(self, opening: Opening, *roles: str) -> list[Any]:
        """People with one of `roles` for the opening's office or its whole agency, each once."""
        return self._people(opening.agency_id, opening.office_id, roles)

    def of_whole(self, agency: int, *roles: str) -> list[Any]:
        """People with one of `roles` for all offices of an agency, each once."""
        return self._people(agency, None, roles)

    def _people(self, agency: int, office: int | None, roles: Iterable[str]) -> list[Any]:
        held = (membership for role in roles for membership in self._held[agency, role])
        people = {membership.user for membership in held if membership.covers(agency, office)}
        return sorted(people, key=lambda person: person.pk)


def scope_of(obj: Any) -> tuple[int | None, int | None]:
    """The agency and the office to which a row belongs."""
    if isinstance(obj, Agency):
        return obj.pk, None
    if isinstance(obj, Office):
        return obj.agency_id, obj.pk
    if isinstance(obj, RelationshipReader):
        return scope_of(obj.relationship)
    if isinstance(obj, OfficePartnerRelationship):
        return scope_of(obj.office)
    if hasattr(obj, "opening_id"):
        return scope_of(obj.opening)
    return obj.agency_id, getattr(obj, "office_id", None)


def has_agency_role(*roles: str) -> rules.predicates.Predicate:
    """Holds one of these roles (any, when none is named) where the row belongs; without a row, anywhere."""
    wanted = frozenset(roles or AgencyRole.values)

    @rules.predicate(f"has_agency_role:{'|'.join(sorted(wanted))}")
    def check(user: Any, obj: Any) -> bool:
        held = [membership for membership in live_memberships(user) if membership.role in wanted]
        return any(obj is None or membership.covers(*scope_of(obj)) for membership in held)

    return check


def holds_a_membership(user: Any) -> bool:
    """Whoever acts for an agency signs in with a second factor."""
    return bool(live_memberships(user))


@rules.predicate
def belongs_to_agency(user: Any, obj: Any) -> bool:
    """Is a member of the whole agency: what concerns no single office."""
    return obj is not None and any(m.covers(obj.agency_id, None) for m in live_memberships(user))


@rules.predicate
def is_hr_specialist_oneself(user: Any, obj: Any) -> bool:
    """By an own membership: nobody changes rights in another's name (docs/adr/0008-delegation.md)."""
    return any(
        obj is None or membership.covers(*scope_of(obj))
        for membership in live_memberships(user)
        if membership.user_id == user.pk and membership.role == AgencyRole.HR_SPECIALIST
    )


@rules.predicate
def is_public_opening(user: Any, obj: Any) -> bool:
    opening = getattr(obj, "opening", obj)
    return opening is not None and opening.status in PUBLIC_OPENING_STATES


@rules.predicate
def is_own_row(user: Any, obj: Any) -> bool:
    return obj is not None and user.is_authenticated and obj.user_id == user.pk


@rules.predicate
def is_restricted(user: Any, obj: Any) -> bool:
    return obj is not None and obj.is_restricted


@rules.predicate
def is_named_reader(user: Any, obj: Any) -> bool:
    """Contracting staff named on a restricted relationship."""
    return obj is not None and user.is_authenticated and obj.readers.filter(user=user).exists()


is_member = has_agency_role()
is_hr_specialist = has_agency_role(AgencyRole.HR_SPECIALIST)
is_hiring_manager = has_agency_role(AgencyRole.HIRING_MANAGER)
is_approving_official = has_agency_role(AgencyRole.APPROVING_OFFICIAL)
is_ethics_official = has_agency_role(AgencyRole.ETHICS_OFFICIAL)

runs_the_program = is_program_manager | is_administrator
sees_everything = is_opm | is_system
prepares_openings = is_hr_specialist | is_hiring_manager | is_approving_official

for public in ("agency", "office"):
    rules.add_perm(f"agencies.view_{public}", rules.always_allow)
rules.add_perm("agencies.add_agency", is_administrator)
rules.add_perm("agencies.change_agency", is_administrator)
rules.add_perm("agencies.add_office", is_administrator | is_hr_specialist)
rules.add_perm("agencies.change_office", is_administrator | is_hr_specialist)

rules.add_perm("agencies.view_agencymembership", sees_everything | is_own_row | is_hr_specialist)
rules.add_perm("agencies.add_agencymembership", is_administrator | is_hr_specialist_oneself)
rules.add_perm("agencies.change_agencymembership", is_administrator | is_hr_specialist_oneself)

for owned in ("agencyparticipation", "clearancecommitment"):
    rules.add_perm(f"agencies.view_{owned}", sees_everything | belongs_to_agency)
    rules.add_perm(f"agencies.add_{owned}", runs_the_program | is_approving_official)
    rules.add_perm(f"agencies.change_{owned}", runs_the_program | is_approving_official)

# Openings: the agency writes, OPM approves. A program manager may correct a draft on the agency's behalf.
rules.add_perm("agencies.view_opening", sees_everything | is_public_opening | is_member)
rules.add_perm("agencies.add_opening", is_program_manager | prepares_openings)
rules.add_perm("agencies.change_opening", is_program_manager | prepares_openings)
rules.add_perm("agencies.submit_opening", is_hr_specialist | is_approving_official)
rules.add_perm("agencies.approve_opening", is_program_manager)
rules.add_perm("agencies.pause_opening", is_program_manager | is_hr_specialist)
rules.add_perm("agencies.close_opening", is_program_manager | is_hr_specialist | is_system)
rules.add_perm("agencies.archive_opening", is_program_manager | is_system)
rules.add_perm("agencies.cancel_opening", is_program_manager | is_hr_specialist)
rules.add_perm("agencies.revise_opening", is_program_manager | prepares_openings)
rules.add_perm("agencies.cut_seats", is_program_manager | is_hr_specialist | is_approving_official)

rules.add_perm("agencies.view_openingplace", sees_everything | is_public_opening | is_member)
rules.add_perm("agencies.add_openingplace", is_program_manager | prepares_openings)
rules.add_perm("agencies.change_openingplace", is_program_manager | prepares_openings)
rules.add_perm("agencies.delete_openingplace", is_program_manager | prepares_openings)
for inside in ("openingrevision", "paybandexception"):
    rules.add_perm(f"agencies.view_{inside}", sees_everything | is_member)
rules.add_perm("agencies.add_paybandexception", is_program_manager)

# I18: what is restricted reaches the agency's ethics officials and the contracting staff named on it.
rules.add_perm(
    "agencies.view_officepartnerrelationship",
    is_system | is_ethics_official | is_named_reader | ((is_opm | is_member) & ~is_restricted),
)
for verb in ("add", "change"):
    rules.add_perm(f"agencies.{verb}_officepartnerrelationship", is_ethics_official)
    rules.add_perm(f"agencies.{verb}_relationshipreader", is_ethics_official)
rules.add_perm("agencies.view_relationshipreader", is_system | is_own_row | is_ethics_official)

rules.add_perm("agencies.view_apiclient", sees_everything | is_own_row | is_hr_specialist)
rules.add_perm("agencies.add_apiclient", is_administrator | is_hr_specialist)
rules.add_perm("agencies.change_apiclient", is_administrator | is_hr_specialist)
