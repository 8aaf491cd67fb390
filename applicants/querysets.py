"""Who sees which rows of an application: the person, and OPM by role. An agency reaches a person only through
`placements.Referral`, so nothing here looks at agencies.
"""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from applicants.workflow import ApplicationStatus
from techforce.accounts.models import OpmRole
from techforce.core.querysets import RowQuerySet

REVIEW_QUEUE = (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW, ApplicationStatus.NEEDS_INFORMATION)
# Roles that read every submitted application; a reviewer reads the queue only. An administrator configures
# and does not read people's cases.
READING_ROLES = frozenset(
    {
        OpmRole.HR_DECIDER.value,
        OpmRole.PROGRAM_MANAGER.value,
        OpmRole.CASE_MANAGER.value,
        OpmRole.RECORDS_OFFICER.value,
        OpmRole.AUDITOR.value,
    }
)


def is_known(user: Any) -> bool:
    """Signed in and not deactivated."""
    return bool(user.is_authenticated and user.is_active)


def seen_by(user: Any, application: str = "") -> Q:
    """The condition on a row whose application stands at the path `application` ("" for the application
    itself)."""
    if not is_known(user):
        return Q(pk__in=[])
    if user.is_system:
        return Q()
    at = f"{application}__" if application else ""
    return Q(**{f"{at}applicant__user": user}) | staff_part(user, at)


def staff_part(user: Any, at: str) -> Q:
    """Submitted applications, by role, of people from whom the user is not recused."""
    if user.opm_roles & READING_ROLES:
        reach = ~Q(**{f"{at}status": ApplicationStatus.DRAFT})
    elif OpmRole.REVIEWER in user.opm_roles:
        reach = Q(**{f"{at}status__in": REVIEW_QUEUE})
    else:
        return Q(pk__in=[])
    return reach & Q(~Exists(recusals_of(user).filter(applicant=OuterRef(f"{at}applicant"))))


def recusals_of(user: Any) -> Any:
    return apps.get_model("applicants.Recusal").objects.live().filter(user=user)


class ApplicantQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Oneself; for OPM those with an application that the role may read."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        applications = apps.get_model("applicants.Application").objects.filter(applicant=OuterRef("pk"))
        return self.filter(Q(user=user) | Exists(applications.filter(staff_part(user, ""))))


class ApplicationQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own; for OPM the submitted ones that the role may read, never of someone they are recused
        from."""
        return self.filter(seen_by(user))

    def live(self) -> Self:
        return self.exclude(status=ApplicationStatus.WITHDRAWN)

    def withdrawing_by(self, now: Any = None) -> Self:
        """Withdrawals whose day of reflection is over."""
        return self.filter(withdraws_at__lte=now or timezone.now(), withdrawn_at__isnull=True).order_by("id")

    def in_queue(self) -> Self:
        return self.filter(status__in=REVIEW_QUEUE)


class OfApplicationQuerySet(RowQuerySet):
    """Rows with a column `application`: whoever sees the application."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(seen_by(user, "application"))


class OwnChoiceQuerySet(OfApplicationQuerySet):
    """What a person chose: disciplines and openings."""

    def ranked(self) -> Self:
        return self.filter(rank__isnull=False).order_by("application", "rank")


class OfStepQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(seen_by(user, "step__application"))


class InterviewQuerySet(OfApplicationQuerySet):
    def booked_between(self, start: Any, end: Any) -> Self:
        return self.filter(status="booked", starts_at__gte=start, starts_at__lt=end).order_by(
            "starts_at", "id"
        )


class RatingQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own; submitted ones of others for HR deciders and auditors, and for a reviewer only after
        their own rating of the same thing is in. Never one's own application's."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        others = Q(submitted_at__isnull=False) & staff_part(user, "application__")
        if not user.opm_roles & {OpmRole.HR_DECIDER, OpmRole.AUDITOR}:
            others &= self._has_rated(user)
        return self.filter(Q(rater=user) | others).exclude(application__applicant__user=user)

    def _has_rated(self, user: Any) -> Q:
        mine = self.model._base_manager.filter(
            rater=user, submitted_at__isnull=False, application=OuterRef("application")
        )
        # A rating of the whole application has no step; NULL equals NULL only this way.
        same = Exact(Coalesce("assessment_step", 0), Coalesce(OuterRef("assessment_step"), 0))
        return Q(Exists(mine.filter(same)))

    def submitted(self) -> Self:
        return self.filter(submitted_at__isnull=False)


class RecusalQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own; HR deciders, administrators and auditors see all."""
        if not is_known(user):
            return self.none()
        if user.is_system or user.opm_roles & {OpmRole.HR_DECIDER, OpmRole.ADMINISTRATOR, OpmRole.AUDITOR}:
            return self.all()
        return self.filter(user=user)

    def live(self) -> Self:
        return self.filter(ended_at__isnull=True)


class CaseMessageQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(seen_by(user, "thread__application"))
