"""Placements and what belongs to a term."""

import datetime

import factory
from django.utils import timezone

from placements import models
from placements.services.placement import end_of_term
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.partners import ConfirmedNominationFactory
from tests.factories.placements.selecting import SelectionFactory

ONE_YEAR = datetime.timedelta(days=365)


class PlacementFactory(factory.django.DjangoModelFactory):
    """Pending checks, of someone from outside, for 24 months from today."""

    class Meta:
        model = models.Placement

    selection = factory.SubFactory(SelectionFactory, status="accepted")
    applicant = factory.SelfAttribute("selection.applicant")
    opening = factory.SelfAttribute("selection.opening")
    cohort = factory.SelfAttribute("selection.cohort")
    starts_on = factory.LazyFunction(today)
    initial_ends_on = factory.LazyAttribute(lambda row: end_of_term(row.starts_on, row.cohort.term_months))
    ends_on = factory.SelfAttribute("initial_ends_on")
    term_months = factory.SelfAttribute("cohort.term_months")
    mechanism_limit_months = factory.SelfAttribute("cohort.mechanism_limit_months")


class LentPlacementFactory(PlacementFactory):
    """Of a nominee on leave of absence, whose terms are not on file yet."""

    kind = "leave_of_absence"
    nomination = factory.SubFactory(
        ConfirmedNominationFactory,
        cohort=factory.SelfAttribute("..cohort"),
        nominee=factory.SelfAttribute("..applicant.user"),
    )


class ActivePlacementFactory(PlacementFactory):
    status = "active"
    entry_recorded_at = factory.LazyFunction(timezone.now)


class EndedPlacementFactory(ActivePlacementFactory):
    """Completed a year ago, after twelve months."""

    status = "completed"
    starts_on = factory.LazyFunction(lambda: today() - 2 * ONE_YEAR)
    ended_on = factory.LazyFunction(lambda: today() - ONE_YEAR)
    end_recorded_at = factory.LazyFunction(timezone.now)


class PlacementExtensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PlacementExtension

    placement = factory.SubFactory(ActivePlacementFactory)
    previous_ends_on = factory.SelfAttribute("placement.ends_on")
    new_ends_on = factory.LazyAttribute(lambda row: row.previous_ends_on + datetime.timedelta(days=90))
    approved_by = factory.SubFactory(UserFactory)
    approved_on = factory.LazyFunction(today)


class StartExceptionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.StartException

    placement = factory.SubFactory(PlacementFactory)
    authority = "Agency head"
    reason = "The office would stand still."
    open_codes = factory.LazyFunction(lambda: ["V20"])
    approved_by = factory.SubFactory(UserFactory)
    effective_on = factory.LazyFunction(today)
    approved_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=7))


class VettingWaiverFactory(factory.django.DjangoModelFactory):
    """Needs an opening whose sensitivity allows a waiver."""

    class Meta:
        model = models.VettingWaiver

    placement = factory.SubFactory(PlacementFactory)
    issued_by = "Deputy Secretary"
    emergency = "A system of national importance would fail."
    issued_on = factory.LazyFunction(today)
    expires_on = factory.LazyFunction(lambda: today() + datetime.timedelta(days=180))
    document_reference = "VW-1"


class TrainingCourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TrainingCourse

    code = factory.Sequence(lambda n: f"course-{n}")
    title = "Initial ethics training"


class TrainingEnrollmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TrainingEnrollment

    course = factory.SubFactory(TrainingCourseFactory)
    placement = factory.SubFactory(PlacementFactory)


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CalendarFeed

    user = factory.SubFactory(UserFactory)
    token_hash = factory.Sequence(lambda n: f"{n:064x}")
