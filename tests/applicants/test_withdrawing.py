"""The day between asking to withdraw and the withdrawal: nothing is decided about the person, and nobody else waits."""

import datetime

import pytest
from django.utils import timezone

from applicants.services import decide_application, lapse_expired, request_withdrawal
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import TransitionRefused
from techforce.core.workflow import transition
from tests.factories.accounts import opm_staff
from tests.factories.applicants import QualifiedApplicationFactory, SubmittedApplicationFactory

pytestmark = pytest.mark.django_db

A_YEAR = datetime.timedelta(days=365)


def test_a_person_who_is_leaving_stops_neither_the_sweep_nor_is_decided_about() -> None:
    """Within the day in which a withdrawal can be undone the application keeps its state."""
    leaving, ended = QualifiedApplicationFactory(), QualifiedApplicationFactory()
    yesterday = today() - datetime.timedelta(days=1)
    for application in (leaving, ended):
        application.outcomes.update(decided_on=yesterday - A_YEAR, expires_on=yesterday)
    request_withdrawal(application=leaving, by=leaving.applicant.user)

    assert lapse_expired(by=User.objects.system()) == 1

    leaving.refresh_from_db()
    assert leaving.status == "qualified"
    with pytest.raises(TransitionRefused, match="asked to withdraw"):
        transition(leaving, "place", by=User.objects.system())


def test_whoever_decides_is_told_that_the_person_is_leaving() -> None:
    application = SubmittedApplicationFactory(
        status="in_review", withdraws_at=timezone.now() + datetime.timedelta(hours=20)
    )
    with pytest.raises(TransitionRefused, match="asked to withdraw"):
        decide_application(
            application=application, reason_code="experience", by=opm_staff(OpmRole.HR_DECIDER)
        )
