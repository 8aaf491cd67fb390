"""Who sees which rows of an application: the person, and OPM by role. An agency reaches a person only through
`placements.Referral`, so nothing here looks at agencies.
"""

import datetime
from collections.abc import Callable
from typing import Any, Self

from django.apps import apps
from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from applicants.workflow import ApplicationStatus, DocumentStatus
from techforce.accounts.models import OpmRole
from techforce.core.querysets import IsOneOf, RowQuerySet, is_known

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

# Two rate each application on their own; a third breaks the tie when the two lie this far apart.
RATINGS, RATINGS_WITH_TIE_BREAK, FAR_APART = 2, 3, 2
CLAIM_LASTS = datetime.timedelta(days=2)
"""How long an application that somebody took counts as taken; then colleagues get it too."""


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
        reach = Q(**{f"{at}status__in": REVIEW_QUEUE}) & has_rated_with_another(user, f"{at}pk")
    else:
        return Q(pk__in=[])
    return reach & ~stands_aside(user, f"{at}applicant")


def has_rated_with_another(user: Any, application: str) -> Q:
    """Review is blind: a rater meets the original only when their own rating and a colleague's are in."""
    submitted = (
        apps.get_model("applicants.Rating").objects.submitted().filter(application=OuterRef(application))
    )
    return Q(Exists(submitted.filter(rater=user))) & Q(Exists(submitted.exclude(rater=user)))


def recusals_of(user: Any) -> Any:
    """Their own, and those of the people whose duties they carry: nobody decides through a colleague."""
    live = apps.get_model("applicants.Recusal").objects.live()
    return live.filter(Q(user=user) | Q(user__in=user.live_givers()))


Ties = Callable[[Any], list[QuerySet[Any]]]
_TIES: list[Ties] = []


def register_ties(ties: Ties) -> None:
    """A later app knows who belongs to a company: `ties(user)` gives the applicants of the companies, and of
    their families, from which `user` is recused."""
    if ties not in _TIES:
        _TIES.append(ties)


def recused_applicants(user: Any) -> list[QuerySet[Any]]:
    """The people from whom `user` stands aside (I16): those named, those of a company named, and those whose duties
    they carry. Each reason is a question of its own, which starts from its few rows; joined by OR they would be asked
    of every applicant there is."""
    people = apps.get_model("applicants.Applicant").objects
    named = people.filter(pk__in=recusals_of(user).values("applicant"))
    carried = people.filter(user__in=user.live_givers())
    return [named, carried, *(tied for ties in _TIES for tied in ties(user))]


def stands_aside(user: Any, person: str) -> Q:
    """The condition that `user` is recused from the applicant at the path `person`."""
    recused = Q(pk__in=[])
    for applicants in recused_applicants(user):
        recused |= Q(IsOneOf(person, applicants.values("pk")))
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

    def to_decide(self) -> Self:
        return self.filter(status=ApplicationStatus.IN_REVIEW, withdraws_at__isnull=True).fully_rated()


def _aggregate(ratings: QuerySet[Any], what: Any) -> Subquery:
    """One number over the ratings of each application."""
    grouped = ratings.order_by().values("application").annotate(number=what).values("number")
    return Subquery(grouped, output_field=IntegerField())


class OfApplicationQuerySet(RowQuerySet):
    """Rows with a column `application`: whoever sees the application."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(seen_by(user, "application"))


class DocumentQuerySet(OfApplicationQuerySet):
    def in_quarantine(self) -> Self:
        return self.filter(status=DocumentStatus.QUARANTINED)


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

    def of_whole(self) -> Self:
        """Of the application, not of a single step."""
        return self.filter(assessment_step__isnull=True)

    def standing(self) -> Self:
        """What each rater says about the application: their latest submitted revision."""
        later = self.model._base_manager.filter(
            rater=OuterRef("rater"),
            application=OuterRef("application"),
            assessment_step__isnull=True,
            submitted_at__isnull=False,
            revision__gt=OuterRef("revision"),
        )
        return self.of_whole().submitted().exclude(Exists(later))

    def holding(self) -> Self:
        """Ratings that fill one of the places: submitted, or begun not long ago."""
        is_fresh = Q(created_at__gt=timezone.now() - CLAIM_LASTS)
        return self.of_whole().filter(Q(submitted_at__isnull=False) | is_fresh)

    def in_hand(self, user: Any) -> Self:
        """Applications that `user` has taken and not rated yet, the oldest first."""
        mine = self.of_whole().filter(rater=user, submitted_at__isnull=True, revision=1)
        return mine.order_by("created_at", "pk")


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
