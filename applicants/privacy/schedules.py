"""When applications and what raters wrote are destroyed (domain.md §5.3).

Applications, GRS 2.1/060: one year after the final action, and no longer (read). Interview records, GRS 2.1/090: two
years after the case is closed (the item read, the period from general knowledge: to be confirmed). Who was placed goes
to the personnel folder with their application; the copy here goes by `placements.privacy`. Questions before applying,
GRS 6.5/010: one year after they were answered (general knowledge: to be confirmed). Recusals of those who decide
are kept like ethics records, GRS 2.8/010: six years (read).
"""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applicants.models import (
    Applicant,
    Application,
    ApplicationStatus,
    CaseMessage,
    CaseStatus,
    CaseThread,
    Interview,
    Rating,
    Recusal,
)
from applicants.privacy.contents import (
    NO_NAME,
    destroy_application,
    destroy_cases,
    empty_profile,
    unneeded_profiles,
)
from techforce.core.models import AuditEvent
from techforce.core.records.destruction import destroy_rows, register_person
from techforce.core.records.disposition import Schedule, register_schedule, years_before

FINAL_STATES = (ApplicationStatus.NOT_QUALIFIED, ApplicationStatus.LAPSED, ApplicationStatus.WITHDRAWN)
RATED_STATES = (*FINAL_STATES, ApplicationStatus.PLACED)
"""What raters wrote goes with the case, also of those who were placed."""

FINAL_ACTION = "serving"
"""The state of a cohort in which nobody is chosen any more."""

APPLYING = _("Applications")

register_person(Applicant, "user")


def final_action(cohort: str, limit: datetime.date) -> Exists:
    """The cohort at this path went to its final action by `limit`."""
    return Exists(
        AuditEvent.objects.filter(
            subject_type="program.cohort",
            subject_id=OuterRef(cohort),
            to_state=FINAL_ACTION,
            at__date__lte=limit,
        )
    )


def over_since(
    day: datetime.date, years: int, states: tuple[ApplicationStatus, ...] = FINAL_STATES
) -> QuerySet[Application]:
    """Applications of which the last word was spoken so many years before `day`: their own, and their cohort's."""
    limit = years_before(day, years)
    is_over = Q(decided_at__isnull=True) | Q(decided_at__date__lte=limit)
    is_left = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__date__lte=limit)
    return Application.objects.filter(final_action("cohort", limit), is_over, is_left, status__in=states)


def subjects_of_application(application: Application) -> tuple[Any, ...]:
    """A hold on any of these keeps what hangs on the application."""
    return (application, application.applicant, application.applicant.user)


def _forget_the_place(interview: Interview) -> None:
    Interview.objects.filter(pk=interview.pk).update(place="")


def _ended_before_applying(day: datetime.date) -> QuerySet[CaseThread]:
    """Conversations without an application that ended a year before `day`, or were answered and then left."""
    limit = years_before(day, 1)
    later = CaseMessage.objects.filter(thread=OuterRef("pk"), created_at__date__gt=limit)
    is_left = Q(status=CaseStatus.ANSWERED, created_at__date__lte=limit) & ~Q(Exists(later))
    ended = Q(status=CaseStatus.CLOSED, closed_at__date__lte=limit)
    return CaseThread.objects.filter(ended | is_left, application__isnull=True)


def _left_over(day: datetime.date) -> QuerySet[Applicant]:
    """Profiles that outlived the last application, because a case or a record of service still named the person."""
    is_told = ~Q(phone="") | ~Q(city="") | ~Q(state="") | ~Q(preferred_name="")
    is_named = Q(user__is_active=False) & ~Q(legal_name=NO_NAME)
    destroyed = Application.objects.filter(applicant=OuterRef("pk"), destroyed_at__isnull=False)
    is_over = Q(Exists(destroyed)) | Q(user__is_active=False)
    return unneeded_profiles().filter(is_told | is_named, is_over)


register_schedule(
    Schedule(
        label="profiles",
        title=_("Contact details"),
        family=APPLYING,
        authority="GRS 2.1/060",
        due=_left_over,
        destroy=empty_profile,
        subjects=lambda applicant: (applicant.user,),
        is_confirmed=True,
    )
)
register_schedule(
    Schedule(
        label="applications",
        title=_("Applications"),
        family=APPLYING,
        authority="GRS 2.1/060",
        due=lambda day: over_since(day, 1).filter(destroyed_at__isnull=True),
        destroy=destroy_application,
        subjects=subjects_of_application,
        is_confirmed=True,
    )
)
register_schedule(
    Schedule(
        label="questions_before_applying",
        title=_("Questions of people who have not applied"),
        family=APPLYING,
        authority="GRS 6.5/010",
        due=_ended_before_applying,
        destroy=lambda thread: destroy_cases(CaseThread.objects.filter(pk=thread.pk)),
        subjects=lambda thread: (thread, thread.applicant, thread.applicant.user),
        gone=(CaseThread, CaseMessage),
    )
)
register_schedule(
    Schedule(
        label="ratings",
        title=_("Ratings"),
        family=APPLYING,
        authority="GRS 2.1/090",
        due=lambda day: Rating.objects.filter(application__in=over_since(day, 2, RATED_STATES)),
        destroy=lambda rating: destroy_rows(Rating.objects.filter(pk=rating.pk)),
        subjects=lambda rating: subjects_of_application(rating.application),
        gone=(Rating,),
    )
)
register_schedule(
    Schedule(
        label="interviews",
        title=_("Places of interviews"),
        family=APPLYING,
        authority="GRS 2.1/090",
        due=lambda day: Interview.objects.filter(application__in=over_since(day, 2, RATED_STATES)).exclude(
            place=""
        ),
        destroy=_forget_the_place,
        subjects=lambda interview: subjects_of_application(interview.application),
    )
)
register_schedule(
    Schedule(
        label="recusals",
        title=_("Recusals of those who decide"),
        family=_("Ethics"),
        authority="GRS 2.8/010",
        due=lambda day: Recusal.objects.filter(ended_at__date__lte=years_before(day, 6)),
        destroy=lambda recusal: destroy_rows(Recusal.objects.filter(pk=recusal.pk)),
        subjects=lambda recusal: tuple(each for each in (recusal.user, recusal.applicant) if each),
        gone=(Recusal,),
        is_confirmed=True,
    )
)
