"""Placements and what happens during the service."""

from typing import Any, Self

from django.db.models import Q

from agencies.workflow import AgencyRole
from placements.querysets.seeing import (
    RESTRICTED_ROLES,
    OfPlacementQuerySet,
    VisibleQuerySet,
    in_office,
    opm_reads,
)
from placements.workflow import LIVE_STATES

AUTHORIZES_STARTS = (
    AgencyRole.HR_SPECIALIST,
    AgencyRole.APPROVING_OFFICIAL,
    AgencyRole.SECURITY_OFFICER,
    AgencyRole.ETHICS_OFFICIAL,
)


class CalendarFeedQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        return Q(user=user)

    def live(self) -> Self:
        """In use, by somebody whose account is."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)


class PlacementQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        return Q(applicant__user=user) | opm_reads(user, "applicant") | in_office(user, "opening")

    def live(self) -> Self:
        return self.filter(status__in=LIVE_STATES)


class EnrollmentQuerySet(OfPlacementQuerySet):
    """Training is no secret inside the agency."""


class StartExceptionQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """It names open steps, so hiring managers and viewers do not see it."""
        agency = in_office(user, "placement__opening", *AUTHORIZES_STARTS)
        return agency | opm_reads(user, "placement__applicant", RESTRICTED_ROLES)
