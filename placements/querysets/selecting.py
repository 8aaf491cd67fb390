"""Certificates, referrals, selections, match rounds and offers."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.workflow import AgencyRole
from placements.querysets.seeing import CERTIFYING_ROLES, VisibleQuerySet, concerns, in_office, opm_reads
from techforce.core.calendar import today
from techforce.core.querysets import StaffQuerySet

PREPARES_OFFERS = (AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)
TOLD_TO_THE_PERSON = ("interviewing", "offered", "accepted", "declined")


class CertificateQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """OPM, and the agencies to which it was referred."""
        if user.opm_roles & CERTIFYING_ROLES:
            return Q()
        return Q(Exists(referred_to(user).filter(certificate=OuterRef("pk"))))

    def past_their_date(self) -> Self:
        return self.filter(status="issued", expires_on__lt=today())


def referred_to(user: Any, *roles: str) -> Any:
    """Referrals to an agency or office of the user."""
    referrals = apps.get_model("placements.Referral").objects
    return referrals.filter(in_office(user, "opening", *roles))


class EntryQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """Never the person: a rank is not shown to them."""
        referred = Q(Exists(referred_to(user).filter(certificate=OuterRef("certificate"))))
        not_own = ~concerns(user, "application__applicant")
        return (opm_reads(user, "application__applicant") | referred) & not_own


class ReferralQuerySet(VisibleQuerySet):
    def in_use(self) -> Self:
        """Open, on a certificate that is issued and in date."""
        return self.filter(status="open", certificate__status="issued", certificate__expires_on__gte=today())

    def seen_by(self, user: Any) -> Q:
        return Q() if user.opm_roles & CERTIFYING_ROLES else in_office(user, "opening")


class DispositionQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        member = in_office(user, "referral__opening")
        not_own = ~concerns(user, "entry__application__applicant")
        return (opm_reads(user, "entry__application__applicant") | member) & not_own


class SelectionQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """The person sees the selections that were spoken about with them."""
        own = Q(applicant__user=user, status__in=TOLD_TO_THE_PERSON)
        not_own = ~concerns(user, "applicant")
        return own | ((opm_reads(user, "applicant") | in_office(user, "opening")) & not_own)


class MatchRoundQuerySet(StaffQuerySet):
    """Rounds are run by OPM."""


class MatchProofQuerySet(StaffQuerySet):
    """Published by OPM with the round."""


class OfferQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        own = Q(applicant__user=user) & ~Q(status="draft")
        return own | opm_reads(user, "applicant") | in_office(user, "opening")

    def unanswered(self) -> Self:
        """Sent, with their time over and their clock running."""
        return self.filter(status="sent", response_due_at__lte=timezone.now(), clock_paused_at__isnull=True)


class PayExceptionQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        return opm_reads(user, "selection__applicant") | in_office(
            user, "selection__opening", *PREPARES_OFFERS
        )
