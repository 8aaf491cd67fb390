"""Ties to companies, what the ethics office signs, and time for disclosures."""

from typing import Any, Self

from django.db.models import Q, Sum

from agencies.workflow import AgencyRole
from placements.querysets.seeing import (
    NOBODY,
    RESTRICTED_ROLES,
    VisibleQuerySet,
    concerns,
    in_office,
    opm_reads,
)
from placements.workflow import ITEM, LIVE_STATES
from techforce.core.calendar import today

NOT_HANDED_IN = ITEM.named("submit").sources
"""States of a step whose owner still has it to do."""
WAITING_EXTENSION = Q(
    status="asked",
    item__status__in=NOT_HANDED_IN,
    item__checklist__superseded_at__isnull=True,
    item__checklist__placement__status__in=LIVE_STATES,
)


class ConflictQuerySet(VisibleQuerySet):
    """Recusals, screening, divestiture: the person, the ethics official, and the few of OPM."""

    def seen_by(self, user: Any) -> Q:
        own = Q(placement__applicant__user=user)
        agency = in_office(user, "placement__opening", AgencyRole.ETHICS_OFFICIAL)
        return own | agency | opm_reads(user, "placement__applicant", RESTRICTED_ROLES)


class EthicsAnswersQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """The person and the agency's ethics office; nobody else, not of OPM either."""
        own = Q(placement__applicant__user=user)
        return own | in_office(user, "placement__opening", AgencyRole.ETHICS_OFFICIAL)

    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)


class DisclosureExtensionQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """The person who asks and the agency's ethics office; nobody else, not of OPM either."""
        own = Q(item__checklist__placement__applicant__user=user)
        return own | in_office(user, "item__checklist__placement__opening", AgencyRole.ETHICS_OFFICIAL)

    def waiting(self) -> Self:
        """Unanswered, of a report that is still to be filed."""
        return self.filter(WAITING_EXTENSION)

    def granted_days(self) -> dict[int, int]:
        """By how many days each step was put off, by its key."""
        granted = self.filter(status="granted").order_by().values_list("item")
        return dict(granted.annotate(days=Sum("days_granted")))


class WaiverQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        agency = in_office(user, "selection__opening", AgencyRole.ETHICS_OFFICIAL)
        own = Q(selection__applicant__user=user)
        return own | agency | opm_reads(user, "selection__applicant", RESTRICTED_ROLES)

    def in_force(self) -> Self:
        day = today()
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=day), issued_on__lte=day, revoked_on=None
        )


class DeterminationQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """What rests on a restricted relationship stays with the ethics official (trust.md I18)."""
        found = NOBODY
        for subject in ("selection", "placement"):
            open_to_opm = opm_reads(user, f"{subject}__applicant", RESTRICTED_ROLES) & Q(is_restricted=False)
            agency = in_office(user, f"{subject}__opening", AgencyRole.ETHICS_OFFICIAL)
            found |= Q(**{f"{subject}__isnull": False}) & (open_to_opm | agency)
        return found & ~concerns(user, "selection__applicant") & ~concerns(user, "placement__applicant")

    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)
