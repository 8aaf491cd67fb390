"""What a nomination keeps of a person who erases their account."""

import pytest

from applicants.models import Application
from partners.models import Nomination
from techforce.accounts.models import OpmRole
from techforce.core import privacy
from tests.factories.accounts import opm_staff
from tests.factories.applicants import ApplicationFactory, SubmittedApplicationFactory
from tests.factories.partners import ConfirmedNominationFactory

pytestmark = pytest.mark.django_db


def nominated(application: Application, status: str) -> Nomination:
    return ConfirmedNominationFactory(
        nominee=application.applicant.user, cohort=application.cohort, application=application, status=status
    )


@pytest.mark.parametrize(("status", "then"), [("confirmed", "confirmed"), ("active", "closed")])
def test_a_nomination_lets_go_of_a_draft(status: str, then: str) -> None:
    draft = ApplicationFactory()
    nomination = nominated(draft, status)

    privacy.erase_person(draft.applicant.user, by=opm_staff(OpmRole.RECORDS_OFFICER))

    nomination.refresh_from_db()
    assert (nomination.status, nomination.application) == (then, None)
    assert nomination.nominee.full_name == "Robin Reyes"  # the nomination is a record that names them
    assert not Application.objects.exists()


def test_it_keeps_a_submitted_application() -> None:
    application = SubmittedApplicationFactory()
    nomination = nominated(application, "active")

    privacy.erase_person(application.applicant.user, by=opm_staff(OpmRole.RECORDS_OFFICER))

    nomination.refresh_from_db()
    assert (nomination.status, nomination.application) == ("active", application)
