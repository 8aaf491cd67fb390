"""The conditions that all tables of this app share: the person, OPM by role, and from whom one stands aside."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from applicants.workflow import ApplicationStatus
from techforce.accounts.models import OpmRole
from techforce.core.querysets import IsOneOf, is_known

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
