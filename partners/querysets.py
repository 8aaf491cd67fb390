"""Who sees which rows of a partner company. A coordinator sees the own company's nominations and nothing of why."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from partners.workflow import CONFIRMED_NOMINATIONS
from techforce.accounts.models import MembershipQuerySet, OpmRole
from techforce.core.calendar import today
from techforce.core.querysets import RowQuerySet


def is_known(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active)


def sees_everything(user: Any) -> bool:
    """OPM staff, and beat and workers who act as the system."""
    return is_known(user) and bool(user.is_staff or user.is_system)


READS_RESTRICTED = frozenset({OpmRole.CASE_MANAGER, OpmRole.RECORDS_OFFICER, OpmRole.AUDITOR})


def sees_restricted(user: Any) -> bool:
    """The few of OPM who read ethics and vetting records; reviewers and program managers decide without them."""
    return is_known(user) and bool(user.is_system or READS_RESTRICTED & user.opm_roles)


def coordinates(user: Any, partner: str = "partner") -> Exists:
    """The row's partner company has a live membership of `user`; `partner` is the path from the row."""
    held = apps.get_model("partners.PartnerMembership").objects.live()
    return Exists(held.filter(user=user, partner=OuterRef(partner)))


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
        """The nominee's own once confirmed, and the own company's for its coordinators."""
        if sees_everything(user):
            return self.all()
        return self.filter(Q(nominee=user) | Q(coordinates(user))) if is_known(user) else self.none()

    def confirmed(self) -> Self:
        """Those whose nominee said yes: nobody outside the company and OPM sees any other."""
        return self.filter(status__in=CONFIRMED_NOMINATIONS)

    def lapsed(self, at: Any = None) -> Self:
        """Invitations that nobody answered in time."""
        return self.filter(status="invited", expires_at__lte=at or timezone.now())


class LoanTermsQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The nominee's own, and the own company's: it signed them."""
        if sees_everything(user):
            return self.all()
        mine = Q(nomination__nominee=user) | Q(coordinates(user, "nomination__partner"))
        return self.filter(mine) if is_known(user) else self.none()

    def in_force(self) -> Self:
        return self.filter(superseded_at__isnull=True)


class EquityDeclarationQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """The nominee's own; never the company's. An agency's ethics official reads it through the placement."""
        if sees_restricted(user):
            return self.all()
        return self.filter(nomination__nominee=user) if is_known(user) else self.none()
