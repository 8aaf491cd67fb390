"""Who hears of a reminder: by role, for a whole batch in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from agencies.models import Opening
from agencies.permissions import Members
from agencies.workflow import AgencyRole
from applicants.models import Applicant
from applicants.permissions import recused_from
from partners.models import Nomination, PartnerMembership
from placements.models import Placement, StepRole
from placements.querysets import STEP_OF_ROLE
from techforce.accounts.models import OpmMembership, OpmRole, User

AGENCY_ROLE_OF_STEP = {step: role for role, step in STEP_OF_ROLE.items()}
AGENCY_ROLE_OF_STEP |= {StepRole.AGENCY_HEAD: AgencyRole.APPROVING_OFFICIAL}


class Concern(NamedTuple):
    """Whom a row other than a placement concerns."""

    opening: Opening
    applicant: Applicant | None = None
    nomination: Nomination | None = None
    supervisor: User | None = None


class Directory:
    """The live members of the agencies, partner companies and OPM that a batch of placements concerns."""

    def __init__(self, placements: Collection[Placement | Concern]) -> None:
        self.members = Members({placement.opening.agency_id for placement in placements})
        self.partners = _members_by_partner({p.nomination.partner_id for p in placements if p.nomination})
        self.staff = _case_managers()

    def find(self, placement: Placement | Concern, roles: Sequence[str]) -> list[Any]:
        """The holders of the first role that anybody holds. Behind the last one stand the agency's HR specialists,
        and behind them OPM."""
        for role in (*roles, StepRole.HR_SPECIALIST):
            if found := self.holders(placement, role):
                return found
        return self._case_managers_of(placement)

    def holders(self, placement: Placement | Concern, role: str) -> list[Any]:
        """The person, the supervisor as long as they are one, members of the company, or members of the agency for
        the opening's office or as a whole. Nobody is reminded of steps of their own case in another role."""
        person = placement.applicant.user if placement.applicant else None
        if role == StepRole.CANDIDATE:
            return [person] if person else []
        if role == StepRole.OPM:
            return self._case_managers_of(placement)
        if role == StepRole.PARTNER:
            nomination = placement.nomination
            return list(self.partners.get(nomination.partner_id, ())) if nomination else []
        holding = self.members.holding(placement.opening, AGENCY_ROLE_OF_STEP.get(role, ""))
        found = [one for one in holding if one != person]
        if role == StepRole.SUPERVISOR and placement.supervisor in found:
            return [placement.supervisor]
        return found

    def _case_managers_of(self, placement: Placement | Concern) -> list[Any]:
        """Whoever stands aside cannot open the case, and is told nothing of it."""
        applicant = placement.applicant
        if applicant is None:
            return list(self.staff)
        unconcerned = (one for one in self.staff if one != applicant.user)
        return [one for one in unconcerned if applicant.pk not in recused_from(one)]


def _members_by_partner(partners: Collection[int]) -> Mapping[int, Sequence[Any]]:
    found = defaultdict(list)
    live = PartnerMembership.objects.live().filter(partner__in=partners, user__is_active=True)
    for membership in live.select_related("user").order_by("pk"):
        membership.user.company_membership = membership
        found[membership.partner_id].append(membership.user)
    return found


def is_of_company(person: Any) -> bool:
    """Found as a member of a partner company by a `Directory`."""
    return hasattr(person, "company_membership")


def _case_managers() -> list[Any]:
    live = OpmMembership.objects.live().filter(role=OpmRole.CASE_MANAGER, user__is_active=True)
    return _once(membership.user for membership in live.select_related("user").order_by("pk"))


def _once(people: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(people))
