"""Who sees which rows of certificates, selections, offers, placements and checklists.

The person sees what was said to them; an agency sees its own office or the whole agency by membership; of vetting and
ethics each role sees only its own part (domain.md §5.5, separation of duties); OPM sees by role, and nobody sees the
case of someone they are recused from. A partner company sees none of these rows.
"""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agencies.querysets import member_of
from agencies.workflow import AgencyRole
from applicants.querysets import READING_ROLES, stands_aside
from placements.checklists import OUTSIDE_ROLES
from placements.workflow import HANDED_IN, LIVE_STATES
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from techforce.core.querysets import PublicQuerySet, RowQuerySet, StaffQuerySet, is_known

RESTRICTED_ROLES = frozenset(
    {OpmRole.CASE_MANAGER.value, OpmRole.RECORDS_OFFICER.value, OpmRole.AUDITOR.value}
)
CERTIFYING_ROLES = READING_ROLES | {OpmRole.ADMINISTRATOR.value}
NOBODY = Q(pk__in=[])

PREPARES_OFFERS = (AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)
AUTHORIZES_STARTS = (
    AgencyRole.HR_SPECIALIST,
    AgencyRole.APPROVING_OFFICIAL,
    AgencyRole.SECURITY_OFFICER,
    AgencyRole.ETHICS_OFFICIAL,
)
AREA_OF_ROLE = {AgencyRole.SECURITY_OFFICER: "vetting", AgencyRole.ETHICS_OFFICIAL: "ethics"}
STEP_OF_ROLE = {
    AgencyRole.HIRING_MANAGER: "hiring_manager",
    AgencyRole.HR_SPECIALIST: "hr_specialist",
    AgencyRole.SUPERVISOR: "supervisor",
    AgencyRole.APPROVING_OFFICIAL: "appointing_official",
    AgencyRole.SECURITY_OFFICER: "security_officer",
    AgencyRole.ETHICS_OFFICIAL: "ethics_official",
}
TOLD_TO_THE_PERSON = ("interviewing", "offered", "accepted", "declined")


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


class CalendarFeedQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        return Q(user=user)

    def live(self) -> Self:
        """In use, by somebody whose account is."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)


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


class PlacementQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        return Q(applicant__user=user) | opm_reads(user, "applicant") | in_office(user, "opening")

    def live(self) -> Self:
        return self.filter(status__in=LIVE_STATES)


class OfPlacementQuerySet(VisibleQuerySet):
    """Rows with a column `placement`: whoever sees the placement."""

    def seen_by(self, user: Any) -> Q:
        own = Q(placement__applicant__user=user)
        return own | opm_reads(user, "placement__applicant") | in_office(user, "placement__opening")


class EnrollmentQuerySet(OfPlacementQuerySet):
    """Training is no secret inside the agency."""


class StartExceptionQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """It names open steps, so hiring managers and viewers do not see it."""
        agency = in_office(user, "placement__opening", *AUTHORIZES_STARTS)
        return agency | opm_reads(user, "placement__applicant", RESTRICTED_ROLES)


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


def keys_of_agencies(user: Any) -> Any:
    """Keys of the agencies in which the user has a part, as a whole or in one office, as a subquery."""
    held = apps.get_model("agencies.AgencyMembership").objects
    return (held.held_by(user) if is_known(user) else held.none()).values("agency")


class EditionQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Everybody reads what is published; before that the agencies and OPM do."""
        if getattr(user, "opm_roles", None) or getattr(user, "is_system", False):
            return self.all()
        own = Q(figures__agency__in=keys_of_agencies(user))
        return self.filter(Q(status="published") | Q(pk__in=self.model.objects.filter(own).values("pk")))

    def published(self) -> Self:
        return self.filter(status="published").order_by("-as_of")


class FigureQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Everybody reads what is published; before that an agency reads its own."""
        if getattr(user, "opm_roles", None) or getattr(user, "is_system", False):
            return self.all()
        return self.filter(Q(edition__status="published") | Q(agency__in=keys_of_agencies(user)))
