"""Who sees which rows of a partner company. A coordinator sees the own company's nominations and nothing of why."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from applicants.querysets import recusals_of, stands_aside
from partners.workflow import CONFIRMED_NOMINATIONS
from techforce.accounts.models import MembershipQuerySet, OpmRole
from techforce.core.calendar import today
from techforce.core.querysets import RowQuerySet, is_known


def sees_everything(user: Any) -> bool:
    """OPM staff, and beat and workers who act as the system."""
    return is_known(user) and bool(user.is_staff or user.is_system)


# Reviewers and HR deciders judge what a person wrote, not who sent them; an administrator configures.
READS_NOMINATIONS = frozenset(
    {OpmRole.CASE_MANAGER, OpmRole.PROGRAM_MANAGER, OpmRole.RECORDS_OFFICER, OpmRole.AUDITOR}
)
# The few of OPM who read ethics and vetting records; program managers too decide without them.
READS_RESTRICTED = READS_NOMINATIONS - {OpmRole.PROGRAM_MANAGER}


def staff_part(user: Any, roles: frozenset[Any], at: str = "") -> Q:
    """Rows of nominations (at the path `at`) that OPM reads in one of `roles`: of nobody from whom, and of no
    company from whose family, the user is recused (I16)."""
    if user.is_system:
        return Q(pk__isnull=False)
    if not user.opm_roles & roles:
        return Q(pk__in=[])
    recused_company = recused_families(user).filter(
        company__family_root=OuterRef(f"{at}partner__company__family_root")
    )
    return ~Q(Exists(recused_company)) & ~stands_aside(user, f"{at}nominee__applicant")


def recused_families(user: Any) -> QuerySet[Any]:
    return recusals_of(user).filter(company__isnull=False)


def applicants_of_recused_companies(user: Any) -> list[QuerySet[Any]]:
    """Who was nominated by, or works here for, a company from whose family `user` is recused."""
    families = recused_families(user).values("company__family_root")
    nominated = apps.get_model("partners.Nomination").objects.filter(
        partner__company__family_root__in=families
    )
    working = apps.get_model("partners.PartnerMembership").objects.filter(
        partner__company__family_root__in=families
    )
    people = apps.get_model("applicants.Applicant").objects
    return [
        people.filter(user__in=nominated.values("nominee")),
        people.filter(user__in=working.values("user")),
    ]


def coordinates(user: Any, partner: str = "partner") -> Exists:
    """The row's partner company has a live membership of `user`; `partner` is the path from the row."""
    held = apps.get_model("partners.PartnerMembership").objects.held_by(user)
    return Exists(held.filter(partner=OuterRef(partner)))


class PartnerQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        if sees_everything(user):
            return self.all()
        return self.filter(coordinates(user, "pk")) if is_known(user) else self.none()


class PartnerMembershipQuerySet(MembershipQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own and the colleagues' of the same company."""
        if sees_everything(user):
            return self.all()
        return self.filter(Q(user=user) | Q(coordinates(user))) if is_known(user) else self.none()


class AgreementQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        if sees_everything(user):
            return self.all()
        return self.filter(coordinates(user)) if is_known(user) else self.none()

    def in_force(self, on: Any = None) -> Self:
        """Agreements that bind on a day (default today, Eastern time)."""
        on = on or today()
        return self.filter(starts_on__lte=on, ends_on__gte=on, signed_on__isnull=False)


class NominationQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The nominee's own once confirmed, the own company's for its coordinators, and those that OPM carries."""
        if not is_known(user):
            return self.none()
        return self.filter(Q(nominee=user) | Q(coordinates(user)) | staff_part(user, READS_NOMINATIONS))

    def confirmed(self) -> Self:
        """Those whose nominee said yes: nobody outside the company and OPM sees any other."""
        return self.filter(status__in=CONFIRMED_NOMINATIONS)

    def lapsed(self, at: Any = None) -> Self:
        """Invitations that nobody answered in time."""
        return self.filter(status="invited", expires_at__lte=at or timezone.now())


class LoanTermsQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The nominee's own, the own company's, which signed them, and those that OPM carries."""
        if not is_known(user):
            return self.none()
        own = Q(nomination__nominee=user) | Q(coordinates(user, "nomination__partner"))
        return self.filter(own | staff_part(user, READS_NOMINATIONS, "nomination__"))

    def in_force(self) -> Self:
        return self.filter(superseded_at__isnull=True)


class EquityDeclarationQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The nominee's own; never the company's. An agency's ethics official reads it through the placement."""
        if not is_known(user):
            return self.none()
        return self.filter(Q(nomination__nominee=user) | staff_part(user, READS_RESTRICTED, "nomination__"))
