"""Who sees which rows of an application: the person, and OPM by role. An agency reaches a person only through
`placements.Referral`, so nothing here looks at agencies.
"""

from collections.abc import Callable
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from applicants.workflow import ApplicationStatus
from techforce.accounts.models import OpmRole
from techforce.core.querysets import RowQuerySet, is_known

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
    return reach & ~stands_aside(user, f"{at}applicant")


def recusals_of(user: Any) -> Any:
    """Their own, and those of the people whose duties they carry: nobody decides through a colleague."""
    live = apps.get_model("applicants.Recusal").objects.live()
    return live.filter(Q(user=user) | Q(user__in=user.live_givers()))


Ties = Callable[[Any], QuerySet[Any]]
_TIES: list[Ties] = []


def register_ties(ties: Ties) -> None:
    """A later app knows who belongs to a company: `ties(user)` gives the applicants of the companies, and of
    their families, from which `user` is recused."""
    if ties not in _TIES:
        _TIES.append(ties)


def recused_applicants(user: Any) -> list[QuerySet[Any]]:
    """The people from whom `user` stands aside (I16): those named, those of a company named, and those whose duties
    they carry."""
    named = Q(pk__in=recusals_of(user).values("applicant")) | Q(user__in=user.live_givers())
    people = apps.get_model("applicants.Applicant").objects.filter(named)
    return [people, *(ties(user) for ties in _TIES)]


def stands_aside(user: Any, person: str) -> Q:
    """The condition that `user` is recused from the applicant at the path `person`."""
    recused = Q(pk__in=[])
    for applicants in recused_applicants(user):
        recused |= Q(Exists(applicants.filter(pk=OuterRef(person))))
    return recused


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
