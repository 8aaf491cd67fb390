"""People and their applications, what they chose, and interviews."""

import datetime
from typing import Any, Self

from django.apps import apps
from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.querysets import member_of
from agencies.workflow import AgencyRole
from applicants.querysets.ratings import FAR_APART, RATINGS, RATINGS_WITH_TIE_BREAK
from applicants.querysets.reach import REVIEW_QUEUE, seen_by, staff_part, stands_aside
from applicants.workflow import ApplicationStatus
from techforce.accounts.models import OpmRole
from techforce.core.querysets import IsOneOf, RowQuerySet, is_known

# Who considers people for an opening, and so speaks with them.
CONSIDERS = (AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)


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

    def in_time(self, at: datetime.datetime | None = None) -> Self:
        """Those that may be submitted at the instant `at` (default now): the cohort's window is open, or the person
        has more time of their own after an outage. See `Application.is_in_time`."""
        at = at or timezone.now()
        window = Q(cohort__status="open", cohort__opens_at__lte=at, cohort__closes_at__gt=at)
        return self.filter(window | Q(extended_until__gt=at, cohort__status__in=("open", "closed")))

    def withdrawing_by(self, now: Any = None) -> Self:
        """Withdrawals whose day of reflection is over."""
        return self.filter(withdraws_at__lte=now or timezone.now(), withdrawn_at__isnull=True).order_by("id")

    def in_queue(self) -> Self:
        return self.filter(status__in=REVIEW_QUEUE)

    def with_ratings(self) -> Self:
        """`ratings_in` counts the ratings that stand, `spread` is how far apart they lie, `ratings_held` counts the
        colleagues who have rated or hold the application now."""
        ratings = apps.get_model("applicants.Rating").objects.filter(application=OuterRef("pk"))
        standing = ratings.standing()
        return self.annotate(
            ratings_in=Coalesce(_aggregate(standing, Count("pk")), 0),
            spread=Coalesce(_aggregate(standing, Max("score") - Min("score")), 0),
            ratings_held=Coalesce(_aggregate(ratings.holding(), Count("rater", distinct=True)), 0),
        )

    def wanting_a_rating(self) -> Self:
        """A first, a second, or the one that breaks the tie."""
        has_tie = Q(ratings_held=RATINGS, ratings_in=RATINGS, spread__gte=FAR_APART)
        waiting = self.with_ratings().filter(Q(ratings_held__lt=RATINGS) | has_tie)
        return waiting.filter(
            status__in=[ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW], withdraws_at__isnull=True
        )

    def open_to_rater(self, user: Any) -> Self:
        """What `user` could take now: nothing of their own, of somebody they are recused from, or rated before."""
        rated = apps.get_model("applicants.Rating").objects.filter(
            application=OuterRef("pk"), rater=user, assessment_step__isnull=True
        )
        strangers = self.filter(~Q(applicant__user=user), ~stands_aside(user, "applicant"), ~Exists(rated))
        return strangers.wanting_a_rating().order_by("submitted_at", "pk")

    def fully_rated(self) -> Self:
        """Two ratings that agree, or three."""
        agreed = Q(ratings_in=RATINGS, spread__lt=FAR_APART) | Q(ratings_in__gte=RATINGS_WITH_TIE_BREAK)
        return self.with_ratings().filter(agreed)

    def set_aside(self) -> Self:
        """Qualified, while a review set aside that they are not in every discipline."""
        changed = apps.get_model("applicants.CaseThread").objects.filter(
            outcome="changed", decided_at=F("application__decided_at")
        )
        return self.filter(IsOneOf("pk", changed.values("application")), status=ApplicationStatus.QUALIFIED)

    def to_decide(self) -> Self:
        """Rated and not decided, or a part of the decision was set aside."""
        again = IsOneOf("pk", self.model.objects.set_aside().values("pk"))
        rows = self.filter(Q(status=ApplicationStatus.IN_REVIEW) | Q(again), withdraws_at__isnull=True)
        return rows.fully_rated()


def _aggregate(ratings: QuerySet[Any], what: Any) -> Subquery:
    """One number over the ratings of each application."""
    grouped = ratings.order_by().values("application").annotate(number=what).values("number")
    return Subquery(grouped, output_field=IntegerField())


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


class DeadlineExtensionQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own; OPM reads the whole log, which names no more than a reference number."""
        if not is_known(user):
            return self.none()
        is_reader = user.is_system or user.is_staff
        return self.all() if is_reader else self.filter(application__applicant__user=user)


class InterviewQuerySet(OfApplicationQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Whoever sees the application; of an opening's interviews also whoever considers people there, unless the
        interview is their own or of somebody whose duties they carry."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        theirs = Q(member_of(user, *CONSIDERS, agency="opening__agency", office="opening__office"))
        own = Q(application__applicant__user=user) | Q(application__applicant__user__in=user.live_givers())
        return self.filter(seen_by(user, "application") | (theirs & ~own))

    def booked_between(self, start: Any, end: Any) -> Self:
        return self.filter(status="booked", starts_at__gte=start, starts_at__lt=end).order_by(
            "starts_at", "id"
        )


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
