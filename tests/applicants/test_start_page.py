"""The page where an application begins: which cohort it is for, and every way back to what was begun."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application
from tests.applicants.filling import Person, at, draft, open_cohort, words
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import ApplicantFactory

pytestmark = pytest.mark.django_db

APPLY = "/apply/"
DAY = datetime.timedelta(days=1)


def test_whoever_has_more_time_finds_the_draft_after_the_window_closed() -> None:
    application = draft()
    with time_machine.travel(application.cohort.closes_at + DAY, tick=False):
        Application.objects.update(extended_until=timezone.now() + DAY)
        person = Person(application.applicant.user)
        page = words(person.get(APPLY))
        assert "Applications are closed" in page
        assert f'{at(application, "review")}">Continue it' in page
        assert f'{at(application, "review")}">Finish and submit' in words(
            person.get(reverse("my_application"))
        )


def test_an_application_begins_in_the_cohort_of_the_opening_from_which_the_person_came() -> None:
    open_cohort(name="First to close", closes_at=timezone.now() + 3 * DAY)
    later = open_cohort(name="Later", closes_at=timezone.now() + 30 * DAY)
    opening = PublishedOpeningFactory(cohort=later)
    person = Person(ApplicantFactory().user)
    answer = person.post(f"{APPLY}?opening={opening.public_id}", {})
    assert answer["Location"] == reverse("opening", args=[opening.public_id])
    assert Application.objects.get().cohort == later


def test_each_cohort_that_takes_applications_can_be_chosen() -> None:
    first = open_cohort(name="First to close", closes_at=timezone.now() + 3 * DAY)
    later = open_cohort(name="Later", closes_at=timezone.now() + 30 * DAY)
    person = Person(ApplicantFactory().user)
    assert f'<a href="?cohort={later.slug}">Apply to Later</a>' in words(person.get(APPLY))
    person.post(f"{APPLY}?cohort={later.slug}", {})
    person.post(APPLY, {})
    assert set(Application.objects.values_list("cohort__name", flat=True)) == {first.name, later.name}
    assert "You have begun another application" in words(person.get(APPLY))


@pytest.mark.parametrize("slug", ["no-such", "'"])
def test_a_cohort_that_does_not_exist_is_as_if_none_was_named(slug: str) -> None:
    cohort = open_cohort(name="The only one")
    page = words(Person(ApplicantFactory().user).get(f"{APPLY}?cohort={slug}"))
    assert cohort.name in page
