"""Checklists and their steps: of vetting and ethics each role sees only its own part."""

from typing import Any, Self

from django.db.models import DateField, Exists, F, Func, OuterRef, Q
from django.db.models.functions import Cast

from agencies.workflow import AgencyRole
from placements.checklists import OUTSIDE_ROLES, WAIVER_POSSIBLE
from placements.querysets.seeing import RESTRICTED_ROLES, VisibleQuerySet, in_office, opm_reads
from placements.workflow import HANDED_IN
from techforce.core.calendar import today
from techforce.core.querysets import PublicQuerySet

LAST_VALID_DAY = Cast(
    F("effective_on")
    + Func(F("step__valid_days"), function="make_interval", template="%(function)s(days => %(expressions)s)"),
    DateField(),
)
"""Of the result of a step that is good for a number of days."""
AREA_OF_ROLE = {AgencyRole.SECURITY_OFFICER: "vetting", AgencyRole.ETHICS_OFFICIAL: "ethics"}
STEP_OF_ROLE = {
    AgencyRole.HIRING_MANAGER: "hiring_manager",
    AgencyRole.HR_SPECIALIST: "hr_specialist",
    AgencyRole.SUPERVISOR: "supervisor",
    AgencyRole.APPROVING_OFFICIAL: "appointing_official",
    AgencyRole.SECURITY_OFFICER: "security_officer",
    AgencyRole.ETHICS_OFFICIAL: "ethics_official",
}


class TemplateQuerySet(PublicQuerySet):
    def in_use(self) -> Self:
        """At most one of a kind and tier."""
        return self.filter(status="published")


class TemplateStepQuerySet(PublicQuerySet):
    def in_use(self) -> Self:
        return self.filter(template__status="published")


class ChecklistQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        own = Q(placement__applicant__user=user)
        agency = in_office(user, "placement__opening", *STEP_OF_ROLE)
        return own | agency | opm_reads(user, "placement__applicant", RESTRICTED_ROLES)

    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)


class ItemQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """The person; security and ethics their whole area; every other role the steps that it does or records."""
        path = "checklist__placement"
        found = Q(**{f"{path}__applicant__user": user}) | opm_reads(
            user, f"{path}__applicant", RESTRICTED_ROLES
        )
        for role, step_role in STEP_OF_ROLE.items():
            part = Q(owner_role=step_role) | Q(recorder_role=step_role)
            if role in AREA_OF_ROLE:
                part |= Q(checklist__area=AREA_OF_ROLE[role])
            found |= part & in_office(user, f"{path}__opening", role)
        return found

    def resting_on_waiver(self) -> Self:
        """Steps that count only while a waiver is in force: nothing that it stands in for is done."""
        instead = self.model._default_manager.filter(
            checklist=OuterRef("checklist"),
            alternatives=OuterRef("alternatives"),
            status="done",
            is_settled=True,
        )
        others = instead.exclude(alternatives="").exclude(pk=OuterRef("pk"))
        return self.filter(~Exists(others), step__condition=WAIVER_POSSIBLE)

    def of_placements(self, placements: Any) -> Self:
        """Steps of the current checklists of these placements."""
        return self.filter(checklist__placement__in=placements, checklist__superseded_at__isnull=True)


def waits_for(step_role: str) -> Q:
    """Steps whose next move is this role's. An outside party has no account, so its step waits for whoever records
    it, as does what was handed in."""
    own = Q(owner_role=step_role) & ~Q(status__in=HANDED_IN)
    return own | Q(recorder_role=step_role) & (Q(owner_role__in=OUTSIDE_ROLES) | Q(status__in=HANDED_IN))


class VettingWaiverQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        agency = in_office(user, "placement__opening", AgencyRole.SECURITY_OFFICER)
        return agency | opm_reads(user, "placement__applicant", RESTRICTED_ROLES)

    def in_force(self) -> Self:
        day = today()
        return self.filter(issued_on__lte=day, expires_on__gte=day, revoked_on__isnull=True)
