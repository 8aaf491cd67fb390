"""Cases and other work about the same person at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from applicants.models import CaseThread, CaseTopic
from applicants.services import open_case
from applicants.services.cases.accommodation import follow_accommodation
from applicants.services.cases.threads import refuse_flood
from applicants.services.review import _decide_again
from techforce.accounts.models import OpmRole
from techforce.core.errors import Conflict
from tests.applicants.asking import rated
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import ApplicationFactory, CaseThreadFactory


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_to_us_does_not_stop_a_form_that_begins_a_case() -> None:
    application = ApplicationFactory()
    person = application.applicant.user

    def saves() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = 1000")
            CaseThreadFactory(application=application)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        refuse_flood(application.applicant_id, person)
        other.submit(saves).result()

    assert CaseThread.objects.exists()


@pytest.mark.django_db
def test_a_request_made_before_applying_is_the_one_of_the_application_too() -> None:
    person = UserFactory()
    before = open_case(
        application=None, topic=CaseTopic.ACCOMMODATION, body="A", by=person, legal_name="Robin Reyes"
    )
    application = ApplicationFactory(applicant=before.applicant, has_accommodation_request=True)

    follow_accommodation(application, person)
    after = open_case(application=application, topic=CaseTopic.ACCOMMODATION, body="B", by=person)

    assert after == before
    assert list(before.messages.order_by("pk").values_list("body", flat=True)) == ["A", "B"]


@pytest.mark.django_db
def test_a_request_of_a_draft_is_the_one_that_the_question_page_goes_on_with() -> None:
    application = ApplicationFactory(has_accommodation_request=True)
    person = application.applicant.user
    follow_accommodation(application, person)

    after = open_case(application=None, topic=CaseTopic.ACCOMMODATION, body="B", by=person)

    assert CaseThread.objects.get() == after


@pytest.mark.django_db
def test_of_two_who_decide_again_at_once_the_second_is_told() -> None:
    """Both saw results that were set aside; the first one has decided while the second waited for the lock."""
    with pytest.raises(Conflict, match="just decided"):
        _decide_again(rated("software"), opm_staff(OpmRole.HR_DECIDER))
