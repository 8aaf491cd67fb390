"""Who sees which rows of an application: the person, and OPM by role. An agency reaches a person only through
`placements.Referral`, so nothing here looks at agencies.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import Any, Self

from django.apps import apps
from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from agencies.querysets import member_of
from agencies.workflow import AgencyRole
from applicants.workflow import (
    MOVING_CASE_STATES,
    OPEN_CASE_STATES,
    ApplicationStatus,
    CaseStatus,
    CaseTopic,
    DocumentStatus,
)
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

# Who searches the texts of résumés. No rater does, whatever else they are: rating is blind (experience.md, the queue).
SEARCHING_ROLES = frozenset(
    {OpmRole.HR_DECIDER.value, OpmRole.PROGRAM_MANAGER.value, OpmRole.CASE_MANAGER.value}
)

# Who reads what people write to the program office. No rater does, whatever else they are: rating is blind.
_CARING = frozenset({OpmRole.CASE_MANAGER.value, OpmRole.PROGRAM_MANAGER.value})
_CARING_AND_HR = _CARING | {OpmRole.HR_DECIDER.value}
CASE_READERS = {
    **dict.fromkeys(CaseTopic.values, _CARING),
    CaseTopic.INFORMATION.value: _CARING_AND_HR,
    CaseTopic.REVIEW_REQUEST.value: _CARING_AND_HR,
}
# Who answers. A decision is reviewed by those who may set it aside.
CASE_WORKERS = CASE_READERS | {
    CaseTopic.REVIEW_REQUEST.value: frozenset({OpmRole.HR_DECIDER.value, OpmRole.PROGRAM_MANAGER.value})
}
CLOSED_IS_NEWS = datetime.timedelta(days=14)
"""How long a case that ended stands on the person's first page."""

# A request for an accommodation reaches nobody who also decides about people.
CASE_BARRED = {
    **dict.fromkeys(CaseTopic.values, frozenset({OpmRole.REVIEWER.value})),
    CaseTopic.ACCOMMODATION.value: frozenset({OpmRole.REVIEWER.value, OpmRole.HR_DECIDER.value}),
}

# Who considers people for an opening, and so speaks with them.
CONSIDERS = (AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)

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


def may_search_texts(user: Any) -> bool:
    roles: frozenset[str] = getattr(user, "opm_roles", frozenset())
    return bool(roles & SEARCHING_ROLES) and OpmRole.REVIEWER not in roles


class DocumentTextQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the search of staff: submitted applications, never of someone from whom one is recused."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        if not may_search_texts(user):
            return self.none()
        return self.filter(staff_part(user, "document__application__")).exclude(
            document__application__applicant__user=user
        )

    def searchable(self) -> Self:
        """The résumés that count now."""
        return self.filter(document__status=DocumentStatus.CLEAN)

    def matching(self, query: Any) -> Self:
        return self.filter(words=query)


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


def case_topics(roles: frozenset[str], by_topic: Mapping[str, frozenset[str]] = CASE_READERS) -> list[str]:
    """Topics of the cases that these roles read, or those of another table of roles by topic."""
    return [topic for topic, wanted in by_topic.items() if roles & wanted and not roles & CASE_BARRED[topic]]


def cases_seen_by(user: Any, thread: str = "") -> Q:
    """The condition on a row whose case stands at the path `thread`: the person's own; for OPM those of the topics
    that the role reads, drafts included, of people from whom the user is not recused."""
    if not is_known(user):
        return Q(pk__in=[])
    if user.is_system:
        return Q()
    person = f"{thread}application__applicant"
    own = Q(**{f"{person}__user": user})
    topics = case_topics(user.opm_roles)
    if not topics:
        return own
    return own | (Q(**{f"{thread}topic__in": topics}) & ~stands_aside(user, person))


class CaseThreadQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(cases_seen_by(user))

    def of_person(self, user: Any) -> Self:
        return self.filter(application__applicant__user=user)

    def not_closed(self) -> Self:
        return self.filter(status__in=OPEN_CASE_STATES)

    def current(self) -> Self:
        """Open, or closed not long ago."""
        return self.filter(Q(status__in=OPEN_CASE_STATES) | Q(closed_at__gt=timezone.now() - CLOSED_IS_NEWS))

    def moving(self) -> Self:
        """Somebody has to write, by a date."""
        return self.filter(status__in=MOVING_CASE_STATES)

    def for_office(self, user: Any) -> Self:
        """What waits for an answer that `user` may give: never about themselves."""
        mine = self.visible_to(user).filter(
            status=CaseStatus.OPEN, topic__in=case_topics(user.opm_roles, CASE_WORKERS)
        )
        return mine.exclude(application__applicant__user=user)


class CaseMessageQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(cases_seen_by(user, "thread__"))
