"""Who a reader is: the person, their agency, the office; what every queryset of this app builds on."""

from typing import Any, Self

from django.db.models import Q

from agencies.querysets import member_of
from applicants.querysets import READING_ROLES, stands_aside
from techforce.accounts.models import OpmRole
from techforce.core.querysets import RowQuerySet, is_known

RESTRICTED_ROLES = frozenset(
    {OpmRole.CASE_MANAGER.value, OpmRole.RECORDS_OFFICER.value, OpmRole.AUDITOR.value}
)
CERTIFYING_ROLES = READING_ROLES | {OpmRole.ADMINISTRATOR.value}
NOBODY = Q(pk__in=[])


def opm_reads(user: Any, person: str, roles: frozenset[str] = READING_ROLES) -> Q:
    """OPM staff in one of `roles`, unless recused from the row's person; `person` is the path to the applicant."""
    if not (user.opm_roles & roles):
        return NOBODY
    return ~stands_aside(user, person)


def concerns(user: Any, person: str) -> Q:
    """Rows about the user, or about somebody whose duties they carry; `person` is the path to the applicant."""
    return Q(**{f"{person}__user": user}) | Q(**{f"{person}__user__in": user.live_givers()})


def in_office(user: Any, opening: str, *roles: str) -> Q:
    """The agency of the row's opening has the user as a member, for its office or as a whole."""
    return Q(member_of(user, *roles, agency=f"{opening}__agency", office=f"{opening}__office"))


class VisibleQuerySet(RowQuerySet):
    """`visible_to` in two parts: the system sees all, a stranger nothing, and `seen_by` says the rest."""

    def visible_to(self, user: Any) -> Self:
        if not is_known(user):
            return self.none()
        return self.all() if user.is_system else self.filter(self.seen_by(user))

    def seen_by(self, user: Any) -> Q:
        return NOBODY


class OfPlacementQuerySet(VisibleQuerySet):
    """Rows with a column `placement`: whoever sees the placement."""

    def seen_by(self, user: Any) -> Q:
        own = Q(placement__applicant__user=user)
        return own | opm_reads(user, "placement__applicant") | in_office(user, "placement__opening")
