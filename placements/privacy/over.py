"""Which records of selection and service are over, since when, and whom a legal hold on them concerns."""

import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from applicants.models import Application
from applicants.privacy.schedules import final_action, subjects_of_application
from placements.models import Certificate, Offer, Placement, Selection
from placements.workflow import ENDED_STATES
from techforce.core.records.disposition import years_before


def service_over(day: datetime.date, years: int) -> Q:
    """Placements whose service ended so many years before `day`, and those that fell through then."""
    limit = years_before(day, years)
    has_ended = Q(status__in=ENDED_STATES, ended_on__lte=limit)
    return has_ended | Q(status="fell_through", closed_at__date__lte=limit)


def placements_over(day: datetime.date, years: int) -> QuerySet[Placement]:
    return Placement.objects.filter(service_over(day, years))


def vetted_before(day: datetime.date) -> QuerySet[Placement]:
    """Five years after service; one year for those who never entered on duty."""
    not_hired = Q(status="fell_through") & service_over(day, 1)
    return Placement.objects.filter(service_over(day, 5) | not_hired)


def selections_over(day: datetime.date, years: int) -> QuerySet[Selection]:
    """Of cohorts in which nobody has been chosen for so many years, with all service that came of them."""
    limit = years_before(day, years)
    going_on = Placement.objects.filter(selection=OuterRef("pk")).exclude(service_over(day, years))
    is_closed = Q(closed_at__isnull=True) | Q(closed_at__date__lte=limit)
    return Selection.objects.filter(final_action("cohort", limit), is_closed).exclude(Exists(going_on))


def has_offers(path: str) -> Exists:
    """An offer rests on the selection at this path (I17): what cleared it stays as long."""
    return Exists(Offer.objects.filter(selection=OuterRef(path)))


def certificates_over(day: datetime.date, years: int) -> QuerySet[Certificate]:
    """Vacancy case files, when nothing came of them that is still kept, and the applications in them have gone
    (GRS 2.1/060 before 2.1/050)."""
    limit = years_before(day, years)
    kept = Application.objects.filter(
        certificate_entries__certificate=OuterRef("pk"), destroyed_at__isnull=True
    )
    used = Selection.objects.filter(referral__certificate=OuterRef("pk"))
    found = Certificate.objects.filter(final_action("cohort", limit), replaced_by__isnull=True)
    return found.exclude(Exists(kept)).exclude(Exists(used))


def served_applications(day: datetime.date) -> QuerySet[Application]:
    """Applications of people whose service ended a year ago, whether its own record still stands or not: the personnel
    folder has the original."""
    going_on = Placement.objects.filter(applicant=OuterRef("applicant")).exclude(service_over(day, 1))
    is_over = final_action("cohort", years_before(day, 1))
    found = Application.objects.filter(is_over, status="placed", destroyed_at__isnull=True)
    return found.exclude(Exists(going_on))


# ── Holds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def subjects_of_selection(selection: Selection) -> tuple[Any, ...]:
    """A hold on any of these keeps what hangs on the selection."""
    return (selection, *subjects_of_application(selection.application))


def subjects_of_placement(placement: Placement) -> tuple[Any, ...]:
    """A hold on any of these keeps what hangs on the placement."""
    chosen = subjects_of_selection(placement.selection) if placement.selection else ()
    lent = (placement.nomination,) if placement.nomination else ()
    return (placement, placement.applicant, placement.applicant.user, *chosen, *lent)
